#include "nicteam/host/hot_plug.h"

#include <algorithm>
#include <array>
#include <utility>

#include "nicteam/host/costs.h"
#include "nicteam/sim/session.h"

namespace nicteam::host {
namespace {

constexpr parameter_info parameters[] = {
    {"notice", quantity::time, "10 us", "1 ns", "10 s", nullptr, "from a device's coming or going to the work that looks at its slot",
     "choice: a hot-plug controller debounces for tens of ms, which is set shorter so that short runs show it", store<&hot_plug_config::notice>},
    {"power_good", quantity::time, "100 us", "0 ps", "10 s", nullptr, "from the notice of a device that was put in to its first configuration cycle",
     "choice: PCI 2.2, 4.3.2 asks for 100 ms of stable power, set shorter for the same reason", store<&hot_plug_config::power_good>},
};
constexpr metric_info metrics[] = {
    {"insertions", "devices", "devices that were put in and set up"},
    {"removals", "devices", "devices that were taken out"},
    {"failed", "devices", "put in, but it did not answer configuration cycles"},
};
// What firmware writes: base addresses, cache line and latency timer, interrupt line; the command register last.
struct kept { unsigned offset, bytes; };
constexpr kept registers[] = {{0x10, 4}, {0x14, 4}, {0x18, 4}, {0x1C, 4}, {0x20, 4}, {0x24, 4}, {0x0C, 1}, {0x0D, 1}, {0x3C, 1}, {0x04, 2}};
constexpr std::uint32_t nobody = 0xFFFF;      // vendor (PCI 2.2, 6.1)

}  // namespace

const block_info hot_plug_info = {"hot_plug", "slots whose devices come and go", parameters, metrics, {}, {}, {}, {}, {}};

struct hot_plug::slot : pci::presence_user {
    slot(hot_plug& h, pci::device& d, unsigned bus, cpu_core& home) : owner(h), device(d), number(bus << 5 | static_cast<unsigned>(d.slot())), home(home) {}
    void about_to_go() override { keep(); }
    void presence_changed(ps at) override { owner.changed(*this, at); }
    // Firmware has been here.
    bool is_set_up() const { return device.registers().memory_enabled() || device.registers().io_enabled() || device.registers().master_enabled(); }
    void keep() {
        if (!is_set_up()) return;
        known = true;
        for (std::size_t n = 0; n < values.size(); ++n) values[n] = device.registers().read(registers[n].offset, registers[n].bytes);
    }

    hot_plug& owner;
    pci::device& device;
    unsigned number;                      // bus << 5 | device
    cpu_core& home;
    std::array<std::uint32_t, std::size(registers)> values{};
    bool known = false;                   // `values` are there
    bool in_use = false;                  // as the software knows it
    bool noticed = false;                 // work is on its way
    unsigned changes = 0;                 // since the run began
    unsigned settled = 0;                 // of them, what has been seen to
};

hot_plug::hot_plug(sc_core::sc_module_name name, const hot_plug_config& c)
    : sc_module(name), config_(c), insertions_(sim::bind_counter(*this, metrics[0])), removals_(sim::bind_counter(*this, metrics[1])),
      failed_(sim::bind_counter(*this, metrics[2])) {}
hot_plug::~hot_plug() = default;

void hot_plug::watch(pci::device& d, unsigned bus, cpu_core& home) {
    slots_.push_back(std::make_unique<slot>(*this, d, bus, home));
    d.on_presence(*slots_.back());
}

void hot_plug::tell(unsigned bus, unsigned device, hot_plug_user& u) {
    users_.emplace_back(bus << 5 | device, &u);
}

hot_plug_user* hot_plug::user_of(const slot& s) const {
    for (const auto& [number, user] : users_)
        if (number == s.number) return user;
    return nullptr;
}

void hot_plug::remember() {
    looking_ = true;
    for (auto& s : slots_) {
        s->keep();
        s->in_use = s->device.present() && s->is_set_up();
        s->settled = s->changes;
        if (s->device.present() && !s->in_use) changed(*s, sim::now());      // put in too late for it
    }
}

bool hot_plug::occupied(unsigned bus, unsigned device) const {
    return std::none_of(slots_.begin(), slots_.end(), [&](const auto& s) { return s->number == (bus << 5 | device) && !(s->device.present() && s->in_use); });
}

void hot_plug::changed(slot& s, ps at) {
    ++s.changes;
    if (std::exchange(s.noticed, true)) return;
    s.home.post(at + config_.notice, [this, &s](cpu& c) { notice(s, c); });
}

// Out and in again between two looks: the old one is gone all the same, and the new one is set up.
void hot_plug::notice(slot& s, cpu& c) {
    s.noticed = false;
    if (!looking_ || s.changes == s.settled) return;      // firmware looks, or has looked since
    s.settled = s.changes;
    c.spend(of(cost::interrupt_entry));
    c.spend(of(cost::driver_request));
    if (s.in_use) {
        s.in_use = false;
        removals_.add();
        if (hot_plug_user* u = user_of(s)) u->removed(c);
    }
    if (s.device.present()) {
        const unsigned seen = s.settled = s.changes;      // also what came while the driver was told
        c.post(c.now() + config_.power_good, [this, &s, seen](cpu& k) {
            if (seen == s.changes) set_up(s, k);      // else another look is on its way
        });
    }
    c.spend(of(cost::interrupt_exit));
}

// From here on the slot's switches are closed. Whoever comes after this device finds them open, and gets nothing of what is meant for it.
void hot_plug::set_up(slot& s, cpu& c) {
    c.catch_up();
    s.device.connect(sim::now());
    if (c.read_configuration(s.number, 0x00, 2) == nobody) {
        failed_.add();
        return;
    }
    if (s.known || !new_) {
        for (std::size_t n = 0; n < s.values.size(); ++n) c.write_configuration(s.number, registers[n].offset, registers[n].bytes, s.values[n]);
    } else {
        new_(c, s.device);
    }
    s.in_use = true;
    insertions_.add();
    if (hot_plug_user* u = user_of(s)) u->inserted(c);
}

}  // namespace nicteam::host
