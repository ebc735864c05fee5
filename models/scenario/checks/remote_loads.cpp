#include "scenario/checks/remote_loads.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/ipsec/databases.h"
#include "nicteam/packet/ip.h"
#include "nicteam/secondary/remote_jobs_format.h"
#include "scenario/language/values.h"
#include "scenario/relations/loads.h"
#include "scenario/relations/parts.h"
#include "scenario/relations/place_of.h"
#include "scenario/relations/security.h"
#include "scenario/relations/teams.h"

namespace nicteam::scenario {
namespace {

constexpr unsigned most_sessions = 65'536;               // octets 8 and 9 of a request

class remote_checker {
public:
    remote_checker(const resolved& r, problems& found) : r_(r), found_(found) {}

    void check() {
        for (const component* c : r_.of_kind("job_server"))
            if (!c->path.empty() && c->parent && !first_interface(*host_of(c), r_)) wrong(*c, "service", "its host has no nic to be reached at");
        for (const load& l : loads_of(r_))
            if (l.of->kind->name == std::string_view("remote_load") && !l.of->path.empty() && l.service) check(l);
        if (r_.of_kind("remote_load").size() > most_sessions)
            found_.add(r_.of_kind("remote_load").back()->at,
                       fmt::format("more than {} of [[remote_load]]; allowed: as many as sessions have numbers", most_sessions));
    }

private:
    void wrong(const component& c, const char* key, const std::string& why) {
        const setting& s = *c.find(key);
        found_.add(place_of(c, key), fmt::format("{}.{} of {} = {}: {}", c.kind->name, key, c.path, to_toml(*s.row, s.value), why));
    }

    void check(const load& l) {
        const component &c = *l.of, &server = *server_of(c, r_), &there = *host_of(&server);
        if (&there == c.parent)
            return wrong(c, "server", fmt::format("is on {} itself; allowed: one of another host; for its own a crypto_load", c.parent->path));
        if (!first_interface(*c.parent, r_)) return wrong(c, "from", "has no nic to ask through");
        const std::int64_t buffer = l.config.sizes == 0 ? l.config.size : l.config.greatest_size;
        const std::int64_t longest = uses_ipsec(l.config) ? secondary::longest_packet(l.config) : buffer;
        if (longest > server.integer("longest"))
            wrong(c, l.config.sizes == 0 ? "size" : "greatest_size",
                  fmt::format("a job has up to {} B, and {} takes {} B at most (job_server.longest)", longest, server.path, server.integer("longest")));
        if (c.integer("in_the_clear")) return;
        const auto port = static_cast<std::uint16_t>(c.integer("port")), at = static_cast<std::uint16_t>(server.integer("port"));
        for (const auto& [from, to, source, destination] : {std::tuple(c.parent, &there, port, at), std::tuple(&there, c.parent, at, port)})
            if (const std::string why = readable(*from, *to, source, destination); !why.empty()) return wrong(c, "in_the_clear", why);
    }

    // Why anybody on the way may read these datagrams; empty: they are protected by a cipher (I-1).
    std::string readable(const component& from, const component& to, std::uint16_t source, std::uint16_t destination) const {
        std::vector<ipsec::policy> all;
        for (const component* p : r_.of_kind("policy"))
            if (p->text("from") == from.path && held_by_sender(*p)) {
                if (!has_prefixes(*p)) return {};
                all.push_back(policy_of(*p, r_));
            }
        ipsec::flow f;
        f.source = address_of(from.path, r_);
        f.destination = address_of(to.path, r_);
        f.protocol = packet::ip_protocol::udp;
        f.ports_known = true;
        f.source_port = source;
        f.destination_port = destination;
        const ipsec::policy_list list(all);
        const ipsec::policy* const p = all.empty() ? nullptr : list.find(f);
        const auto hides = [this](const std::string& name) {
            const component* sa = r_.find(name);
            return sa && sa->text("protocol") == "esp" && sa->text("cipher") != "null";
        };
        if (p && p->action == ipsec::policy_action::protect && std::any_of(p->bundle.begin(), p->bundle.end(), hides)) return {};
        const std::string how = !p ? "is protected by no policy" : p->action == ipsec::policy_action::protect ? "is not encrypted by " + p->name
                                                                                                           : "is not protected by " + p->name;
        return fmt::format("what goes from {} to {} (UDP, port {} to {}) {}; allowed: a policy that protects it with a cipher, or in_the_clear = true",
                           from.path, to.path, source, destination, how);
    }

    const resolved& r_;
    problems& found_;
};

}  // namespace

void check_remote_loads(const resolved& r, problems& found) { remote_checker(r, found).check(); }

}  // namespace nicteam::scenario
