// A NIC with the crypto block that protects what it sends: command blocks in, what is on the wire and in the status out.
#include <set>

#include <catch2/catch.hpp>

#include "nic/mac/crypto_transmit.h"
#include "nicteam/offload/engine_set.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/udp.h"
#include "nicteam/rings/entries.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;
using rings::reason;

namespace {

constexpr std::uint32_t block_at = 0x1000, spacing = 0x40, arrays = 0x3000, buffers = 0x8000;
constexpr unsigned through_block = 10, lend_code = 11, last = 0x8000;
enum flag : unsigned { protects = 1, checksums = 2 };

nic::nic_config with_block() {
    nic::nic_config c;
    c.identity = nic::nic_identity::extended;
    c.crypto.enable = true;
    c.crypto.engines = {"aes-128-round", "sha1"};
    return c;
}

std::vector<std::uint8_t> extended_blocks() {
    auto c = rig::usual();
    c[6] &= 0xEF;
    c[10] |= 0x08;                           // the source address comes from memory
    return c;
}

ipsec::association_parameters association() {
    ipsec::association_parameters p;
    p.name = "sa";
    p.spi = 0x4711;
    p.source = packet::ip_address(packet::ipv4_address{0x0A000001});
    p.destination = packet::ip_address(packet::ipv4_address{0x0A000002});
    p.algorithms = {ipsec::cipher_kind::aes_cbc, ipsec::authentication_kind::hmac_sha1_96};
    p.keys.cipher.assign(16, 1);
    p.keys.authentication.assign(20, 2);
    return p;
}

bytes clear_frame(std::size_t octets) {
    packet::ipv4_fields f;
    f.source = 0x0A000001, f.destination = 0x0A000002;
    bytes data(octets), out;
    for (std::size_t n = 0; n < octets; ++n) data[n] = static_cast<std::uint8_t>(n * 7);
    packet::append_ethernet(out, {2, 0, 0, 0, 0, 2}, {2, 0, 0, 0, 0, 1}, packet::ether_type::ipv4);
    packet::append_udp_datagram(out, f, 1, 2, {data.data(), data.size()});
    return out;
}

struct crypto_rig : rig {
    explicit crypto_rig(const nic::nic_config& c = with_block(), std::uint64_t numbers = 100) : rig(c) {
        configure(extended_blocks());
        if (!card.crypto_out()) return;
        install({1, numbers});
        log.log.clear();
    }
    // With numbers that are lent to it; none when the first is behind the last.
    void install(const ipsec::lease& numbers) {
        const auto added = card.crypto_out()->install(association());
        REQUIRE(added.refused == "");
        handle = added.handle;
        if (numbers.first <= numbers.last) REQUIRE(card.crypto_out()->associations().find(handle)->take(numbers));
    }
    // Block n: a frame of several buffers.
    void prepare(unsigned n, const bytes& d, unsigned flags = protects, std::uint64_t sequence = 0, unsigned command = last | through_block) {
        const std::uint32_t at = block_at + n * spacing, to = buffers + n * 0x800, array = arrays + n * 0x40;
        block(at, command, at + spacing);
        memory.write32(at + 8, array);
        memory.write32(at + 12, flags | 2u << 24);
        memory.write32(at + 16, flags & protects ? handle.index : 0);
        memory.write32(at + 20, flags & protects ? handle.generation : 0);
        memory.write32(at + 24, static_cast<std::uint32_t>(sequence));
        memory.write32(at + 28, static_cast<std::uint32_t>(sequence >> 32));
        memory.poke(to, d.data(), d.size());
        const std::uint32_t first = 20;
        memory.write32(array, to), memory.write32(array + 4, first);
        memory.write32(array + 8, to + first), memory.write32(array + 12, static_cast<std::uint32_t>(d.size()) - first);
    }
    void send() {
        scb(1, 0, block_at);
        run_until_idle();
    }
    unsigned status(unsigned n = 0) { return memory.read16(block_at + n * spacing); }
    bytes wire(std::size_t n) {              // without FCS
        const bytes& d = cable.sent.at(n).frame->data;
        REQUIRE(packet::check_fcs(*cable.sent[n].frame));
        return bytes(d.begin(), d.end() - packet::fcs_octets);
    }
    bytes opened(std::size_t n, std::uint64_t* sequence = nullptr) {
        const bytes f = wire(n);
        ipsec::opened o;
        ipsec::work w;
        const auto v = packet::ethernet_view::parse({f.data(), f.size()});
        REQUIRE(v);
        REQUIRE(ipsec::unprotect(peer, v->payload, o, w) == ipsec::outcome::done);
        if (sequence) *sequence = o.sequence;
        bytes back(f.begin(), f.begin() + packet::ethernet_header);
        back.insert(back.end(), o.packet.begin(), o.packet.end());
        return back;
    }
    state::handle handle;
    ipsec::association peer{association()};
};

constexpr unsigned refused(reason r, unsigned verdict = 0) { return 0x8000 | static_cast<unsigned>(r) | verdict << 8; }

}  // namespace

TEST_CASE("what a command block names an association for is on the wire protected and opens to what was in memory") {
    fresh_kernel k;
    crypto_rig r;
    const bytes a = clear_frame(100), b = clear_frame(1'400), plain = clear_frame(30);
    r.prepare(0, a, protects, 0, through_block);
    r.prepare(1, plain, 0, 0, through_block);
    r.prepare(2, b);
    r.send();
    REQUIRE(r.cable.sent.size() == 3);
    std::uint64_t sequence = 0;
    CHECK(r.opened(0, &sequence) == a);
    CHECK(sequence == 1);
    CHECK(r.wire(1) == plain);
    CHECK(r.opened(2, &sequence) == b);
    CHECK(sequence == 2);
    for (unsigned n = 0; n < 3; ++n) CHECK(r.status(n) == 0xA000);
    CHECK(r.metric("tx_frames") == 3);
    CHECK(r.metric("crypto_transmit.protected") == 2);
    CHECK(r.metric("crypto_transmit.buffered") == 3);
}

TEST_CASE("the first preamble octet of a protected frame follows from its last word on the bus") {
    for (const bool early : {false, true}) {
        fresh_kernel k;
        auto c = with_block();
        c.crypto.package_clocks = 7;
        c.crypto.frame_start = early ? offload::frame_start::early : offload::frame_start::whole;
        crypto_rig r(c);
        const bytes f = clear_frame(700);
        r.prepare(0, f);
        r.send();
        ps last_word = 0;
        for (const auto& t : r.own())
            if (t.address >= buffers) last_word = std::max(last_word, t.last);
        const clock_domain clock(c.crypto.period), octet(80'000);
        const offload::engine_set set(c.crypto.engines, c.crypto.coupling);
        const auto p = association();
        const std::size_t text = offload::esp_text(p.algorithms, f.size() - 14 - 20);
        const auto engines = offload::esp_clocks(set.serving(p, offload::way::out).with, p.algorithms, offload::way::out, text, false, true).total;
        const std::size_t behind = 14 + 20 + 8 + 16 + text + 12;
        const auto words = [](std::size_t n) { return (n + 3) / 4; };
        const auto clocks = 1 + words(f.size()) + 7 + 1 + words(f.size()) + c.crypto.lookup_clocks + engines + 1;
        const ps taken = clock.after(last_word, c.crypto.crossing) + static_cast<ps>(clocks) * clock.period();
        REQUIRE(r.cable.sent.size() == 1);
        CHECK(r.cable.sent[0].frame->data.size() == behind + 4);
        CHECK(r.cable.sent[0].octets.first() == octet.after(taken + static_cast<ps>(early ? 1 : words(behind)) * clock.period(), 2));
        CHECK(r.metric("tx_underruns") == 0);
    }
}

TEST_CASE("an early start is the earliest at which no octet can be late") {
    // By trying: word w is there at w + 1 clocks; the preamble begins at the latest one octet and a bit behind the word waited for.
    const auto late = [](std::uint32_t from, std::uint32_t n, unsigned word, ps block, ps octet, unsigned preamble) {
        const ps begin = static_cast<ps>((from + word - 1) / word) * block + octet + 1;      // at the soonest
        for (std::uint32_t k = 0; k < n; ++k)
            if (static_cast<ps>(k / word + 1) * block >= begin + static_cast<ps>(preamble + k) * octet) return true;
        return false;
    };
    for (const std::uint32_t n : {60u, 61u, 64u, 700u, 1'514u})
        for (const unsigned word : {1u, 4u, 16u})
            for (const ps block : {10'000, 30'000, 33'000, 100'000, 1'000'000})
                for (const ps octet : {8'000, 80'000, 800'000})
                    for (const unsigned preamble : {2u, 8u}) {
                        const std::uint32_t from = nic::certain_from(n, word, block, octet, preamble);
                        CHECK(from >= 1);
                        CHECK(from <= n);
                        CHECK_FALSE(late(from, n, word, block, octet, preamble));
                        if (from > word && from < n) CHECK(late(from - word, n, word, block, octet - 1, preamble));
                    }
}

TEST_CASE("a block whose words are slower than the link starts early without an underrun") {
    fresh_kernel k;
    auto c = with_block();
    c.link_rate = 1'000'000'000;
    c.crypto.period = 100'000;               // 25 ns an octet; the link takes 8
    c.crypto.frame_start = offload::frame_start::early;
    crypto_rig r(c, 100);
    r.cable.rate = 1'000'000'000;
    r.configure(extended_blocks());
    for (unsigned n = 0; n < 6; ++n) r.prepare(n, clear_frame(100 + n * 250), protects, 0, n == 5 ? last | through_block : through_block);
    r.send();
    REQUIRE(r.cable.sent.size() == 6);
    for (unsigned n = 0; n < 6; ++n) CHECK(r.opened(n) == clear_frame(100 + n * 250));
    CHECK(r.metric("tx_underruns") == 0);
}

TEST_CASE("refused transmissions complete once with their reason and nothing of them is on the wire") {
    fresh_kernel k;
    crypto_rig r(with_block(), 1);
    const bytes f = clear_frame(200);
    const state::handle good = r.handle;
    bytes arp = f;
    arp[13] = 0x06;
    r.prepare(0, f, protects, 0, through_block);
    r.prepare(1, f, protects, 0, through_block);                     // the lease had one number
    r.prepare(2, f, protects, 7, through_block);                     // brings its own
    r.prepare(3, f, protects, 7, through_block);                     // and it is used
    r.handle.generation += 1;
    r.prepare(4, f, protects, 8, through_block);
    r.handle = good;
    r.prepare(5, arp, protects, 8, through_block);
    r.prepare(6, clear_frame(1'472), protects, 8, through_block);
    r.prepare(7, f, protects, 9);
    r.send();
    CHECK(r.status(0) == 0xA000);
    CHECK(r.status(1) == refused(reason::no_number));
    CHECK(r.status(2) == 0xA000);
    CHECK(r.status(3) == refused(reason::number_refused));
    CHECK(r.status(4) == refused(reason::stale_handle));
    CHECK(r.status(5) == refused(reason::none, static_cast<unsigned>(ipsec::outcome::malformed)));
    CHECK(r.status(6) == refused(reason::too_long));
    CHECK(r.status(7) == 0xA000);
    REQUIRE(r.cable.sent.size() == 3);
    for (unsigned n = 0; n < 3; ++n) CHECK(r.opened(n) == f);
    CHECK(r.metric("command_blocks") == 8 + 1);                      // Configure
    for (const char* m : {"no_number", "number_refused", "stale_handle", "unprotectable", "too_long"}) CHECK(r.metric(std::string("crypto_transmit.") + m) == 1);
}

TEST_CASE("numbers are lent by a command block and only behind all that there were") {
    fresh_kernel k;
    crypto_rig r(with_block(), 0);
    const bytes f = clear_frame(64);
    const auto lend = [&](unsigned n, std::uint32_t first, std::uint32_t upto, std::uint32_t generation, unsigned more = 0) {
        const std::uint32_t at = block_at + n * spacing;
        r.block(at, more | lend_code, at + spacing);
        const std::uint32_t words[] = {first, 0, r.handle.index, generation, upto, 0};
        for (unsigned i = 0; i < 6; ++i) r.memory.write32(at + 8 + 4 * i, words[i]);
    };
    r.prepare(0, f, protects, 0, through_block);
    lend(1, 5, 6, r.handle.generation);
    r.prepare(2, f, protects, 0, through_block);
    r.prepare(3, f, protects, 9, through_block);                     // not while some are lent
    r.prepare(4, f, protects, 0, through_block);
    lend(5, 6, 9, r.handle.generation);
    lend(6, 10, 12, r.handle.generation + 1);
    r.prepare(7, f);
    r.send();
    CHECK(r.status(0) == refused(reason::no_number));
    CHECK(r.status(1) == 0xA000);
    CHECK(r.status(3) == refused(reason::number_refused));
    CHECK(r.status(5) == refused(reason::number_refused));
    CHECK(r.status(6) == refused(reason::stale_handle));
    CHECK(r.status(7) == refused(reason::no_number));
    REQUIRE(r.cable.sent.size() == 2);
    std::uint64_t sequence = 0;
    CHECK(r.opened(0, &sequence) == f);
    CHECK(sequence == 5);
    CHECK(r.opened(1, &sequence) == f);
    CHECK(sequence == 6);
}

TEST_CASE("a controller without the block and blocks of a wrong form are refused") {
    {
        fresh_kernel k;
        auto c = with_block();
        c.crypto.enable = false;
        crypto_rig r(c);
        r.prepare(0, clear_frame(64));
        r.send();
        CHECK(r.status() == 0x8000);
        CHECK(r.metric("refused_command") == 1);
        CHECK(r.cable.sent.empty());
        CHECK(r.card.crypto_out() == nullptr);
    }
    fresh_kernel k;
    crypto_rig r;
    const bytes f = clear_frame(64);
    const struct {
        unsigned offset, bits;
    } wrong[] = {{12, 4}, {12, 0x8000}, {14, 1}};
    unsigned n = 0;
    for (const auto& w : wrong) {
        r.prepare(n, f, protects, 0, through_block);
        const std::uint32_t at = block_at + n++ * spacing + 12;
        r.memory.write32(at, r.memory.read32(at) | w.bits << 8 * (w.offset - 12));
    }
    r.prepare(n++, f, 0, 5, through_block);                          // a number for nothing
    r.prepare(n, f, protects, 0, through_block);
    r.memory.write32(block_at + n++ * spacing + 12, protects);       // no TBD
    r.prepare(n++, f, protects, 0, last | through_block | 0x10);     // the FCS from memory
    r.send();
    for (unsigned i = 0; i < n; ++i) CHECK(r.status(i) == 0x8000);
    CHECK(r.metric("tx_unsendable") == n);
    CHECK(r.metric("refused_command") == n);
    CHECK(r.cable.sent.empty());
    CHECK(r.metric("crypto_transmit.frames") == 0);
    r.configure(rig::usual());                                       // blocks of 16 octets
    r.prepare(0, f);
    r.send();
    CHECK(r.status() == 0x8000);
    CHECK(r.cable.sent.empty());
}

TEST_CASE("checksums are inserted in front of the protection") {
    for (const unsigned flags : {checksums | protects, unsigned{checksums}}) {
        fresh_kernel k;
        crypto_rig r;
        const bytes whole = clear_frame(333);
        bytes f = whole;
        f[24] = f[25] = 0;                   // of IP
        const std::uint32_t sum = 0x0A00 + 0x0001 + 0x0A00 + 0x0002 + 17 + (333 + 8);
        f[40] = static_cast<std::uint8_t>(sum >> 8), f[41] = static_cast<std::uint8_t>(sum);      // of UDP: the pseudo header's
        r.prepare(0, f, flags);
        r.send();
        REQUIRE(r.cable.sent.size() == 1);
        CHECK((flags & protects ? r.opened(0) : r.wire(0)) == whole);
        CHECK(r.metric("tx_checksums") == 1);
    }
}

TEST_CASE("checksums of TCP and UDP and ICMPv6 are inserted over IPv6") {
    struct kind { std::uint8_t protocol; std::size_t field; };
    for (const kind& which : {kind{6, 16}, kind{17, 6}, kind{58, 2}})
        for (const std::size_t options : {0u, 8u})                     // destination options in front
            for (const unsigned flags : {checksums | protects, unsigned{checksums}}) {
                fresh_kernel k;
                crypto_rig r;
                constexpr std::size_t ip = 14, header = 40, octets = 133;      // of the segment: odd
                bytes f = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xDD, 0x60, 0, 0, 0, 0, static_cast<std::uint8_t>(octets + options)};
                f.push_back(options ? 60 : which.protocol);
                f.push_back(64);
                for (unsigned n = 0; n < 32; ++n) f.push_back(static_cast<std::uint8_t>(0x20 + 5 * n));
                if (options) f.insert(f.end(), {which.protocol, 0, 1, 4, 0, 0, 0, 0});
                const std::size_t at = ip + header + options;
                for (std::size_t n = 0; n < octets; ++n) f.push_back(static_cast<std::uint8_t>(n * 11 + 1));
                // RFC 8200, 8.1, word by word: addresses, length, next header; then the segment with the field 0.
                std::uint32_t pseudo = octets + which.protocol, segment = 0;
                for (std::size_t n = ip + 8; n < ip + header; n += 2) pseudo += f[n] << 8 | f[n + 1];
                const auto folded = [](std::uint32_t sum) {
                    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
                    return sum;
                };
                pseudo = folded(pseudo);
                f[at + which.field] = f[at + which.field + 1] = 0;
                for (std::size_t n = 0; n < octets; ++n) segment += f[at + n] << (n % 2 ? 0 : 8);
                bytes whole = f;
                const std::uint32_t checksum = ~folded(pseudo + segment) & 0xFFFF;
                const auto put = [&](bytes& to, std::uint32_t v) {
                    to[at + which.field] = static_cast<std::uint8_t>(v >> 8), to[at + which.field + 1] = static_cast<std::uint8_t>(v);
                };
                put(whole, checksum);
                put(f, pseudo);
                r.prepare(0, f, flags);
                r.send();
                REQUIRE(r.cable.sent.size() == 1);
                const bytes got = flags & protects ? r.opened(0) : r.wire(0);
                CHECK(bytes(got.begin() + ip, got.end()) == bytes(whole.begin() + ip, whole.end()));
                CHECK(r.metric("tx_checksums") == 1);
            }
}

TEST_CASE("a retry after a collision sends the same octets and draws no second number") {
    fresh_kernel k;
    ps alone = 0;
    {
        fresh_kernel inner;
        crypto_rig r;
        r.cable.full_duplex = false;
        r.configure(extended_blocks());
        r.prepare(0, clear_frame(500));
        r.send();
        alone = r.cable.sent.at(0).octets.first();
    }
    crypto_rig r;
    r.cable.full_duplex = false;
    r.configure(extended_blocks());
    r.arrive(rig::payload(60), wire::wire_end::good, alone + 20 * 80'000);
    r.prepare(0, clear_frame(500));
    r.send();
    REQUIRE(r.cable.sent.size() == 2);
    CHECK(r.cable.sent[0].how == wire::wire_end::collided);
    const bytes& jammed = r.cable.sent[0].frame->data;
    REQUIRE(jammed.size() > 8);
    const bytes again = r.wire(1);
    CHECK(std::equal(jammed.begin(), jammed.end() - 4, again.begin()));
    std::uint64_t sequence = 0;
    CHECK(r.opened(1, &sequence) == clear_frame(500));
    CHECK(sequence == 1);
    CHECK(r.card.crypto_out()->associations().find(r.handle)->next_sequence() == 2);
}

TEST_CASE("a reset with packets in every place lets out what the wire had and takes the association away with its numbers") {
    std::set<std::uint64_t> firsts;
    for (ps after = 2 * microsecond; after < 300 * microsecond; after += 7 * microsecond) {
        fresh_kernel k;
        crypto_rig r;
        for (unsigned n = 0; n < 5; ++n) r.prepare(n, clear_frame(600), protects, 0, n == 4 ? last | through_block : through_block);
        r.scb(1, 0, block_at);
        r.run(after);
        const std::uint64_t drawn = r.card.crypto_out()->associations().find(r.handle)->next_sequence() - 1;
        const state::handle stale = r.handle;
        r.write(0x08, 4, 0);                 // PORT: software reset
        r.run_until_idle();
        CHECK(r.card.crypto_out()->associations().find(stale) == nullptr);
        std::uint64_t before = 0, sequence = 0;
        std::size_t whole = 0;
        for (std::size_t n = 0; n < r.cable.sent.size(); ++n) {
            if (r.cable.sent[n].how != wire::wire_end::good) continue;
            CHECK(r.opened(n, &sequence) == clear_frame(600));
            CHECK(sequence == ++before);
            ++whole;
        }
        const std::size_t sent = r.cable.sent.size();
        r.configure(extended_blocks());
        r.prepare(0, clear_frame(99));
        r.send();
        CHECK(r.status(0) == refused(reason::stale_handle));
        REQUIRE(r.cable.sent.size() == sent);
        r.install({50, 60});
        REQUIRE(r.handle != stale);
        r.prepare(0, clear_frame(99));
        r.send();
        REQUIRE(r.cable.sent.size() == sent + 1);
        CHECK(r.opened(sent, &sequence) == clear_frame(99));
        CHECK(sequence == 50);
        CHECK(drawn >= whole);
        firsts.insert(drawn);
    }
    CHECK(firsts.size() >= 4);               // the reset met them at different places
}

TEST_CASE("the frame buffer bounds what waits for the link and a pause holds everything behind it off") {
    fresh_kernel k;
    auto c = with_block();
    c.crypto.frame_buffer = 1'536;
    c.crypto.frame_buffer_frames = 1;
    crypto_rig r(c);
    for (unsigned n = 0; n < 8; ++n) r.prepare(n, clear_frame(1'300), protects, 0, n == 7 ? last | through_block : through_block);
    r.send();
    REQUIRE(r.cable.sent.size() == 8);
    for (unsigned n = 0; n < 8; ++n) CHECK(r.opened(n) == clear_frame(1'300));
    CHECK(r.metric("crypto_transmit.frame_buffer") <= 1'536);
    CHECK(r.metric("crypto_transmit.fifo_frames") >= 1);
    CHECK(r.metric("tx_fifo") <= 3'072);
    // One frame at a time: behind each gap there is the way from 21a into the buffer.
    for (unsigned n = 1; n < 8; ++n) CHECK(r.cable.sent[n].octets.first() > r.cable.sent[n - 1].octets.last() + 13 * 80'000);
}

TEST_CASE("any number of refused transmissions find a place behind a frame that waits") {
    fresh_kernel k;
    auto c = with_block();
    c.crypto.frame_buffer = 1'536;
    c.crypto.frame_buffer_frames = 1;
    crypto_rig r(c);
    constexpr unsigned good = 3, all = 20;
    for (unsigned n = 0; n < all; ++n) {
        r.prepare(n, clear_frame(n < good ? 1'300 : 40), protects, 0, n == all - 1 ? last | through_block : through_block);
        if (n >= good) r.memory.write32(block_at + n * spacing + 20, r.handle.generation + 1);
    }
    r.send();
    REQUIRE(r.cable.sent.size() == good);
    for (unsigned n = 0; n < good; ++n) CHECK(r.opened(n) == clear_frame(1'300));
    for (unsigned n = good; n < all; ++n) CHECK(r.status(n) == refused(reason::stale_handle));
    CHECK(r.metric("crypto_transmit.stale_handle") == all - good);
}
