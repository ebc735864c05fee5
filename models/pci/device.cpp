#include "nicteam/pci/device.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/pci/fault_gate.h"
#include "nicteam/sim/agenda.h"

namespace nicteam::pci {
namespace {

// Status register, PCI 2.2, 6.2.3.
constexpr std::uint16_t signaled_target_abort = 0x0800, received_target_abort = 0x1000, received_master_abort = 0x2000,
                        master_data_parity_error = 0x0100, signaled_system_error = 0x4000, detected_parity_error = 0x8000;
constexpr int configuration_window = -1;

std::uint32_t load(const std::uint8_t* p, unsigned n) {
    std::uint32_t v = 0;
    for (unsigned i = 0; i < n; ++i) v |= static_cast<std::uint32_t>(p[i]) << (8 * i);
    return v;
}
void store_bytes(std::uint8_t* p, unsigned n, std::uint32_t v) {
    for (unsigned i = 0; i < n; ++i) p[i] = static_cast<std::uint8_t>(v >> (8 * i));
}

}  // namespace

struct device::machinery : target_user, initiator_user, reset_user, sim::agenda_user {
    machinery(device& d, bus& b, int slot, configuration_space c, interrupt_sink* s, int pair)
        : self(d), the_bus(b), slot(slot), registers(std::move(c)), interrupts(s), gate(d), path(b.name()),
          master("master", b.clock(), *this), slave("target", *this), words("words", *this, 1) {
        number = the_bus.plug(master, pair < 0 ? slot + 1 : pair);
        the_bus.plug(slave, slot);
        the_bus.rst().listen(*this);
        for (unsigned n = 0; n < 2; ++n)
            sim::bind_fault(d, slot_fault_rows[n], [this, n](bool begin, std::int64_t, ps at) { fault(n, begin, at); });
    }

    device& self;
    bus& the_bus;
    int slot;
    configuration_space registers;
    interrupt_sink* interrupts;
    fault_gate gate;
    std::string path;
    initiator master;
    target slave;
    sim::agenda words;                 // the data edges of an access that goes on after them
    unsigned number = 0;
    std::uint32_t passed_on = 0;                 // the registers' version that the bus has been told of
    bool follows = false;
    ps off_from = -1, off_until = -1;            // RST# was low, or nobody in the slot, or its switches open
    bool lost = false;
    ps reset_at = -1;                            // the latest; an edge at that instant still sees what was before
    configuration_space before;
    bool configurable_before = true;
    bool asks = false;                           // the core drives INTA#
    bool there = true, there_from_start = true, connected = true, faults[2] = {};
    sim::fault_count fault_counts[2];
    presence_user* slot_user = nullptr;
    function* core = nullptr;
    std::vector<std::pair<transfer*, ps>> held;   // wait for the bus master bit, with the edge they were started at

    // The access under way.
    access* now_at = nullptr;
    int window = configuration_window;
    std::uint32_t offset = 0;
    std::uint32_t handled = 0;         // words

    // ------------------------------------------------------------ as target
    bool claims(command c, std::uint64_t address) const override {
        const ps now = sim::now();
        if (now <= off_until && now > off_from) return false;
        const bool io = is_io(c);
        std::uint32_t at;
        if (is_memory(c) || io) return core && (now == reset_at ? before : registers).decode(io, address, at) >= 0 && !gate.silent(now);
        return is_configuration(c) && address < 0x100 && !gate.silent(now);     // function 0
    }

    answer decode(access& a) override {
        now_at = &a;
        handled = 0;
        lost = sim::now() == reset_at;     // it claimed as it was until now, and is so no more
        answer reply;
        if (is_configuration(a.command)) {
            window = configuration_window;
            offset = static_cast<std::uint32_t>(a.address);
            reply.words = 1;
            reply.how = stop::with_data;
            if (core && !(sim::now() == reset_at ? configurable_before : core->configurable(sim::now()))) {
                reply.words = 0;
                reply.how = stop::retry;
            }
        } else {
            window = seen().decode(is_io(a.command), a.address, offset);
            reply = core->respond(static_cast<unsigned>(window), offset, a.write());
            const std::uint32_t left = (registers.window_bytes(static_cast<unsigned>(window)) - (offset & ~3u)) / 4;
            if (reply.words > left || reply.how == stop::none) {
                reply.words = std::min(reply.words, left);
                if (reply.how != stop::retry) reply.how = stop::with_data;
            }
        }
        gate.apply(reply, sim::now());
        return reply;
    }

    // The tenure's end is told at the last word's edge unless the bus is still busy after it.
    void planned(access& a, ps) override {
        const pci_extension& e = *a.bus;
        const ps next = handled < e.done && !lost ? e.data.when(handled) : never;
        words.set(0, next < e.idle - the_bus.clock().period() ? next : never);
    }
    void due(unsigned, ps at) override {
        if (!now_at || lost) return;
        word(*now_at, at);
        planned(*now_at, at);
    }
    void ended(access& a, ps at) override {
        words.clear(0);
        while (handled < a.bus->done && !lost) word(a, a.bus->data.when(handled));
        if (lost && !a.write()) std::fill(a.data + a.bytes_in(handled), a.data + a.bytes_in(a.bus->done), std::uint8_t{0xFF});
        if (a.bus->why == ending::target_abort) registers.raise_status(signaled_target_abort);
        now_at = nullptr;
    }

    void word(access& a, ps at) {
        const std::uint32_t from = a.bytes_in(handled), size = a.bytes_in(handled + 1) - from;
        ++handled;
        std::uint8_t* data = a.data + from;
        if (window == configuration_window) {
            if (a.write()) configure(offset + from, size, load(data, size), at);
            else store_bytes(data, size, registers.read(offset + from, size));
        } else if (a.write()) {
            core->write(static_cast<unsigned>(window), offset + from, size, load(data, size), at);
        } else {
            store_bytes(data, size, core->read(static_cast<unsigned>(window), offset + from, size, at));
        }
    }

    void configure(std::uint32_t at, std::uint32_t size, std::uint32_t v, ps edge) {
        const unsigned was = registers.power_state();
        const bool enabled = registers.power_event_enabled(), event = registers.power_event();
        registers.write(at, size, v);
        pass_on();
        const unsigned state = registers.power_state();
        if (state != was || enabled != registers.power_event_enabled() || event != registers.power_event()) power_written(was, state, edge);
        if (!registers.master_enabled()) return;
        const auto release = std::move(held);
        held.clear();
        for (const auto& [t, act] : release) master.submit(*t, std::max(act, edge));
    }

    // ------------------------------------------------------------ power states (PCI Power Management 1.1, 5.3, 5.4)
    void power_written(unsigned was, unsigned state, ps at) {
        if (was == 3 && state == 0) return reset(reset_kind::wake, at);
        if (core) core->power_written(at);
        if (was != state && asks) drive(at);
    }
    void drive(ps at) {
        if (interrupts) interrupts->drive(static_cast<unsigned>(slot), asks && registers.power_state() == 0, at);
    }
    // ------------------------------------------------------------ RST#
    // Seen by edges strictly later than the instant at which it changes.
    const configuration_space& seen() const { return sim::now() == reset_at ? before : registers; }
    bool off() const { return sim::now() > off_from && sim::now() <= off_until; }
    void switch_off(bool now_off, ps at) {
        if (!now_off) {
            off_until = at;
        } else if (off_until != never) {
            off_from = at;
            off_until = never;
        }
    }
    void reset_line_changed(bool low, ps at) override {
        if (connected) switch_off(low, at);
        if (there) reset(reset_kind::bus, at);         // and begins anew when RST# goes high
    }
    // ------------------------------------------------------------ the slot
    void set_present(bool now_there, ps at) {
        if (now_there == there) return;
        if (!now_there && slot_user) slot_user->about_to_go();
        there = now_there;
        connected = false;
        if (!there) switch_off(true, at);
        reset(there ? reset_kind::power_up : reset_kind::power_down, at);
        if (!slot_user) return connect(at);
        slot_user->presence_changed(at);
    }
    void connect(ps at) {
        if (!there || connected) return;
        connected = true;
        if (!the_bus.rst().low()) switch_off(false, at);
    }
    void leave_out() {
        there = there_from_start = connected = false;
        off_until = never;
    }
    void fault(unsigned which, bool begin, ps at) {
        if (!fault_counts[which].change(begin)) return;
        faults[which] = begin;
        set_present(there_from_start ? !faults[0] : faults[1], at);
    }
    void reset(reset_kind how, ps at) {
        words.clear(0);
        while (now_at && !lost && handled < now_at->bus->done && now_at->bus->data.when(handled) <= at) word(*now_at, at);
        lost = now_at != nullptr;          // the access under way ends on the bus and touches nothing any more
        held.clear();
        const bool enabled = registers.power_event_enabled(), event = registers.power_event();
        if (reset_at != at) {
            before = registers;
            configurable_before = !core || core->configurable(at);
        }
        reset_at = at;
        registers.reset();
        if (how == reset_kind::wake) registers.set_power_event(enabled, event);
        pass_on();
        if (core) core->reset(how, at);
        if (master.busy()) master.reset(at);
        asks = false;
        drive(at);
    }

    void pass_on() {
        passed_on = registers.version();
        the_bus.set_latency_timer(number, registers.latency_timer());
        the_bus.set_cache_line(number, registers.cache_line_bytes());
        if (follows) master.set_back_to_back(registers.back_to_back_enabled() ? back_to_back::any_target : back_to_back::same_target);
    }

    // ------------------------------------------------------------ parity (PCI 2.2, 3.7.3, 3.7.4, 6.2.3): what came is used as it is
    bool parity_error(const access&, std::uint32_t) override {
        registers.raise_status(detected_parity_error);
        return registers.parity_response_enabled();
    }
    bool address_parity_error(unsigned of, ps) override {
        if (of == number) return false;                // its own
        registers.raise_status(detected_parity_error);
        if (!registers.parity_response_enabled() || !registers.serr_enabled()) return false;
        registers.raise_status(signaled_system_error);
        return true;
    }
    bool parity_error(const transfer*, std::uint32_t) override {
        registers.raise_status(detected_parity_error);
        if (registers.parity_response_enabled()) registers.raise_status(master_data_parity_error);
        return registers.parity_response_enabled();
    }
    void perr_seen(const transfer*, std::uint32_t) override {
        if (registers.parity_response_enabled()) registers.raise_status(master_data_parity_error);
    }

    // ------------------------------------------------------------ as master
    attempt decide(const transfer& t, ps decision) override {
        if (!registers.master_enabled()) {
            held.emplace_back(const_cast<transfer*>(&t), decision);
            return {t.command, 0};
        }
        return core->decide(t, decision);
    }
    void planned(transfer& t, ps at) override { core->planned(t, at); }
    void attempt_ended(transfer& t, ending why, ps idle) override { core->attempt_ended(t, why, idle); }
    void ended(transfer& t, transfer_result r, ps at) override {
        if (r == transfer_result::master_abort) registers.raise_status(received_master_abort);
        if (r == transfer_result::target_abort) registers.raise_status(received_target_abort);
        core->ended(t, r, at);
    }

    void forgotten(const transfer& t, std::uint32_t octets, ps at) override { core->forgotten(t, octets, at); }

    void start(transfer& t, ps act) {
        if (registers.master_enabled() && there) {
            if (registers.version() != passed_on) pass_on();
            master.submit(t, act);
        } else {
            held.emplace_back(&t, act);
        }
    }
};

device::device(sc_core::sc_module_name name, bus& b, int slot, configuration_space c, interrupt_sink* s, int pair)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, b, slot, std::move(c), s, pair)) {
    if (slot < 0) throw std::invalid_argument(std::string(this->name()) + ": a device needs an IDSEL line");
    if (b.needs_66_mhz() && !registers().capable_of_66_mhz())
        throw std::invalid_argument(std::string(this->name()) + ": is no 66 MHz device and pulls M66EN low: its bus runs at 33 MHz");
}
device::~device() = default;

void device::attach(function& f) { machinery_->core = &f; }
configuration_space& device::registers() { return machinery_->registers; }
void device::set_wide(bool w) { machinery_->master.set_wide(w); }
void device::set_back_to_back(bool f) {
    machinery_->follows = f;
    machinery_->pass_on();
}
void device::leave_out() { machinery_->leave_out(); }
void device::set_present(bool p, ps at) { machinery_->set_present(p, at); }
void device::connect(ps at) { machinery_->connect(at); }
bool device::present() const { return machinery_->there; }
void device::on_presence(presence_user& u) { machinery_->slot_user = &u; }
int device::slot() const { return machinery_->slot; }

void device::start(transfer& t, ps act) { machinery_->start(t, act); }
void device::limit(transfer& t, ps from) { machinery_->master.limit(t, from); }
void device::abandon(ps at) {
    machinery_->held.clear();
    machinery_->master.reset(at);
}
bool device::undecided(const transfer& t) const { return machinery_->master.undecided(t); }
void device::interrupt(bool asserted, ps at) {
    machinery_->asks = asserted;
    machinery_->drive(at);
}
void device::set_power_event(bool status) { machinery_->registers.set_power_event(machinery_->registers.power_event_enabled(), status); }
const clock_domain& device::clock() const { return machinery_->the_bus.clock(); }
const configuration_space& device::configuration() const { return machinery_->registers; }
const std::string& device::bus_path() const { return machinery_->path; }

}  // namespace nicteam::pci
