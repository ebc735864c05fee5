#include "host/cpu_tables.h"

#include "nicteam/host/cpu_core.h"

namespace nicteam::host {
namespace {
// Order of the rows in front of the generated ones: enum class cost is their index.
template <unsigned I>
void store_cost(void* config, const value& v) { static_cast<cpu_config*>(config)->costs[I] = static_cast<std::uint64_t>(v.integer); }

constexpr parameter_info parameters[] = {
    {"clock", quantity::period, "500 MHz", "1 MHz", "10 GHz", nullptr, "CPU clock", "choice: a server CPU of the 82559's years", store<&cpu_config::period>},
    {"interrupts", quantity::choice, "any_cycle", nullptr, nullptr, "any_cycle|at_end",
     "an interrupt is taken at the next cycle, or only where a piece of work ends", "choice: CPUs take interrupts between instructions",
     store<&cpu_config::interrupts>},
    {"nesting", quantity::choice, "priority", nullptr, nullptr, "priority|none",
     "a line of lower number interrupts a handler, or no line does", "Intel 8259A datasheet, fully nested mode", store<&cpu_config::nesting>},
#define NICTEAM_COST(name, cycles, meaning, source) \
    {"cost_" #name, quantity::count, #cycles, "0", "1000000000", nullptr, "CPU cycles: " meaning, source, store_cost<static_cast<unsigned>(cost::name)>},
#include "host/costs.def"
};

constexpr metric_info metrics[] = {
    {"busy", "ps", "1 while the CPU executes or stalls, 0 while idle; its integral is busy time", metric_info::level},
    {"interrupts", "interrupts", "interrupts taken"},
    {"spurious", "interrupts", "interrupts taken for which no handler found work"},
    {"read_stall", "ps", "time that the CPU stood still for reads and unposted writes"},
    {"write_stall", "ps", "time that the CPU stood still because the posted write buffer was full"},
    {"reads", "accesses", "reads and unposted writes over a bus"},
    {"writes", "accesses", "posted writes"},
    {"aborts", "accesses", "accesses that ended with master or target abort"},
    {"stalled", "ps", "time lost to the fault `stall`"},
    {"work", "pieces", "pieces of work taken up by the main loop"},
    {"lock_wait", "ps", "time spent spinning for locks"},
#define NICTEAM_COST(name, cycles, meaning, source) {"cycles_" #name, "cycles", meaning},
#include "host/costs.def"
    {"cycles_other", "cycles", "operations without a row of their own"},
};
static_assert(sizeof metrics / sizeof *metrics == cpu_metric_count + cost_count + 1);

constexpr const char* states[] = {"idle", "busy", "interrupt", "reading", "stalled", nullptr};
constexpr probe_info probes[] = {
    {"state", 0, states, "what the CPU does"},
    {"interrupt_depth", 4, nullptr, "handlers on the stack"},
};
constexpr fault_info faults[] = {
    {"stall", "", "the CPU executes nothing while the fault lasts (a system management interrupt, a debugger)"},
};
}  // namespace

const block_info cpu_info = {"cpu", "a CPU that software costs cycles", parameters, metrics, probes, faults, {}, {}, {}};

}  // namespace nicteam::host
