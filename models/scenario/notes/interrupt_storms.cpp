#include "scenario/notes/interrupt_storms.h"

#include <fmt/format.h>

#include "nicteam/report/decimal.h"

namespace nicteam::scenario {
namespace {

constexpr int large_share = 10;          // of which one part is a storm

}  // namespace

std::vector<std::string> interrupt_storms(const resolved& r, const report::run_result& result) {
    std::vector<std::string> notes;
    for (const component* cpu : r.of_kind("cpu")) {
        const report::metric_value *spurious = result.find(cpu->path + ".spurious"), *taken = result.find(cpu->path + ".interrupts");
        if (!spurious || !taken) continue;
        // What the handlers look at comes on top.
        const std::int64_t cycles = cpu->integer("cost_interrupt_entry") + cpu->integer("cost_interrupt_exit");
        const __int128 time = static_cast<__int128>(spurious->total) * cycles * cpu->integer("clock");
        if (!spurious->total || time * large_share < result.window()) continue;
        notes.push_back(fmt::format("{}: an interrupt storm: {} of {} interrupts found no handler with work ({}.spurious), and taking them took at "
                                    "least {} of its time: a device asks for it and cannot be quietened",
                                    cpu->path, report::grouped(spurious->total), report::grouped(taken->total), cpu->path,
                                    report::percent(time, result.window())));
    }
    return notes;
}

}  // namespace nicteam::scenario
