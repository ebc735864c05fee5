// The one face in a nic: its window, associations through its ring, jobs beside the line, resets under way.
#include <catch2/catch.hpp>

#include "nicteam/ipsec/association_state.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/udp.h"
#include "nicteam/rings/ring_unit.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;
using rings::opcode;
using rings::reason;

namespace {

constexpr std::uint32_t window = 0xE0200000, commands = 0x20000, completions = 0x21000, parts_at = 0x22000, blocks = 0x24000, packets = 0x30000;
constexpr std::uint32_t entries = 8, base_register_3 = 0x1C;
constexpr unsigned through_block = 0x800A, lend_code = 0x800B, protects = 1;

nic::nic_config with_block(bool enable = true) {
    nic::nic_config c;
    c.identity = nic::nic_identity::extended;
    c.crypto.enable = enable;
    c.crypto.engines = {"aes-128-round", "sha1"};
    return c;
}

std::vector<std::uint8_t> extended_blocks() {
    auto c = rig::usual();
    c[6] &= 0xEF;
    c[10] |= 0x08;
    return c;
}

ipsec::association_parameters association(std::uint32_t spi = 0x4711) {
    ipsec::association_parameters p;
    p.spi = spi;
    p.source = packet::ip_address(packet::ipv4_address{0x0A000001});
    p.destination = packet::ip_address(packet::ipv4_address{0x0A000002});
    p.algorithms = {ipsec::cipher_kind::aes_cbc, ipsec::authentication_kind::hmac_sha1_96};
    p.keys.cipher.assign(16, 1);
    p.keys.authentication.assign(20, 2);
    return p;
}

bytes datagram(std::size_t octets) {
    packet::ipv4_fields f;
    f.source = 0x0A000001, f.destination = 0x0A000002;
    bytes data(octets), out;
    for (std::size_t n = 0; n < octets; ++n) data[n] = static_cast<std::uint8_t>(n * 7);
    packet::append_udp_datagram(out, f, 1, 2, {data.data(), data.size()});
    return out;
}
bytes framed(const bytes& packet) {
    bytes out;
    packet::append_ethernet(out, {2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}, packet::ether_type::ipv4);
    out.insert(out.end(), packet.begin(), packet.end());
    return out;
}

struct face : rig {
    explicit face(const nic::nic_config& c = with_block()) : rig(c) {
        card.pci_device().registers().write(base_register_3, 4, window);
        configure(extended_blocks());
        if (card.crypto_unit()) start();
    }
    std::uint32_t get(const rings::register_row& r) { return access(pci::command::memory_read, window + r.offset, 4, 0); }
    void set(const rings::register_row& r, std::uint32_t v) { access(pci::command::memory_write, window + r.offset, 4, v); }
    void start() {
        const bytes nothing(entries * rings::entry_octets);
        memory.poke(completions, nothing.data(), nothing.size());
        set(rings::reg::command_base_low, commands);
        set(rings::reg::command_size, entries);
        set(rings::reg::completion_base_low, completions);
        set(rings::reg::completion_size, entries);
        set(rings::reg::control, rings::control_run);
        REQUIRE(get(rings::reg::status) == rings::status_running);
        posted = told = 0;
    }
    void post(rings::command c) {
        c.cookie = posted + 1;
        const rings::entry e = rings::encode(c);
        memory.poke(commands + posted++ % entries * rings::entry_octets, e.data(), e.size());
    }
    void bell() { set(rings::reg::command_tail, posted); }
    // Completions that are in memory and were not looked at.
    std::vector<rings::completion> done() {
        std::vector<rings::completion> all;
        while (true) {
            rings::entry e;
            for (std::size_t i = 0; i < e.size(); ++i) e[i] = static_cast<std::uint8_t>(memory.read32(static_cast<std::uint32_t>(completions + told % entries * rings::entry_octets + i)));
            if ((e.back() & rings::phase) != rings::phase_of(told, entries)) break;
            ++told;
            all.push_back(rings::decode_completion(e));
        }
        if (!all.empty()) set(rings::reg::completion_head, told);
        return all;
    }
    rings::completion done_with(rings::command c) {
        post(c);
        bell();
        run_until_idle();
        const auto all = done();
        REQUIRE(all.size() == 1);
        CHECK(all[0].cookie == posted);
        return all[0];
    }
    rings::completion install(unsigned flags, ipsec::association_parameters p = association()) {
        bytes b;
        ipsec::write_constant({std::move(p), 0, 77}, b);
        memory.poke(parts_at, b.data(), b.size());
        rings::command c;
        c.opcode = opcode::install;
        c.flags = static_cast<std::uint8_t>(flags);
        c.address = parts_at;
        c.length = static_cast<std::uint32_t>(b.size());
        return done_with(c);
    }
    rings::command job(unsigned n, opcode o, state::handle h, const bytes& packet, unsigned flags, std::uint64_t sequence = 0) {
        const std::uint32_t at = packets + n * 0x1000;
        const rings::entry e = rings::encode(rings::job{at, at + 0x800, sequence, static_cast<std::uint32_t>(packet.size()), 0x800});
        memory.poke(blocks + n * rings::entry_octets, e.data(), e.size());
        memory.poke(at, packet.data(), packet.size());
        rings::command c;
        c.opcode = o;
        c.flags = static_cast<std::uint8_t>(flags);
        c.handle = h;
        c.address = blocks + n * rings::entry_octets;
        c.length = rings::entry_octets;
        return c;
    }
    bytes result(unsigned n, std::uint32_t length) {
        bytes b(length);
        for (std::uint32_t i = 0; i < length; ++i) b[i] = static_cast<std::uint8_t>(memory.read32(packets + n * 0x1000 + 0x800 + i));
        return b;
    }
    // A frame through the block, by command block.
    unsigned send(const bytes& d, state::handle h, std::uint64_t sequence) {
        constexpr std::uint32_t at = 0x1000, array = 0x3000, buffer = 0x8000;
        block(at, through_block, 0xFFFFFFFF);
        memory.write32(at + 8, array);
        memory.write32(at + 12, protects | 1u << 24);
        memory.write32(at + 16, h.index);
        memory.write32(at + 20, h.generation);
        memory.write32(at + 24, static_cast<std::uint32_t>(sequence));
        memory.write32(at + 28, 0);
        memory.poke(buffer, d.data(), d.size());
        memory.write32(array, buffer), memory.write32(array + 4, static_cast<std::uint32_t>(d.size()));
        scb(1, 0, at);
        run_until_idle();
        return memory.read16(at);
    }
    unsigned lend(state::handle h, std::uint32_t first, std::uint32_t last) {
        constexpr std::uint32_t at = 0x1000;
        block(at, lend_code, 0xFFFFFFFF);
        const std::uint32_t words[] = {first, 0, h.index, h.generation, last, 0};
        for (unsigned i = 0; i < 6; ++i) memory.write32(at + 8 + 4 * i, words[i]);
        scb(1, 0, at);
        run_until_idle();
        return memory.read16(at);
    }
    bytes on_wire(std::size_t n) {
        REQUIRE(n < cable.sent.size());
        const bytes& d = cable.sent[n].frame->data;
        REQUIRE(packet::check_fcs(*cable.sent[n].frame));
        const auto v = packet::ethernet_view::parse({d.data(), d.size() - packet::fcs_octets});
        REQUIRE(v);
        return bytes(v->payload.data, v->payload.data + v->payload.size);
    }
    bytes opened(const bytes& packet, std::uint64_t sequence) {
        ipsec::opened o;
        ipsec::work w;
        REQUIRE(ipsec::unprotect(peer, {packet.data(), packet.size()}, o, w) == ipsec::outcome::done);
        CHECK(o.sequence == sequence);
        return o.packet;
    }
    bytes made(const bytes& clear) {             // by the peer
        bytes out;
        ipsec::work w;
        std::uint64_t sequence = 0;
        std::uint8_t iv[16];
        REQUIRE(sender_side.draw(sequence, iv));
        REQUIRE(ipsec::protect(sender_side, {clear.data(), clear.size()}, sequence, iv, out, w, 1) == ipsec::outcome::done);
        return out;
    }
    std::uint32_t posted = 0, told = 0;
    ipsec::association peer{association()}, sender_side{association()};
};

}  // namespace

TEST_CASE("rings in a nic: a window of their own beside the registers and none without the block") {
    fresh_kernel k;
    face r;
    {
        CHECK(r.get(rings::reg::format) == rings::format_version);
        CHECK(r.get(rings::reg::uses) == 0x1F);
        CHECK(r.get(rings::reg::associations) == 256);
        CHECK(r.get(rings::reg::ciphers) == (1u | 1u << static_cast<unsigned>(ipsec::cipher_kind::aes_cbc)
                                                | 1u << static_cast<unsigned>(ipsec::cipher_kind::aes_ctr)));
        CHECK(r.read(0x1D, 1) == 7);                 // the registers of the 82559 are where they were
    }
}

TEST_CASE("rings in a nic: a nic without the block has no window") {
    fresh_kernel k;
    face r(with_block(false));
    CHECK(r.card.crypto_unit() == nullptr);
    CHECK(r.card.pci_device().registers().read(base_register_3, 4) == 0);
    CHECK(r.get(rings::reg::format) == 0xFFFFFFFF);
}

TEST_CASE("rings in a nic: an association is of one direction, and only jobs and traffic of that direction find it") {
    fresh_kernel k;
    face r;
    CHECK(r.install(0).reason == reason::no_such_use);
    CHECK(r.install(rings::receives | rings::sends).reason == reason::no_such_use);
    const rings::completion out = r.install(rings::sends);
    REQUIRE(out.was_executed());
    CHECK(r.install(rings::sends).reason == reason::duplicate_spi);
    const rings::completion in = r.install(rings::receives);         // the other direction's table
    REQUIRE(in.was_executed());
    CHECK(out.handle.index != in.handle.index);
    const bytes clear = datagram(300);
    CHECK(r.done_with(r.job(0, opcode::process_and_return, out.handle, clear, rings::inbound)).reason == reason::no_such_use);
    CHECK(r.done_with(r.job(0, opcode::process_and_return, in.handle, clear, rings::numbered, 5)).reason == reason::no_such_use);
    CHECK(r.send(framed(clear), in.handle, 1) == (0x8000 | static_cast<unsigned>(reason::stale_handle)));
    CHECK(r.send(framed(clear), out.handle, 1) == 0xA000);
    CHECK(r.opened(r.on_wire(0), 1) == clear);
}

TEST_CASE("rings in a nic: process-and-return both ways, and process-and-transmit onto the wire, beside inline transmission") {
    fresh_kernel k;
    face r;
    const state::handle out = r.install(rings::sends).handle, in = r.install(rings::receives).handle;
    const bytes clear = datagram(700);
    CHECK(r.send(framed(clear), out, 1) == 0xA000);
    const rings::completion returned = r.done_with(r.job(0, opcode::process_and_return, out, clear, rings::numbered, 2));
    REQUIRE(returned.was_executed());
    CHECK(r.opened(r.result(0, returned.length), 2) == clear);
    const rings::completion sent = r.done_with(r.job(1, opcode::process_and_transmit, out, framed(clear), rings::numbered, 3));
    CHECK(sent.was_executed());
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.opened(r.on_wire(0), 1) == clear);
    CHECK(r.opened(r.on_wire(1), 3) == clear);
    CHECK(r.done_with(r.job(1, opcode::process_and_transmit, out, framed(clear), rings::numbered, 3)).reason == reason::number_refused);
    const bytes protected_packet = r.made(clear);
    const rings::completion back = r.done_with(r.job(2, opcode::process_and_return, in, protected_packet, rings::inbound));
    REQUIRE(back.was_executed());
    CHECK(back.verdict == 0);
    CHECK(r.result(2, back.length) == clear);
    CHECK(back.sequence == 1);
    // One window for the line and for jobs: what a job took is a replay on the line.
    CHECK(r.done_with(r.job(2, opcode::process_and_return, in, protected_packet, rings::inbound)).verdict == static_cast<unsigned>(ipsec::outcome::replayed));
    r.ring(0x10000, 8);
    r.scb(0, 1, 0x10000);
    r.arrive(framed(protected_packet));
    r.run_until_idle();
    CHECK(r.metric("crypto.replayed") == 1);
}

TEST_CASE("rings in a nic: a frozen association works for nobody, neither on the line, until its state comes back") {
    fresh_kernel k;
    face r;
    const state::handle out = r.install(rings::sends).handle;
    const bytes clear = datagram(100);
    CHECK(r.send(framed(clear), out, 1) == 0xA000);
    rings::command c;
    c.opcode = opcode::freeze_and_read;
    c.handle = out;
    c.address = parts_at;
    c.length = 0x800;
    const rings::completion state_of = r.done_with(c);
    REQUIRE(state_of.was_executed());
    CHECK(r.send(framed(clear), out, 2) == (0x8000 | static_cast<unsigned>(reason::frozen)));
    CHECK(r.lend(out, 10, 20) == (0x8000 | static_cast<unsigned>(reason::frozen)));
    bytes cached;
    ipsec::write_cached(ipsec::association(association()).cached(), cached);
    c.opcode = opcode::change;
    c.address = parts_at + cached.size();
    c.length = state_of.length - static_cast<std::uint32_t>(cached.size());
    CHECK(r.done_with(c).was_executed());
    CHECK(r.send(framed(clear), out, 2) == 0xA000);
    CHECK(r.cable.sent.size() == 2);
    c.opcode = opcode::remove;
    c.address = c.length = 0;
    CHECK(r.done_with(c).was_executed());
    CHECK(r.send(framed(clear), out, 3) == (0x8000 | static_cast<unsigned>(reason::stale_handle)));
    const rings::completion again = r.install(rings::sends);
    CHECK(again.handle.index == out.index);
    CHECK(r.send(framed(clear), out, 3) == (0x8000 | static_cast<unsigned>(reason::stale_handle)));
    CHECK(r.send(framed(clear), again.handle, 3) == 0xA000);
}

TEST_CASE("rings in a nic: a reset of the nic takes rings and associations with it") {
    fresh_kernel k;
    face r;
    const state::handle out = r.install(rings::sends).handle;
    r.write(0x08, 4, 2);                             // PORT selective reset
    r.run(20 * microsecond);
    CHECK(r.get(rings::reg::status) == 0);
    r.configure(extended_blocks());
    r.start();
    CHECK(r.send(framed(datagram(100)), out, 1) == (0x8000 | static_cast<unsigned>(reason::stale_handle)));
    CHECK(r.install(rings::sends).handle != out);
}

// The rings' reset lets what is under way on the bus end: whenever it comes, the line goes on and the rings begin anew.
TEST_CASE("rings in a nic: reset of the rings alone at every instant of two jobs, with a frame of the line in between") {
    unsigned none = 0, some = 0, all = 0;
    for (unsigned clocks = 7; clocks < 4'000; clocks += 29) {
        fresh_kernel k;
        {
            face r;
            const state::handle out = r.install(rings::sends).handle;
            const bytes clear = datagram(600);
            r.post(r.job(0, opcode::process_and_return, out, clear, rings::numbered, 10));
            r.post(r.job(1, opcode::process_and_transmit, out, framed(clear), rings::numbered, 11));
            r.bell();
            r.run(clocks * r.period());
            r.set(rings::reg::control, rings::control_reset);
            for (unsigned n = 0; n < 100 && r.get(rings::reg::status) != 0; ++n) r.run(r.period());
            REQUIRE(r.get(rings::reg::status) == 0);
            r.run_until_idle();
            const std::size_t told = r.done().size();
            (told == 0 ? none : told == 1 ? some : all) += 1;
            r.set(rings::reg::status, rings::status_refused);      // a head that the unit, which counts from 0 again, has not come to
            CHECK(r.cable.sent.size() <= 1);
            if (told == 2) CHECK(r.cable.sent.size() == 1);
            r.start();
            const rings::completion again = r.install(rings::sends);
            REQUIRE(again.was_executed());
            CHECK(again.handle != out);
            CHECK(r.done_with(r.job(0, opcode::process_and_return, out, clear, rings::numbered, 12)).reason == reason::stale_handle);
            const rings::completion returned = r.done_with(r.job(0, opcode::process_and_return, again.handle, clear, rings::numbered, 12));
            REQUIRE(returned.was_executed());
            CHECK(r.opened(r.result(0, returned.length), 12) == clear);
            CHECK(r.send(framed(clear), again.handle, 13) == 0xA000);
        }
    }
    CHECK(none > 0);
    CHECK(some > 0);
    CHECK(all > 0);
}

// A job and the line want the same engines at about one time: nothing of either is lost, and the unit's engines are one set.
TEST_CASE("rings in a nic: jobs wait for the engines that the line has") {
    const auto jobs_end = [](bool with_line) {
        fresh_kernel k;
        face r;
        const state::handle in = r.install(rings::receives).handle;
        r.ring(0x10000, 8);
        r.scb(0, 1, 0x10000);
        const bytes long_one = r.made(datagram(1'300)), line = r.made(datagram(1'300));
        if (with_line) r.arrive(framed(line));
        r.run(122 * microsecond);                        // its last octet has passed, its engines are about to begin
        const ps before = sim::now();
        r.post(r.job(0, opcode::process_and_return, in, long_one, rings::inbound));
        r.bell();
        ps when = 0;
        for (unsigned n = 0; n < 12'000 && !when; ++n) {
            r.run(r.period());
            if (!r.done().empty()) when = sim::now() - before;
        }
        r.run_until_idle();
        if (with_line) CHECK(r.metric("rx_frames") == 1);
        return when;
    };
    const ps alone = jobs_end(false), beside = jobs_end(true);
    REQUIRE(alone > 0);
    CHECK(beside > alone);
}

TEST_CASE("rings in a nic: with one place an entry is read when the one before is complete") {
    const auto takes = [](unsigned ring_places) {
        fresh_kernel k;
        nic::nic_config c = with_block();
        c.crypto.ring_places = ring_places;
        face r(c);
        const state::handle out = r.install(rings::sends).handle;
        for (unsigned n = 0; n < 4; ++n) r.post(r.job(n, opcode::process_and_return, out, datagram(600), rings::numbered, 10 + n));
        const ps before = sim::now();
        r.bell();
        std::size_t done = 0;
        for (unsigned n = 0; n < 100'000 && done < 4; ++n) {
            r.run(r.period());
            done += r.done().size();
        }
        REQUIRE(done == 4);
        return sim::now() - before;
    };
    CHECK(takes(1) > takes(4));
}

// What leaves is a frame of this link, and no longer than the association's path takes: as of what command blocks send.
TEST_CASE("rings in a nic: what a job sends is held to link and path, to the octet") {
    fresh_kernel k;
    face r;
    auto p = association();
    const auto largest = [&](std::uint32_t limit) {                  // octets of UDP data
        std::size_t n = 0;
        while (ipsec::protected_size(p, *packet::ip_view::parse(datagram(n + 1))) <= limit) ++n;
        return n;
    };
    const state::handle out = r.install(rings::sends).handle;
    std::uint64_t number = 0;
    const auto sent = [&](state::handle h, std::size_t data) {
        return r.done_with(r.job(0, opcode::process_and_transmit, h, framed(datagram(data)), rings::numbered, ++number));
    };
    CHECK(sent(out, largest(1'500)).was_executed());
    CHECK(sent(out, largest(1'500) + 1).reason == reason::too_long);
    CHECK(r.cable.sent.size() == 1);
    bytes cached;
    ipsec::cached_parameters changed = ipsec::association(p).cached();
    changed.path_mtu = 800;
    ipsec::write_cached(changed, cached);
    r.memory.poke(parts_at, cached.data(), cached.size());
    rings::command c;
    c.opcode = opcode::change;
    c.handle = out;
    c.address = parts_at;
    c.length = static_cast<std::uint32_t>(cached.size());
    REQUIRE(r.done_with(c).was_executed());
    CHECK(sent(out, largest(800)).was_executed());
    CHECK(sent(out, largest(800) + 1).reason == reason::too_long);
    CHECK(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[0].frame->data.size() <= 1'518);
}
