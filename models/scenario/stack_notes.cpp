#include "scenario/stack_notes.h"

#include <fmt/format.h>

namespace nicteam::scenario {
namespace {

struct reason {
    const char *metric, *what;
};
constexpr reason reasons[] = {
    {"no_route", "went to an address that no interface reaches: no network of a nic (nic.address), and no gateway (host.stack.gateway)"},
    {"unresolved", "were dropped because nobody answered ARP, or too many waited"},
};

}  // namespace

std::vector<std::string> stack_notes(const resolved& r, sim::session& s) {
    std::vector<std::string> notes;
    for (const component* host : r.of_kind("host"))
        for (const reason& why : reasons) {
            const std::string path = fmt::format("{}.stack.{}", host->path, why.metric);
            for (const sim::bound_metric& m : s.metrics())
                if (m.path == path && m.as_counter && m.as_counter->value())
                    notes.push_back(fmt::format("{}: {} packets {} (stack.{})", host->path, m.as_counter->value(), why.what, why.metric));
        }
    return notes;
}

}  // namespace nicteam::scenario
