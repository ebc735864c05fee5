#include "nicteam/host/firmware.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace nicteam::host {
namespace {
constexpr parameter_info parameters[] = {
    {"latency_timer", quantity::count, "64", "0", "255", nullptr, "latency timer that firmware writes into every device, PCI clocks",
     "choice: commonly set by PC firmware; the 82559 resets it to 0 (PCI 2.2, 6.2.4)", store<&firmware_config::latency_timer>},
    {"cache_line", quantity::size, "32 B", "0 B", "128 B", nullptr, "cache line size that firmware writes into every device",
     "P6-class CPUs have lines of 32 bytes; the 82559 takes 8 or 16 dwords (SDM 4.1.8)", store<&firmware_config::cache_line>},
    {"write_and_invalidate", quantity::flag, "true", nullptr, nullptr, nullptr, "firmware enables memory write and invalidate (command bit 4)",
     "PCI 2.2, 6.2.2", store<&firmware_config::write_and_invalidate>},
};
constexpr unsigned command_register = 0x04, cache_line_register = 0x0C, latency_timer_register = 0x0D, first_bar = 0x10, bars = 6,
                   interrupt_line_register = 0x3C;

// Sizes a base address register by writing ones (PCI 2.2, 6.2.5.1) and gives it the next range that fits.
void place(pci::configuration_space& r, unsigned offset, std::uint64_t& memory, std::uint64_t memory_end, std::uint64_t& io, std::uint64_t io_end) {
    r.write(offset, 4, 0xFFFF'FFFFu);
    const std::uint32_t ones = r.read(offset, 4);
    if (ones == 0) return;
    const bool is_io = ones & 1u;
    const std::uint64_t bytes = ~static_cast<std::uint64_t>(ones & (is_io ? ~3u : ~15u)) & 0xFFFF'FFFFu;
    const std::uint64_t size = (is_io ? bytes & 0xFFFFu : bytes) + 1;
    std::uint64_t& next = is_io ? io : memory;
    next = (next + size - 1) / size * size;
    if (next + size > (is_io ? io_end : memory_end)) throw std::runtime_error("firmware: the address window of a bus is used up");
    r.write(offset, 4, static_cast<std::uint32_t>(next));
    next += size;
}
}  // namespace

const block_info firmware_info = {"firmware", "what is set up before the operating system runs", parameters, {}, {}, {}, {}, {}, {}};

void assign_resources(const firmware_config& config, std::vector<installed> devices) {
    std::sort(devices.begin(), devices.end(), [](const installed& a, const installed& b) { return a.bus != b.bus ? a.bus < b.bus : a.slot < b.slot; });
    unsigned bus = ~0u;
    std::uint64_t memory = 0, io = 0;
    for (const installed& d : devices) {
        if (d.bus != bus) {
            bus = d.bus;
            memory = memory_window(bus);
            io = io_window(bus);
        }
        pci::configuration_space& r = d.device->registers();
        for (unsigned n = 0; n < bars; ++n)
            place(r, first_bar + 4 * n, memory, memory_window(bus) + memory_window_bytes, io, io_window(bus) + io_window_bytes);
        r.write(cache_line_register, 1, config.cache_line / 4);
        r.write(latency_timer_register, 1, config.latency_timer);
        r.write(interrupt_line_register, 1, d.slot % 4);
        r.write(command_register, 2, config.write_and_invalidate ? 0x0017u : 0x0007u);       // I/O, memory, master, MWI
    }
}

}  // namespace nicteam::host
