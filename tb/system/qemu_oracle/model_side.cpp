#include "model_side.h"

#include <stdexcept>
#include <utility>

#include "nicteam/host/bridge.h"
#include "nicteam/host/memory_bank.h"
#include "nicteam/nic/nic.h"
#include "nicteam/pci/bus.h"
#include "nicteam/sim/session.h"

namespace qemu_oracle {
namespace {

using namespace nicteam;
using sim::now;

constexpr std::int64_t rate = 100'000'000;
constexpr ps octet_time = 80'000, clock = 30'000;

// The far end of the wire: keeps what is sent.
struct far_end : wire::wire_source {
    void begin(const frame_ref&, const span&) override {}
    void replan(const span&) override {}
    void end(const frame_ref& f, wire::wire_end how) override {
        if (how == wire::wire_end::good) frames.emplace_back(f->data.begin(), f->data.end() - 4);
        else ++bad;
    }
    std::int64_t bits_per_second() const override { return rate; }
    bool link_up() const override { return true; }

    std::vector<octets> frames;
    unsigned bad = 0;
    // A frame towards the model that is not over yet.
    frame_ref arriving;
    ps last = 0;
};

struct processor : host::cpu_port_user {
    void room(ps) override {}
    void finished(host::cpu_access&, ps) override { done = true; }
    bool done = false;
};

struct interrupt_line : pci::interrupt_sink {
    void drive(unsigned, bool on, ps) override { asserted = on; }
    bool asserted = false;
};

}  // namespace

struct model_side::parts {
    pci::bus bus{"pci0", pci::bus_config{}};
    host::memory_bank memory{"memory", host::memory_config{}};
    host::host_bridge bridge{"bridge", host::bridge_config{}, bus, memory};
    interrupt_line inta;
    nic::nic nic{"nic0", config(), bus, &inta};
    far_end wire;
    processor cpu;
    static nic::nic_config config() {
        nic::nic_config c;
        c.slot = 4;
        c.eeprom_programming = 1;            // as QEMU does it: at once
        return c;
    }
    parts() {
        bridge.connect(0, cpu);
        nic.plug(wire);
        auto& header = nic.pci_device().registers();
        header.write(0x10, 4, memory_base);
        header.write(0x14, 4, io_base);
        header.write(0x18, 4, flash_base);
        header.write(0x04, 2, 0x0007);       // I/O and memory space, bus master
    }
    void access(host::cpu_access& a) {
        cpu.done = false;
        bridge.start(0, a, now());
    }
};

model_side::model_side() : parts_(std::make_unique<parts>()) {
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_US));
    parts_->nic.receiver().link(true, now());
    settle();
    write(space::memory, mdi, 4, 0x0821'0000);   // PHY register 1: the link was down once (IEEE 802.3 22.2.4.2.13), QEMU's never
}
model_side::~model_side() = default;

void model_side::cut(std::uint32_t nanoseconds) {
    wait();
    at_work_ = true;
    patience_ = nanoseconds * 1'000ll;
}

// Before a step: all is done, unless work was cut off.
void model_side::wait() {
    if (!at_work_) settle();
}

// After a step.
void model_side::work() {
    constexpr ps soon = 300'000;                 // ten clocks: a write has passed through the bridge
    if (!at_work_) return settle();
    run(patience_);
    patience_ = soon;
}

void model_side::run(std::int64_t picoseconds) {
    const ps until = now() + picoseconds;
    far_end& w = parts_->wire;
    if (w.arriving && w.last <= until) {
        if (w.last > now()) sc_core::sc_start(sim::to_sc_time(w.last - now()));
        parts_->nic.receiver().end(std::exchange(w.arriving, {}), wire::wire_end::good);
    }
    if (until > now()) sc_core::sc_start(sim::to_sc_time(until - now()));
}

void model_side::settle() {
    far_end& w = parts_->wire;
    if (w.arriving) run(w.last - now());
    // A chip that never comes to rest is a defect: a list of 16 blocks takes some milliseconds.
    for (int ms = 0; sc_core::sc_pending_activity(); ++ms) {
        if (ms > 50) throw std::runtime_error("the model does not come to rest");
        sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_MS));
    }
    if (at_work_ && w.bad == 1) ++cut_sending_, w.bad = 0;
    at_work_ = false;
}

void model_side::begin() {
    write(space::memory, port, 4, 0);
    settle();
    poke(window_base, octets(window_size, 0));
    parts_->wire.frames.clear();
    parts_->wire.bad = 0;
}

void model_side::poke(std::uint32_t address, const octets& data) {
    wait();
    parts_->memory.write(address, data.data(), data.size(), now());
}
octets model_side::peek(std::uint32_t address, std::uint32_t size) {
    settle();
    octets o(size);
    parts_->memory.read(address, o.data(), size, now());
    return o;
}
void model_side::write(space where, unsigned offset, unsigned size, std::uint32_t value) {
    wait();
    if (where == space::configuration) return parts_->nic.pci_device().registers().write(offset, size, value);
    host::cpu_access a;
    a.command = where == space::io ? pci::command::io_write : pci::command::memory_write;
    a.address = (where == space::io ? io_base : memory_base) + offset;
    a.bytes = size;
    a.data = value;
    if (where == space::memory) {
        while (!parts_->bridge.post(0, a, now())) {
            if (!at_work_) throw std::logic_error("the write buffer is full of nothing");
            run(clock);
        }
    } else {
        parts_->access(a);
        while (at_work_ && !parts_->cpu.done) run(clock);
    }
    work();
}
void model_side::read(space where, unsigned offset, unsigned size, std::uint32_t& into) {
    settle();
    if (where == space::configuration) {
        into = parts_->nic.pci_device().registers().read(offset, size);
        return;
    }
    host::cpu_access a;
    a.command = where == space::io ? pci::command::io_read : pci::command::memory_read;
    a.address = (where == space::io ? io_base : memory_base) + offset;
    a.bytes = size;
    parts_->access(a);
    settle();
    if (!parts_->cpu.done || !a.good) throw std::runtime_error("a register access was not answered");
    into = size == 4 ? a.data : a.data & ((1u << 8 * size) - 1);
}

void model_side::arrive(const octets& data) {
    wait();
    auto f = frame::make();
    f->data.assign(data.begin(), data.end());
    f->data.resize(data.size() + 4);
    f->fcs_known = false;
    const ps first = clock_domain(octet_time).after(now(), 13);
    const span octets_pass = wire::octet_plan(first, static_cast<std::uint32_t>(f->data.size()) + wire::preamble_octets, rate);
    run(first - now());
    parts_->nic.receiver().begin(f, octets_pass);
    parts_->wire.arriving = f;
    parts_->wire.last = octets_pass.last();
    work();
}

void model_side::interrupt(bool& into) {
    settle();
    into = parts_->inta.asserted;
}

// As a driver waits after a reset; whatever a chip does later shows in what is wiped then.
std::size_t model_side::sent_count() {
    constexpr ps reset_time = 10'000'000;        // SDM 6.3.3.1
    cut_receiving_ += at_work_ && parts_->wire.arriving;
    run(reset_time);
    return parts_->wire.frames.size();
}

std::vector<octets> model_side::sent() {
    settle();
    if (parts_->wire.bad) throw std::runtime_error("the model sent bad frames: its bus is idle, nothing may underrun");
    return parts_->wire.frames;
}

}  // namespace qemu_oracle
