#include "host/bridge.h"

namespace nicteam::host {
namespace {
constexpr parameter_info parameters[] = {
    {"devsel", quantity::choice, "medium", nullptr, nullptr, "fast|medium|slow", "DEVSEL# timing as a target",
     "PCI 2.2, 3.2.2; medium is what the bus tables assume",
     [](void* c, const value& v) { static_cast<bridge_config*>(c)->devsel = static_cast<unsigned>(v.integer); }},
    {"read_wait", quantity::count, "8", "0", "29", nullptr, "PCI clocks before the first word of a DMA read, above those of a zero-wait target",
     "choice: EDO or SDRAM page miss behind a 33 MHz bridge; PCI 2.2, 3.5.1.1 allows a host bridge 32 clocks from FRAME#", store<&bridge_config::read_wait>},
    {"read_next_wait", quantity::count, "0", "0", "7", nullptr, "PCI clocks before each later word of a read",
     "PCI 2.2, 3.5.2: at most 8 clocks; 0 as if the bridge had prefetched, whatever the read command", store<&bridge_config::read_next_wait>},
    {"write_wait", quantity::count, "0", "0", "29", nullptr, "PCI clocks before the first word of a DMA write", "choice: writes are posted",
     store<&bridge_config::write_wait>},
    {"write_next_wait", quantity::count, "0", "0", "7", nullptr, "PCI clocks before each later word of a write",
     "choice: writes are posted", store<&bridge_config::write_next_wait>},
    {"read_boundary", quantity::size, "4 KiB", "0 B", "1 MiB", nullptr, "a read tenure, of whatever read command, is disconnected at a multiple of this; 0 B: never",
     "choice: a page, as far as a bridge would prefetch", store<&bridge_config::read_boundary>},
    {"write_boundary", quantity::size, "4 KiB", "0 B", "1 MiB", nullptr, "a write tenure is disconnected at a multiple of this; 0 B: never", "choice: as reads",
     store<&bridge_config::write_boundary>},
    {"write_buffer", quantity::size, "0 B", "0 B", "64 KiB", nullptr,
     "posted DMA writes that the bridge holds; when full it disconnects, then retries; 0 B: memory keeps up",
     "choice: memory faster than the bus, as 64-bit memory at 66 MHz is (8 B in 15 ns against 4 B in 30 ns); PCI 2.2, 3.2.5: posting is "
     "the bridge's own affair", store<&bridge_config::write_buffer>},
    {"width", quantity::choice, "32", nullptr, nullptr, "32|64", "bits of AD that it uses as a target, on a bus that has them", "PCI 2.2, 3.8: ACK64#",
     store<&bridge_config::width>},
    {"drain", quantity::count, "1", "1", "64", nullptr,
     "PCI clocks per dword from the write buffer into memory; matters only with a write buffer",
     "choice: 1 keeps up with a burst without waits; EDO memory behind 60 ns accesses takes 2", store<&bridge_config::drain>},
    {"write_delay", quantity::count, "4", "0", "64", nullptr, "PCI clocks after which a CPU sees a DMA write in memory, unless it reads through the bridge",
     "choice: an interrupt may overtake posted data (PCI 2.2, 3.2.5)", store<&bridge_config::write_delay>},
    {"cpu_writes", quantity::count, "4", "1", "64", nullptr,
     "entries of each CPU's posted write buffer, each one access of at most 4 B; it drains at the speed of the bus",
     "choice: a few dwords, as bridges of the 82559's years post", store<&bridge_config::cpu_writes>},
    {"outbound", quantity::count, "2", "1", "64", nullptr,
     "PCI clocks from a CPU's access to the edge at which the bridge asks for the bus", "choice: synchroniser of two stages",
     store<&bridge_config::outbound>},
    {"inbound", quantity::count, "2", "0", "64", nullptr, "PCI clocks from a read's last data edge to the CPU",
     "choice: synchroniser of two stages", store<&bridge_config::inbound>},
    {"latency_timer", quantity::count, "64", "0", "255", nullptr, "the bridge's own latency timer as a master, PCI clocks",
     "choice: as firmware sets devices", store<&bridge_config::latency_timer>},
    {"retry_limit", quantity::count, "0", "0", "16777216", nullptr,
     "a CPU's access that was retried so often is given up, as if nobody had answered: a read is all ones, a write is lost; 0: never, and a CPU may wait for ever",
     "PCI 2.2, 3.3.3.2.2: a master repeats; bridges of those years count up to 2^24 retries and then discard (Intel 21150 datasheet)", store<&bridge_config::retry_limit>},
    {"parity", quantity::flag, "false", nullptr, nullptr, nullptr, "reports wrong parity that it receives: PERR#, of address phases SERR#",
     "choice: off, as command bits 6 and 8 of devices after a reset (PCI 2.2, 6.2.2)", store<&bridge_config::parity>},
    {"back_to_back", quantity::flag, "false", nullptr, nullptr, nullptr, "a posted write to the target of the write before follows without an idle clock",
     "PCI 2.2, 3.4.2: the master's own choice", store<&bridge_config::back_to_back>},
};
constexpr metric_info metrics[] = {
    {"dma_reads", "bursts", "tenures that read memory"},
    {"dma_writes", "bursts", "tenures that wrote memory"},
    {"dma_read_bytes", "B", "bytes read from memory over the bus"},
    {"dma_written_bytes", "B", "bytes written to memory over the bus"},
    {"write_buffer_full", "tenures", "retried because the posted write buffer was full"},
    {"cpu_reads", "accesses", "stalling accesses by CPUs that ended"},
    {"cpu_writes", "accesses", "posted writes that ended"},
    {"cpu_retries", "tenures", "tenures for CPUs that a target retried"},
    {"cpu_aborts", "accesses", "accesses by CPUs that ended with an abort"},
    {"nmi", "interrupts", "non-maskable interrupts: PERR# or SERR# of the bus passed on, counted and not taken by any CPU"},
    {"cpu_given_up", "accesses", "accesses by CPUs that were given up behind retry_limit retries"},
};
}  // namespace

const block_info bridge_info = {
    "bridge", "host bridge between CPUs, memory and one PCI bus", parameters, metrics, {}, pci::target_faults, {}, {}, {}};

struct host_bridge::machinery {
    machinery(host_bridge& b, const bridge_config& c, pci::bus& bus, memory_bank& ram)
        : config(c),
          memory(b, config, bus.clock(), ram),
          cpus(b, config, bus.clock(), memory),
          target("target", memory),
          initiator("initiator", bus.clock(), cpus) {
        cpus.bind(initiator);
        bus.plug(target);
        target.set_wide(config.width == 1);
        counter& nmi = sim::bind_counter(b, bridge_info.metrics.rows[9]);
        bus.on_error([&nmi](bool, ps) { nmi.add(); });
        if (config.back_to_back) initiator.set_back_to_back(pci::back_to_back::same_target);
        bus.set_latency_timer(bus.plug(initiator, 0), config.latency_timer);     // pair 0 is the host bridge's
    }
    bridge_config config;
    memory_side memory;
    cpu_side cpus;
    pci::target target;
    pci::initiator initiator;
};

host_bridge::host_bridge(sc_core::sc_module_name name, const bridge_config& config, pci::bus& bus, memory_bank& ram)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, config, bus, ram)) {}
host_bridge::~host_bridge() = default;

void host_bridge::connect(unsigned cpu, cpu_port_user& u) { machinery_->cpus.connect(cpu, u); }
bool host_bridge::post(unsigned cpu, const cpu_access& a, ps at) { return machinery_->cpus.post(cpu, a, at); }
void host_bridge::start(unsigned cpu, cpu_access& a, ps at) { machinery_->cpus.start(cpu, a, at); }

}  // namespace nicteam::host
