#include "scenario/checks/bundle_checks.h"

#include "scenario/relations/place_of.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "scenario/relations/contradiction.h"
#include "scenario/checks/ring_checks.h"
#include "scenario/relations/security.h"

namespace nicteam::scenario {
namespace {

bool is(const component* c, std::string_view kind) { return c && c->kind->name == kind; }

// Of what is outside the packets that it selects; 0: its prefixes are none, as has been told.
unsigned version_of(const component& policy, const resolved& r) {
    return has_prefixes(policy) ? policy_of(policy, r).which.destination.address.version : 0;
}

// A tunnel takes either version and makes its own of it; transport mode keeps that of the packet.
void check_versions(const component& c, const resolved& r, const std::function<void(std::string)>& wrong) {
    unsigned version = version_of(c, r);
    for (const std::string& name : c.list("bundle")) {
        const component* sa = r.find(name);
        if (!version || !is(sa, "sa")) return;
        const unsigned own = sa->text("ip_version") == "ipv6" ? 6 : 4;
        if (sa->text("mode") == "transport" && own != version)
            return wrong(fmt::format("{} is of IPv{} in transport mode, and what it would protect is IPv{}; allowed: sa.ip_version = \"ipv{}\", or sa.mode = "
                                     "\"tunnel\"",
                                     name, own, version, version));
        version = own;
    }
}

}  // namespace

void check_bundle(const component& c, const resolved& r, problems& found) {
    const bool protects = c.text("action") == "protect";
    const setting &action = *c.find("action"), &list = *c.find("bundle");
    const auto& bundle = list.value.list;
    const position at = list.given() ? blamed(list, action) : place_of(c, "action");
    const auto wrong = [&](const std::string& why) { found.add(place_of(c, "bundle"), "policy.bundle: " + why); };
    if (protects == bundle.empty() && !action.refused)
        found.add(at, protects ? fmt::format("policy: {}: protects with nothing: bundle names the associations", c.path)
                               : fmt::format("policy.bundle: {} protects nothing: its action is {}", c.path, c.text("action")));
    const component* from = r.find(c.text("from"));
    for (std::size_t n = 0; is(from, "host") && held_by_sender(c) && n + 1 < bundle.size(); ++n)
        if (const component* sa = r.find(bundle[n]); is(sa, "sa") && !put_on_by_cpu(*sa))
            wrong(fmt::format("{}: {} is put on by a device, and others behind it: a command of a device names one association, the outermost; the others want "
                              "software = \"from\"",
                              c.path, bundle[n]));
    for (auto name = bundle.begin(); name != bundle.end(); ++name) {
        if (const component* sa = r.find(*name); is(sa, "sa") && sa->text("from") != c.text("from"))
            wrong(fmt::format("{} begins at {}, not at {}", *name, sa->text("from"), c.text("from")));
        if (std::find(bundle.begin(), name, *name) != name) wrong(fmt::format("{} stands twice; an association is put on a packet once", *name));
    }
    if (from && r.find(c.text("to"))) check_versions(c, r, wrong);
}

}  // namespace nicteam::scenario
