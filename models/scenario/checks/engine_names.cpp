// Cores that a nic's crypto block or a crypto card is given by name, whether the block is there or not.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nicteam/offload/engine_cores.h"
#include "scenario/language/values.h"
#include "scenario/reading/steps.h"

namespace nicteam::scenario {
namespace {

// Whoever gives a number means how many.
constexpr const char* as_names = ": engines are named, two that are alike as [\"sha1\", \"sha1\"]";
bool is_number(const std::string& name) { return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos; }

}  // namespace

void check_engine_names(const resolved& r, problems& found) {
    std::vector<std::string> cores;
    for (const offload::engine_core& c : offload::engine_cores) cores.emplace_back(c.name);
    for (const component& c : r.components)
        for (const char* key : {"crypto.engines", "crypto.transmit_engines", "engines"}) {
            const setting* s = c.find(key);
            if (!s || s->row->kind != quantity::list) continue;
            std::string why;
            for (const std::string& name : s->value.list)
                if (!offload::core_named(name))
                    why += fmt::format("{}there is no engine \"{}\"{}", why.empty() ? "" : "; ", name, is_number(name) ? as_names : did_you_mean(name, cores));
            if (!why.empty())                          // the block would say the same once more
                found.add_last(s->given() ? s->at : c.at, fmt::format("{}: {}; allowed: {}", label(c, *s), why, fmt::join(cores, ", ")));
        }
}

}  // namespace nicteam::scenario
