// A host-side rig around one NIC: bus, raw memory (addresses 0 … size-1), a master that makes blocking register accesses, a
// near end of a link that records what the NIC sends and can send to it. Run it from the test's own thread of control.
//
//   fresh_kernel k; rig r;                         // BARs at rig::csr / rig::io, memory and mastering enabled
//   r.write(0x03, 1, 1); r.read(0x00, 1);          // CSR by memory space: offset, size
//   r.memory.write32(0x1000, …); r.scb(cuc, ruc, pointer); r.run_until_idle();
//   r.cable.send(octets); r.cable.sent[0].frame    // frames include their FCS
//
// Differences between this NIC and QEMU's i82559 that a comparison masks (hardware facts A.9): actual count has F|EOF (C000h)
// set; SI reads 0; STAT bit 3 only with IE; only 8 or 16 stick in the cache line size; a resume from Idle is refused; EL and S raise
// CNA by the CI mode; frames without descriptors wait in the FIFO; the dump's size follows Configure byte 6; PORT resets clear
// statistics (software reset only); TBDnum counts the embedded TBDs too; nothing is sent or received before byte 8 bit 0 of
// Configure is set; a TCB with an empty or too long frame completes without OK; the next RFD is fetched when the last is done.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "nicteam/nic/nic.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/pci/bus.h"
#include "nicteam/pci/initiator.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/session.h"
#include "unit/fresh_kernel.h"
#include "unit/nic/raw_memory.h"

namespace nicteam::test {

struct tenure_record {
    unsigned master;
    pci::command command;
    std::uint64_t address;
    std::uint32_t words;
    ps request, first, last, start, idle;
    pci::ending why;
    std::int64_t clocks(ps period) const { return (idle - start) / period + 1; }   // FRAME# to the earliest next FRAME#
};

class tenure_log : public pci::tenure_observer {
public:
    std::vector<tenure_record> log;
    void tenure(const pci::payload& p, const pci::pci_extension& x) override {
        log.push_back({x.master, x.command, p.get_address(), x.done, x.request, x.data.first(), x.data.last(), x.address, x.idle, x.why});
    }
};

// The other end of a cable without length.
class test_cable : public wire::wire_source {
public:
    struct record {
        frame_ref frame;
        span octets;
        wire::wire_end how;
    };
    std::vector<record> sent;                      // by the NIC
    span octets;
    std::int64_t rate = 100'000'000;
    bool up = true, full_duplex = true, pause = false, partner_negotiates = true;
    std::uint16_t partner = wire::every_mode;
    bool busy = false;
    std::vector<std::pair<wire::phy_setting, ps>> told;      // how the PHY treats its line, from when on

    void begin(const frame_ref&, const span& s) override { octets = s, busy = true; }
    void replan(const span& s) override { octets = s; }
    void end(const frame_ref& f, wire::wire_end how) override { sent.push_back({f, octets, how}), busy = false; }
    std::int64_t bits_per_second() const override { return rate; }
    bool link_up() const override { return up; }
    wire::negotiated outcome() const override { return {up, rate, full_duplex, pause, partner_negotiates, partner_negotiates ? partner : std::uint16_t{0}}; }
    void set_phy(const wire::phy_setting& s, ps at) override { told.push_back({s, at}); }
};

// Sends frames to the NIC, one after the other, at the minimum gap or at given times.
class test_sender : public sim::agenda_user {
public:
    struct job {
        frame_ref frame;
        wire::wire_end how;
        ps at;
        std::uint32_t cut;                         // octets after which the link is lost; 0: not
    };
    std::vector<job> jobs;
    std::vector<ps> begun, ended;
    wire::wire_sink* to = nullptr;
    ps octet = 80'000;
    sim::agenda timers{"sender_timers", *this, 2};

    void start() { plan(); }
    bool busy() const { return next_ < jobs.size(); }
    void due(unsigned slot, ps at) override {
        const job& j = jobs[next_];
        if (slot == 0) {
            octets_.clear();
            octets_.append({at, octet, static_cast<std::uint32_t>(j.frame->preamble_octets + j.frame->data.size())});
            begun.push_back(at);
            to->begin(j.frame, octets_);
            timers.set(1, j.cut ? octets_.when(j.frame->preamble_octets + j.cut - 1) : octets_.last());
            return;
        }
        frame_ref f = j.frame;
        if (j.cut) {
            octets_.cut(at);
            to->replan(octets_);
            ref<frame> part = frame::make();
            part->data.assign(f->data.begin(), f->data.begin() + j.cut);
            part->id = f->id;
            part->preamble_octets = f->preamble_octets;
            f = frame_ref(part);
        }
        to->end(f, j.cut ? wire::wire_end::cut : j.how);
        last_ = at;
        ended.push_back(at);
        ++next_;
        plan();
    }

private:
    void plan() {
        if (next_ >= jobs.size() || timers.planned(0) != never || timers.planned(1) != never) return;
        ps t = std::max(jobs[next_].at, sim::now() + octet);
        if (last_ >= 0) t = std::max(t, last_ + 13 * octet);
        timers.set(0, (t + octet - 1) / octet * octet);
    }
    std::size_t next_ = 0;
    ps last_ = -1;
    span octets_;
};

class rig : public pci::initiator_user, public pci::interrupt_sink {
public:
    static constexpr std::uint32_t csr = 0xE0000000, io = 0xE000, flash = 0xE0100000;

    // plugged: into the test's cable; else whoever derives from it plugs another one in and calls begin().
    explicit rig(nic::nic_config c = {}, std::size_t memory_bytes = 1 << 20, pci::bus_config b = {}, bool plugged = true)
        : bus("bus", b), memory(memory_bytes), memory_target("memory", memory), host("host", bus.clock(), *this), card("nic", c, bus, this) {
        bus.plug(host, 0);
        bus.plug(memory_target);
        bus.observe(log);
        pci::configuration_space& r = card.pci_device().registers();
        r.write(0x10, 4, csr);
        r.write(0x14, 4, io);
        r.write(0x18, 4, flash);
        r.write(0x04, 2, 0x17);
        sender.to = &card.receiver();
        if (!plugged) return;
        card.plug(cable);
        begin();
    }
    void begin() {
        sim::session::current().settle_order();
        run(bus.clock().period());
    }

    // ---- blocking accesses by the host's master
    std::uint32_t access(pci::command c, std::uint64_t address, unsigned size, std::uint32_t v) {
        std::uint8_t b[4] = {static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v >> 16), static_cast<std::uint8_t>(v >> 24)};
        transfer_ = {};
        transfer_.address = address;
        transfer_.bytes = size;
        transfer_.data = b;
        transfer_.command = c;
        done_ = false;
        host.submit(transfer_, sim::now());
        while (!done_) run(period());
        run(2 * period());
        if (result_ != pci::transfer_result::done) return 0xFFFFFFFF;
        std::uint32_t out = 0;
        for (unsigned i = 0; i < size; ++i) out |= static_cast<std::uint32_t>(b[i]) << 8 * i;
        return out;
    }
    std::uint32_t read(unsigned offset, unsigned size) { return access(pci::command::memory_read, csr + offset, size, 0); }
    void write(unsigned offset, unsigned size, std::uint32_t v) { access(pci::command::memory_write, csr + offset, size, v); }
    void ended(pci::transfer&, pci::transfer_result r, ps) override { done_ = true, result_ = r; }
    void drive(unsigned, bool on, ps at) override { interrupt = on, interrupt_at = at; }

    // ---- the NIC's programming interface
    void scb(unsigned cuc, unsigned ruc, std::uint32_t pointer = 0) {
        write(0x04, 4, pointer);
        write(0x02, 1, cuc << 4 | ruc);
        wait_accepted();
    }
    void wait_accepted() {
        for (int i = 0; i < 1000 && read(0x02, 1); ++i) {}
    }
    unsigned cus() { return read(0x00, 1) >> 6; }
    unsigned rus() { return read(0x00, 1) >> 2 & 15; }
    unsigned stat() { return read(0x01, 1); }
    void ack(unsigned bits) { write(0x01, 1, bits); }

    // Header of a command block: status 0, command word, link.
    void block(std::uint32_t at, unsigned command, std::uint32_t link) {
        memory.write32(at, command << 16);
        memory.write32(at + 4, link);
    }
    // A Configure block with these bytes; starts the command unit on it and waits for it.
    void configure(const std::vector<std::uint8_t>& b, std::uint32_t at = 0x100) {
        block(at, 0x8002, 0xFFFFFFFF);
        memory.poke(at + 8, b.data(), b.size());
        scb(1, 0, at);
        run_until_idle();
        ack(0xFF);
    }
    // What a driver sets: type bit, standard TCBs, 16 counters, two frames, MII, broadcast and individual address.
    static std::vector<std::uint8_t> usual() {
        return {0x16, 0x08, 0, 0x02, 0, 0, 0x32, 0x43, 0x01, 0, 0x2E, 0, 0x60, 0, 0xF2, 0x48, 0, 0x40, 0xF2, 0x80, 0x3F, 0x05};
    }
    // A transmit block, simplified: data behind it. threshold in 8 bytes.
    void transmit_block(std::uint32_t at, const bytes& data, unsigned command = 0x8004, std::uint32_t link = 0xFFFFFFFF, unsigned threshold = 0xE0) {
        block(at, command, link);
        memory.write32(at + 8, 0xFFFFFFFF);
        memory.write32(at + 12, static_cast<std::uint32_t>(data.size()) | threshold << 16);
        memory.poke(at + 16, data.data(), data.size());
    }
    void descriptor(std::uint32_t at, unsigned command, std::uint32_t link, unsigned size = 1520) {
        memory.write32(at, command << 16);
        memory.write32(at + 4, link);
        memory.write32(at + 8, 0xFFFFFFFF);
        memory.write32(at + 12, size << 16);
    }
    // `count` descriptors 2 KiB apart; the last has EL.
    void ring(std::uint32_t at, unsigned count, unsigned size = 1520) {
        for (unsigned i = 0; i < count; ++i) descriptor(at + i * 2048, i + 1 == count ? 0x8000 : 0, at + (i + 1) * 2048, size);
    }

    // ---- frames
    static bytes payload(std::size_t octets, std::array<std::uint8_t, 6> to = {2, 0, 0, 0, 0, 1}, unsigned seed = 1) {
        bytes b(octets);
        for (std::size_t i = 0; i < octets; ++i) b[i] = static_cast<std::uint8_t>(i * 31 + seed * 7);
        std::copy_n(to.begin(), std::min<std::size_t>(6, octets), b.begin());
        if (octets > 13) b[12] = 0x08, b[13] = 0x00;
        return b;
    }
    // Hands a frame (without FCS) to the wire towards the NIC.
    void arrive(const bytes& data, wire::wire_end how = wire::wire_end::good, ps at = 0, std::uint32_t cut = 0, unsigned preamble = wire::preamble_octets) {
        ref<frame> f = frame::make();
        f->data = data;
        f->preamble_octets = static_cast<std::uint8_t>(preamble);
        packet::append_lazy_fcs(*f);
        sender.jobs.push_back({frame_ref(f), how, at, cut});
        sender.start();
    }

    // ---- time
    ps period() const { return bus.clock().period(); }
    void run(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }
    // Until nothing is planned any more.
    void run_until_idle() {
        while (sc_core::sc_pending_activity()) sc_core::sc_start(sc_core::sc_time_to_pending_activity());
        run((period() - sim::now() % period()) % period() + 4 * period());
    }
    std::uint64_t metric(const std::string& name) {
        for (const auto& m : sim::session::current().metrics())
            if (m.path == std::string(card.name()) + "." + name) return m.as_counter ? m.as_counter->value() : static_cast<std::uint64_t>(m.as_level->highest());
        throw std::logic_error("no metric " + name);
    }
    // Tenures of the NIC's own master since the log was cleared.
    std::vector<tenure_record> own() const {
        std::vector<tenure_record> v;
        for (const tenure_record& t : log.log)
            if (t.master == 1) v.push_back(t);
        return v;
    }
    std::int64_t own_clocks() const {
        std::int64_t n = 0;
        for (const tenure_record& t : own()) n += t.clocks(period());
        return n;
    }

    pci::bus bus;
    raw_memory memory;
    pci::target memory_target;
    pci::initiator host;
    nic::nic card;
    test_cable cable;
    test_sender sender;
    tenure_log log;
    bool interrupt = false;
    ps interrupt_at = never;

private:
    pci::transfer transfer_;
    bool done_ = false;
    pci::transfer_result result_ = pci::transfer_result::done;
};

}  // namespace nicteam::test
