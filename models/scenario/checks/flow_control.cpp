// Flow control that could stop nobody, refused.
#include <fmt/format.h>

#include "nicteam/nic/flow_control.h"
#include "scenario/checks/identities.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/link_duplex.h"

namespace nicteam::scenario {
namespace {

bool sends_pause(const component& nic) { return nic.integer("driver.flow_control"); }

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

}  // namespace nicteam::scenario
