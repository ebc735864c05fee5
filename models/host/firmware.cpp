#include "nicteam/host/firmware.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace nicteam::host {
namespace {
constexpr parameter_info parameters[] = {
    {"latency_timer", quantity::count, "64", "0", "255", nullptr, "latency timer that firmware writes into every device, PCI clocks",
     "choice: commonly set by PC firmware; the 82559 resets it to 0 (PCI 2.2, 6.2.4)", store<&firmware_config::latency_timer>},
    {"error_reporting", quantity::flag, "false", nullptr, nullptr, nullptr, "firmware enables parity error response and SERR# of every device (command bits 6 and 8), of bridges on both sides (bridge control bits 0 and 1)",
     "PCI 2.2, 6.2.2; bridge specification 1.1, 3.2.5.18; choice: off, as after a reset", store<&firmware_config::error_reporting>},
    {"cache_line", quantity::size, "32 B", "0 B", "128 B", nullptr, "cache line size that firmware writes into every device",
     "P6-class CPUs have lines of 32 bytes; the 82559 takes 8 or 16 dwords (SDM 4.1.8)", store<&firmware_config::cache_line>},
    {"write_and_invalidate", quantity::flag, "true", nullptr, nullptr, nullptr, "firmware enables memory write and invalidate (command bit 4)",
     "PCI 2.2, 6.2.2", store<&firmware_config::write_and_invalidate>},
    {"prefetchable_windows", quantity::flag, "false", nullptr, nullptr, nullptr,
     "behind a bridge, memory that says that it is prefetchable lies in the bridge's prefetchable window; false: in its memory window",
     "choice: registers of the 82559 say so of themselves, and reading ahead of them costs a tenure per word (bridge specification 1.1, 3.2.5.9)",
     store<&firmware_config::prefetchable_windows>},
    {"slot_memory", quantity::size, "2 MiB", "4 KiB", "32 MiB", nullptr, "memory space set aside for a slot that a cold start finds empty, for each kind of window; what is put in and wants more gets none",
     "choice: an 82557 has registers of 4 KiB and a flash window of 1 MiB", store<&firmware_config::slot_memory>},
    {"slot_io", quantity::size, "128 B", "4 B", "4 KiB", nullptr, "I/O space set aside for such a slot", "choice: the registers of these controllers take 32 or 64 B", store<&firmware_config::slot_io>},
    {"short_discard", quantity::flag, "true", nullptr, nullptr, nullptr,
     "bridges throw away what nobody fetches after 2^10 clocks; false: after 2^15", "bridge specification 1.1, 3.2.5.18", store<&firmware_config::short_discard>},
};
constexpr unsigned command_register = 0x04, cache_line_register = 0x0C, latency_timer_register = 0x0D, first_bar = 0x10, bars = 6,
                   interrupt_line_register = 0x3C;
// Of the type 1 header (PCI-to-PCI Bridge Architecture Specification 1.1, 3.2).
constexpr unsigned primary_bus = 0x18, secondary_bus = 0x19, subordinate_bus = 0x1A, secondary_latency_timer = 0x1B, io_base = 0x1C, io_limit = 0x1D,
                   memory_base = 0x20, memory_limit = 0x22, prefetchable_base = 0x24, prefetchable_limit = 0x26, bridge_control = 0x3E;
constexpr std::uint32_t bridge_memory = 0x10'0000, bridge_io = 0x1000;

// Command register (PCI 2.2, 6.2.2).
enum command_bit : std::uint32_t {
    io_space = 0x0001, memory_space = 0x0002, bus_master = 0x0004, write_and_invalidate = 0x0010, parity_error_response = 0x0040, serr_enable = 0x0100,
    fast_back_to_back = 0x0200,
};
// Bridge control (bridge specification 1.1, 3.2.5.18); discard timers of 2^10 clocks.
enum bridge_control_bit : std::uint32_t { secondary_parity_response = 0x0001, secondary_serr_enable = 0x0002, primary_discard_timer = 0x0100, secondary_discard_timer = 0x0200 };
// Base address registers (PCI 2.2, 6.2.5.1).
constexpr std::uint32_t bar_is_io = 0x1, bar_prefetchable = 0x8, bar_io_flags = 0x3, bar_memory_flags = 0xF, all_ones = 0xFFFF'FFFF, io_addresses = 0xFFFF;

constexpr unsigned vendor = 0x00, nobody = 0xFFFF, slots = 21;       // IDSEL lines: PCI 2.2, 3.2.2.3.5

std::uint64_t up(std::uint64_t v, std::uint64_t unit) { return (v + unit - 1) / unit * unit; }

// One walk through the tree for each space: within a bus in order of slot, behind a bridge before the next slot.
class enumeration {
public:
    enumeration(const firmware_config& c, const std::vector<bus_place>& b, const std::vector<installed>& d, header_access& a)
        : config_(c), buses_(b), devices_(d), numbers_(number_buses(b)), access_(a) {
        std::sort(devices_.begin(), devices_.end(), [](const installed& a, const installed& b) { return a.slot < b.slot; });
    }

    void run() {
        for (unsigned root = 0; root < buses_.size(); ++root)
            if (buses_[root].parent < 0) find(root);
        devices_.erase(std::remove_if(devices_.begin(), devices_.end(), [&](const installed& d) { return absent(d) && !empty_slot(d); }), devices_.end());
        for (unsigned root = 0; root < buses_.size(); ++root) {
            if (buses_[root].parent >= 0) continue;
            const root_window w = window_of(buses_, root);
            io_end_ = w.io_last + 1;
            memory_end_ = w.memory_last + 1;
            std::uint64_t io = w.io_first, memory = w.memory_first;
            walk(root, space::io, io, false);
            walk(root, space::memory, memory, !config_.prefetchable_windows);
            if (config_.prefetchable_windows) walk(root, space::prefetchable, memory, false);
        }
        for (const installed& d : devices_)
            if (!empty_slot(d)) set_up(d);
    }

    std::vector<slot_range> ranges() && { return std::move(ranges_); }

    void put_in(const installed& d, const std::vector<slot_range>& all) {
        for (const slot_range& r : all) {
            if (r.bus != d.bus || r.slot != d.slot) continue;
            io_end_ = memory_end_ = r.end;
            std::uint64_t next = r.first;
            place_all(d, r.space, next, r.space == space::memory && !config_.prefetchable_windows);
        }
        set_up(d);
    }

private:
    // A header, however it is reached.
    struct header {
        header_access& access;
        const installed& device;
        std::uint32_t read(unsigned reg, unsigned size) const { return access.read(device, reg, size); }
        void write(unsigned reg, unsigned size, std::uint32_t v) const { access.write(device, reg, size, v); }
    };
    header header_of(const installed& d) const { return {access_, d}; }

    // Who is there; bridges let configuration cycles through from here on.
    void find(unsigned bus) {
        for (unsigned slot = 0; slot < slots; ++slot) {
            const auto d = std::find_if(devices_.begin(), devices_.end(), [&](const installed& x) { return x.bus == bus && x.slot == slot; });
            const installed here = d == devices_.end() ? installed{nullptr, bus, slot} : *d;
            const bool answers = access_.scans() ? access_.read(here, vendor, 2) != nobody : d != devices_.end();
            if (!answers && d != devices_.end()) absent_.emplace_back(bus, slot);
            if (!answers || !here.bridge) continue;
            const header r = header_of(here);
            r.write(primary_bus, 1, numbers_[here.bus]);
            r.write(secondary_bus, 1, numbers_[here.secondary]);
            r.write(subordinate_bus, 1, highest_behind(here.secondary));
            find(here.secondary);
        }
    }
    // Nobody answers there, or it is behind such a bridge.
    bool absent(const installed& d) const { return std::find(absent_.begin(), absent_.end(), std::pair{d.bus, d.slot}) != absent_.end() || behind_absent(d); }
    bool behind_absent(const installed& d) const {
        const auto up = std::find_if(devices_.begin(), devices_.end(), [&](const installed& b) { return b.bridge && b.secondary == d.bus; });
        return up != devices_.end() && absent(*up);
    }

    // `both`: memory that says that it is prefetchable is treated as any other.
    void walk(unsigned bus, space s, std::uint64_t& next, bool both) {
        for (const installed& d : devices_) {
            if (d.bus != bus) continue;
            if (d.bridge) {
                window(d, s, next, both);
                continue;
            }
            const std::uint64_t before = next;
            if (empty_slot(d) || !place_all(d, s, next, both)) set_aside(s, next);
            ranges_.push_back({d.bus, d.slot, s, before, next});
        }
    }
    // Nobody answers in a slot of a bus that does.
    bool empty_slot(const installed& d) const { return !d.bridge && std::find(absent_.begin(), absent_.end(), std::pair{d.bus, d.slot}) != absent_.end() && !behind_absent(d); }

    void set_aside(space s, std::uint64_t& next) const {
        const std::uint64_t bytes = s == space::io ? config_.slot_io : config_.slot_memory, first = up(next, bytes);
        if (first + bytes > (s == space::io ? io_end_ : memory_end_)) return full();
        next = first + bytes;
    }

    // False: nobody answers any more.
    bool place_all(const installed& d, space s, std::uint64_t& next, bool both) const {
        for (unsigned n = 0; n < bars; ++n)
            if (!place(header_of(d), first_bar + 4 * n, s, next, both)) return false;
        return true;
    }

    // Sizes a base address register by writing ones (PCI 2.2, 6.2.5.1) and gives it the next range that fits.
    bool place(const header& r, unsigned offset, space s, std::uint64_t& next, bool both) const {
        const std::uint32_t was = r.read(offset, 4);
        r.write(offset, 4, all_ones);
        const std::uint32_t ones = r.read(offset, 4);
        r.write(offset, 4, was);
        if (ones == all_ones) return false;           // no base address register reads so
        if (ones == 0) return true;
        const bool is_io = ones & bar_is_io, ahead = !is_io && (ones & bar_prefetchable);
        if (is_io != (s == space::io) || (!is_io && !both && ahead != (s == space::prefetchable))) return true;
        const std::uint64_t bytes = ~static_cast<std::uint64_t>(ones & ~(is_io ? bar_io_flags : bar_memory_flags)) & all_ones;
        const std::uint64_t size = (is_io ? bytes & io_addresses : bytes) + 1;
        next = up(next, size);
        if (next + size > (is_io ? io_end_ : memory_end_)) {
            full();
            r.write(offset, 4, all_ones);             // its space's end, which is nobody's: at 0 it would claim memory
            return true;
        }
        r.write(offset, 4, static_cast<std::uint32_t>(next));
        next += size;
        return true;
    }

    // What is behind a bridge, and the window that lets it through; nothing there: a window that is closed, its base above its limit.
    void window(const installed& d, space s, std::uint64_t& next, bool both) {
        const std::uint64_t unit = s == space::io ? bridge_io : bridge_memory;
        const std::uint64_t first = up(next, unit);
        std::uint64_t end = first;
        walk(d.secondary, s, end, both);
        const header r = header_of(d);
        const bool empty = end == first;
        if (!empty) next = up(end, unit);
        if (next > (s == space::io ? io_end_ : memory_end_)) return full();
        const std::uint64_t base = empty ? unit : first, last = empty ? 0 : next - 1;
        if (s == space::io) {
            r.write(io_base, 1, static_cast<std::uint32_t>(base >> 8));
            r.write(io_limit, 1, static_cast<std::uint32_t>(last >> 8));
            return;
        }
        r.write(s == space::memory ? memory_base : prefetchable_base, 2, static_cast<std::uint32_t>(base >> 16));
        r.write(s == space::memory ? memory_limit : prefetchable_limit, 2, static_cast<std::uint32_t>(last >> 16));
        if (!config_.prefetchable_windows) {
            r.write(prefetchable_base, 2, bridge_memory >> 16);
            r.write(prefetchable_limit, 2, 0);
        }
    }

    // Known before the run, or a device's answer came wrong over the bus: then it gets no range, and its driver does not start.
    void full() const {
        if (!access_.scans()) throw std::runtime_error("firmware: the address window of a bus is used up");
    }

    unsigned highest_behind(unsigned bus) const {
        unsigned n = numbers_[bus];
        for (unsigned b = 0; b < buses_.size(); ++b)
            if (buses_[b].parent == static_cast<int>(bus)) n = std::max(n, highest_behind(b));
        return n;
    }

    void set_up(const installed& d) const {
        const header r = header_of(d);
        r.write(cache_line_register, 1, config_.cache_line / 4);
        r.write(latency_timer_register, 1, config_.latency_timer);
        if (d.bridge) {
            r.write(secondary_latency_timer, 1, config_.latency_timer);
            std::uint32_t control = config_.short_discard ? primary_discard_timer | secondary_discard_timer : 0;
            if (config_.error_reporting) control |= secondary_parity_response | secondary_serr_enable;
            r.write(bridge_control, 2, control);
        } else {
            r.write(interrupt_line_register, 1, line_of(d));
        }
        std::uint32_t on = io_space | memory_space | bus_master;
        if (config_.write_and_invalidate) on |= write_and_invalidate;
        if (config_.error_reporting) on |= parity_error_response | serr_enable;
        if (every_target_follows(d.bus)) on |= fast_back_to_back;
        r.write(command_register, 2, on);
    }

    bool every_target_follows(unsigned bus) const {
        return std::all_of(devices_.begin(), devices_.end(), [&](const installed& d) {
            return d.bus != bus || (d.bridge ? d.bridge->registers() : d.device->registers()).capable_of_back_to_back();
        });
    }

    // Each bridge hands INTA# … INTD# of a slot on as its own, turned by the slot (bridge specification 1.1, 9.1).
    unsigned line_of(const installed& d) const {
        unsigned line = d.slot;
        for (int b = static_cast<int>(d.bus); b >= 0; b = buses_[static_cast<unsigned>(b)].parent) line += buses_[static_cast<unsigned>(b)].slot;
        return line % 4;
    }

    const firmware_config& config_;
    const std::vector<bus_place>& buses_;
    std::vector<installed> devices_;
    std::vector<unsigned> numbers_;
    header_access& access_;
    std::vector<std::pair<unsigned, unsigned>> absent_;
    std::vector<slot_range> ranges_;
    std::uint64_t io_end_ = 0, memory_end_ = 0;
};

void count_below(const std::vector<bus_place>& buses, unsigned bus, unsigned& n) {
    ++n;
    for (unsigned b = 0; b < buses.size(); ++b)
        if (buses[b].parent == static_cast<int>(bus)) count_below(buses, b, n);
}

void number_below(const std::vector<bus_place>& buses, unsigned bus, unsigned& next, std::vector<unsigned>& numbers) {
    numbers[bus] = next++;
    for (unsigned slot = 0; slot < 32; ++slot)
        for (unsigned b = 0; b < buses.size(); ++b)
            if (buses[b].parent == static_cast<int>(bus) && buses[b].slot == slot) number_below(buses, b, next, numbers);
}

}  // namespace

const block_info firmware_info = {"firmware", "what is set up before the operating system runs", parameters, {}, {}, {}, {}, {}, {}};

std::vector<unsigned> number_buses(const std::vector<bus_place>& buses) {
    std::vector<unsigned> numbers(buses.size());
    unsigned next = 0;
    for (unsigned b = 0; b < buses.size(); ++b)
        if (buses[b].parent < 0) number_below(buses, b, next, numbers);
    return numbers;
}

root_window window_of(const std::vector<bus_place>& buses, unsigned root) {
    unsigned roots = 0, before = 0, here = 0;
    for (unsigned b = 0; b < root; ++b) {
        if (buses[b].parent >= 0) continue;
        ++roots;
        count_below(buses, b, before);
    }
    count_below(buses, root, here);
    return {memory_window(roots), memory_window(roots) + memory_window_bytes - 1, io_window(before), io_window(before) + here * io_window_bytes - 1};
}

std::vector<slot_range> assign_resources(const firmware_config& config, const std::vector<bus_place>& buses, const std::vector<installed>& devices, header_access& access) {
    enumeration e(config, buses, devices, access);
    e.run();
    return std::move(e).ranges();
}

void assign_resources(const firmware_config& config, const std::vector<bus_place>& buses, const std::vector<installed>& devices, header_access& access,
                      const std::vector<slot_range>& ranges, const pci::device& put_in) {
    const auto d = std::find_if(devices.begin(), devices.end(), [&](const installed& x) { return x.device == &put_in; });
    if (d != devices.end()) enumeration(config, buses, devices, access).put_in(*d, ranges);
}

std::vector<slot_range> assign_resources(const firmware_config& config, const std::vector<bus_place>& buses, const std::vector<installed>& devices) {
    struct back_door : header_access {
        static pci::configuration_space& of(const installed& d) { return d.bridge ? d.bridge->registers() : d.device->registers(); }
        std::uint32_t read(const installed& d, unsigned reg, unsigned size) override { return of(d).read(reg, size); }
        void write(const installed& d, unsigned reg, unsigned size, std::uint32_t v) override { of(d).write(reg, size, v); }
        bool scans() const override { return false; }
    } access;
    return assign_resources(config, buses, devices, access);
}

}  // namespace nicteam::host
