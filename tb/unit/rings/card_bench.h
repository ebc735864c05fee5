// A crypto card on a bus with memory, driven by a master that stands for the host. What the card writes to memory is kept: nothing of
// it may be a key.
#pragma once

#include <map>

#include "bench.h"
#include "nicteam/rings/crypto_card.h"
#include "unit/elaborate.h"
#include "unit/fresh_kernel.h"
#include "unit/nic/raw_memory.h"

namespace nicteam::test {

template <class Card>
class basic_bench : public pci::initiator_user, public pci::interrupt_sink, public pci::tenure_observer {
public:
    static constexpr unsigned slot = 1, own = slot + 1;      // its REQ#/GNT# pair
    static constexpr std::uint32_t window = 0xE0000000, commands = 0x1000, completions = 0x3000, parts = 0x8000, blocks = 0x20000, packets = 0x40000,
                                   results = 0x80000, step = 0x1000;

    explicit basic_bench(rings::crypto_card_config c = {}, std::uint32_t command_entries = 8, std::uint32_t completion_entries = 8)
        : entries(command_entries), places(completion_entries), card("card", c, bus, slot, this) {
        bus.plug(host, 0);
        bus.plug(target);
        bus.observe(*this);
        set_up();
        test::elaborate();
        run(bus.clock().period());
    }
    void set_up() {
        card.registers().write(0x10, 4, window);
        card.registers().write(0x04, 2, 0x06);
    }

    // ---- the host's accesses
    std::uint32_t access(pci::command c, std::uint64_t address, std::uint32_t v) {
        std::uint8_t b[4];
        for (unsigned i = 0; i < 4; ++i) b[i] = static_cast<std::uint8_t>(v >> 8 * i);
        transfer_ = {};
        transfer_.address = address, transfer_.bytes = 4, transfer_.data = b, transfer_.command = c;
        over_ = false;
        host.submit(transfer_, bus.clock().at_or_after(sim::now()));
        while (!over_) run(bus.clock().period());
        run(2 * bus.clock().period());
        if (result_ != pci::transfer_result::done) return ~0u;
        return b[0] | b[1] << 8 | b[2] << 16 | static_cast<std::uint32_t>(b[3]) << 24;
    }
    std::uint32_t read(const rings::register_row& r) { return access(pci::command::memory_read, window + r.offset, 0); }
    void write(const rings::register_row& r, std::uint32_t v) { access(pci::command::memory_write, window + r.offset, v); }
    std::uint32_t status() { return read(rings::reg::status); }

    // ---- the rings
    void start(std::uint32_t interrupts = rings::status_completion) {
        const bytes nothing(places * rings::entry_octets);
        memory.poke(completions, nothing.data(), nothing.size());
        write(rings::reg::command_base_low, commands);
        write(rings::reg::command_size, entries);
        write(rings::reg::completion_base_low, completions);
        write(rings::reg::completion_size, places);
        write(rings::reg::interrupt_enable, interrupts);
        write(rings::reg::control, rings::control_run);
        posted = taken = 0;
    }
    // Into the ring, without a doorbell. Gives its cookie.
    std::uint64_t put(rings::command c) {
        c.cookie = ++cookies;
        const rings::entry e = rings::encode(c);
        memory.poke(commands + posted++ % entries * rings::entry_octets, e.data(), e.size());
        return c.cookie;
    }
    std::uint64_t put_parts(rings::command c, const bytes& octets, unsigned place = 0) {
        c.address = parts + place * step;
        c.length = static_cast<std::uint32_t>(octets.size());
        memory.poke(c.address, octets.data(), octets.size());
        return put(c);
    }
    std::uint64_t put_job(state::handle h, const bytes& packet, unsigned flags = 0, unsigned place = 0, std::uint64_t sequence = 0,
                          bool transmits = false) {
        const rings::job j{packets + place * step, results + place * step, sequence, static_cast<std::uint32_t>(packet.size()), 2'048};
        memory.poke(j.source, packet.data(), packet.size());
        const rings::entry e = rings::encode(j);
        memory.poke(blocks + place * rings::entry_octets, e.data(), e.size());
        rings::command c = make_command(opcode::process_and_return, h, rings::entry_octets, flags);
        c.address = blocks + place * rings::entry_octets;
        if (transmits) c.opcode = opcode::process_and_transmit;
        return put(c);
    }
    void bell() { write(rings::reg::command_tail, posted); }
    bool is_told(std::uint32_t n, rings::entry& e) {
        std::copy_n(memory.at(completions + n % places * rings::entry_octets), e.size(), e.begin());
        return (e.back() & rings::phase) == rings::phase_of(n, places);
    }
    std::size_t told() {                         // that are there and not taken
        std::uint32_t n = taken;
        for (rings::entry e; n - taken < places && is_told(n, e);) ++n;
        return n - taken;
    }
    bool next(rings::completion& c) {
        rings::entry e;
        if (!is_told(taken, e)) return false;
        c = rings::decode_completion(e);
        ++taken;
        return true;
    }
    // All that is there, and their room is given back.
    std::vector<rings::completion> take() {
        std::vector<rings::completion> all;
        for (rings::completion c; next(c);) all.push_back(c);
        if (!all.empty()) write(rings::reg::completion_head, taken);
        return all;
    }
    rings::completion one(std::uint64_t cookie) {
        bell();
        run_until_idle();
        const auto all = take();
        if (all.size() != 1 || all[0].cookie != cookie) throw std::logic_error("not the one completion");
        return all[0];
    }
    state::handle install(const handed_over& h) { return one(put_parts(make_command(opcode::install), h.constant)).handle; }
    void lend(state::handle at, handed_over& h, std::uint64_t n) { one(put_parts(make_command(opcode::change, at, 0, rings::lends), h.lease(n))); }
    bytes result(const rings::completion& c, unsigned place = 0) {
        const std::uint8_t* p = memory.at(results + place * step);
        return bytes(p, p + c.length);
    }

    // ---- time
    void run(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }
    void run_until_idle() {
        while (sc_core::sc_pending_activity()) sc_core::sc_start(sc_core::sc_time_to_pending_activity());
        run((bus.clock().period() - sim::now() % bus.clock().period()) % bus.clock().period() + 4 * bus.clock().period());
    }

    void ended(pci::transfer&, pci::transfer_result r, ps) override { over_ = true, result_ = r; }
    void drive(unsigned, bool on, ps at) override { interrupt = on, interrupt_at = at; }
    void tenure(const pci::payload& p, const pci::pci_extension& x) override {
        last_word[x.master] = x.done ? x.data.last() : -1;
        if (x.master == own && pci::is_write(x.command)) written.emplace_back(p.get_data_ptr(), p.get_data_ptr() + x.octets);
    }

    fresh_kernel kernel;
    pci::bus bus{"bus", {}};
    raw_memory memory{1 << 20};
    pci::target target{"memory", memory};
    pci::initiator host{"host", bus.clock(), *this};
    std::uint32_t entries, places, posted = 0, taken = 0;
    std::uint64_t cookies = 0;
    Card card;
    bool interrupt = false;
    ps interrupt_at = -1;
    std::map<unsigned, ps> last_word;            // of each master's latest tenure
    std::vector<bytes> written;                  // by the card, a piece each tenure

private:
    pci::transfer transfer_;
    pci::transfer_result result_{};
    bool over_ = false;
};

using card_bench = basic_bench<rings::crypto_card>;

}  // namespace nicteam::test
