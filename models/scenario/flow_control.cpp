// Flow control that could stop nobody: refused where the scenario says so, noted where the two ends did not come to terms.
#include "scenario/flow_control.h"

#include <fmt/format.h>

#include "nicteam/nic/flow_control.h"
#include "scenario/identities.h"
#include "scenario/link_duplex.h"
#include "scenario/steps.h"
#include "scenario/values.h"

namespace nicteam::scenario {
namespace {

bool is(const component& c, const char* kind) { return std::string_view(c.kind->name) == kind; }

bool sends_pause(const component& nic) { return nic.integer("driver.flow_control"); }

bool takes_pause(const component& other) {
    if (is(other, "peer")) return other.integer("pause");
    return is(other, "nic") && other.text("identity") != "82557" && other.text("identity") != "82558";      // their PHYs offer none
}

void check_nic(const component& c, const resolved& r, problems& found) {
    const setting& on = *c.find("driver.flow_control");
    const auto refuse = [&](const setting& s, const std::string& why) {
        found.add(s.given()    ? s.at
                  : on.given() ? on.at
                               : c.at,
                  fmt::format("{} = {}: {}", label(c, s), scenario::to_toml(*s.row, s.value), why));
    };
    const auto config = c.configure<nic::nic_config>(nic::nic_info);
    if (!nic::has_flow_control(config.identity))
        return refuse_of_identity(c, on, "true", "an 82557 knows no PAUSE frames", "false", but_an_82557(), found);
    const setting& threshold = *c.find("driver.flow_control_threshold");
    const std::uint32_t left = nic::pause_threshold(static_cast<unsigned>(threshold.value.integer));
    const bool of_142 = c.integer("crypto.enable");       // decision 117
    const auto size = of_142 ? c.integer("crypto.buffer_142") : static_cast<std::int64_t>(config.rx_fifo);
    if (left >= size && size)
        refuse(threshold, fmt::format("the {0} counts as full at {1} B free, and its size is {2} B ({3}): it would never have room; "
                                      "allowed: a lower threshold, or a larger {0}",
                                      of_142 ? "buffer" : "FIFO", left, size, of_142 ? "crypto.buffer_142" : "nic.rx_fifo"));
    if (const setting& delay = *c.find("driver.flow_control_delay"); delay.value.integer == 0)
        refuse(delay, "a PAUSE of 0 slots stops nobody; allowed: 1 … 65535");
    const component* link = link_of(c, r);
    const component* other = link ? other_end(c, *link, r) : nullptr;
    if (!other) return;
    if (const std::string why = half_duplex_because(*link, *other); !why.empty())
        refuse(on, fmt::format("there are no PAUSE frames in half duplex, and {}; allowed: false, or a full-duplex link", why));
}

}  // namespace

void check_flow_control(const resolved& r, problems& found) {
    for (const component* c : r.of_kind("nic"))
        if (sends_pause(*c)) check_nic(*c, r, found);
}

std::vector<std::string> flow_control_notes(const resolved& r, sim::session& s) {
    std::vector<std::string> notes;
    const auto count = [&](const std::string& path) -> std::uint64_t {
        for (const sim::bound_metric& m : s.metrics())
            if (m.path == path && m.as_counter) return m.as_counter->value();
        return 0;
    };
    for (const component* c : r.of_kind("nic")) {
        if (!sends_pause(*c)) continue;
        const std::uint64_t unheard = count(c->path + ".tx_pauses_unheard"), withheld = count(c->path + ".tx_pauses_withheld");
        const component* link = link_of(*c, r);
        const component* other = link ? other_end(*c, *link, r) : nullptr;
        const bool deaf = other && !takes_pause(*other);
        // An 82558's PHY offers none, but its Configure bits may take what comes.
        const bool takes_unasked = other && is(*other, "nic") && other->text("identity") == "82558" && sends_pause(*other);
        if (deaf && takes_unasked) {
            notes.push_back(
                fmt::format("{}: {} has not agreed to take PAUSE frames and takes them all the same: {} sent (tx_pauses_unheard)", c->path,
                            other->path, unheard));
            continue;
        }
        if (deaf || unheard)
            notes.push_back(fmt::format("{}: {} has not agreed to take PAUSE frames: {}", c->path, other ? other->path : "the other end",
                                        unheard ? fmt::format("{} stopped nobody (tx_pauses_unheard)", unheard) : "none was sent, and it would stop nobody"));
        if (withheld)
            notes.push_back(fmt::format("{}: {} PAUSE frames were asked for in half duplex, where there are none (tx_pauses_withheld)",
                                        c->path, withheld));
    }
    return notes;
}

}  // namespace nicteam::scenario
