// The IPCB transmit command of the 82550 (docs/nic-82550.md): checksums and tags inserted, what is refused, when the frame goes.
#include <catch2/catch.hpp>

#include "unit/nic/ip_packets.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t block = 0x1000, array = 0x3000, buffers = 0x8000;
enum activation : unsigned { ip = 0x10, transport = 0x20, is_tcp = 0x40, large = 0x80, parse = 0x100, vlan = 0x200, security = 0x400, scheduled = 0x1000 };

nic::nic_config of(nic::nic_identity i) {
    nic::nic_config c;
    c.identity = i;
    return c;
}

std::vector<std::uint8_t> extended_blocks() {
    auto c = rig::usual();
    c[6] &= 0xEF;
    c[10] |= 0x08;                           // the source address comes from memory
    c[18] |= 0x08;
    return c;
}

struct request {
    unsigned what = ip | transport | parse;
    unsigned tag = 0;
    unsigned ip_at = 0, transport_at = 0;
    unsigned behind = 0;                     // octets of the frame behind the block
    std::vector<unsigned> sizes{};           // of the buffers; none: the rest in one
    unsigned threshold = 1;                  // 8 octets: they are not enough
    bool dynamic = false;
};

void prepare(rig& r, const request& q, const bytes& d, std::uint32_t at = block, unsigned command = 0x8009, std::uint32_t link = 0) {
    r.block(at, command, link);
    std::vector<unsigned> sizes = q.sizes;
    if (sizes.empty()) sizes = {static_cast<unsigned>(d.size()) - q.behind};
    r.memory.write32(at + 8, array);
    r.memory.write32(at + 12, q.behind | q.threshold << 16 | (q.dynamic ? 0xFFu : static_cast<unsigned>(sizes.size())) << 24);
    r.memory.write32(at + 16, (q.what & 0xFF) << 16 | q.what >> 8 << 24);
    r.memory.write32(at + 20, (q.tag >> 8 | (q.tag & 0xFF) << 8) | q.ip_at << 16 | q.transport_at << 24);
    r.memory.poke(at + 32, d.data(), q.behind);
    std::uint32_t done = q.behind;
    for (unsigned i = 0; i < sizes.size(); ++i) {
        const std::uint32_t to = buffers + (at - block) * 16 + i * 0x800, t = i == 0 ? at + 24 : array + 8 * (i - 1);
        r.memory.poke(to, d.data() + done, sizes[i]);
        r.memory.write32(t, to);
        r.memory.write32(t + 4, sizes[i] | (q.dynamic && i + 1 == sizes.size() ? 0x8000u : 0));
        done += sizes[i];
    }
}

struct result {
    unsigned status;
    bytes wire;                              // without FCS
};
result send(rig& r, const request& q, const bytes& d, std::vector<std::uint8_t> c = extended_blocks()) {
    if (q.dynamic) c[7] |= 0x80;
    r.configure(c);
    prepare(r, q, d);
    r.scb(1, 0, block);
    r.run_until_idle();
    result x{r.memory.read16(block), {}};
    if (!r.cable.sent.empty()) {
        x.wire = r.cable.sent.back().frame->data;
        x.wire.resize(x.wire.size() - 4);
    }
    return x;
}

bytes padded(bytes d) {
    d.resize(std::max<std::size_t>(d.size(), 60));
    return d;
}
bytes tagged(bytes d, unsigned tag) {
    const std::uint8_t t[] = {0x81, 0, static_cast<std::uint8_t>(tag >> 8), static_cast<std::uint8_t>(tag)};
    d.insert(d.begin() + 12, std::begin(t), std::end(t));
    return d;
}

}  // namespace

TEST_CASE("IPCB: both checksums of TCP and UDP in every framing and length") {
    for (const bool tcp : {true, false})
        for (const bool snap : {false, true})
            for (const bool in_memory : {false, true})
                for (const unsigned options : {0u, 8u, 40u})
                    for (const unsigned payload : {0u, 1u, 2u, 99u, 1200u}) {
                        fresh_kernel k;
                        rig r(of(nic::nic_identity::i82550));
                        const ip_packet p{in_memory, snap, tcp, options, tcp ? options / 2 / 4 * 4 : 0, payload, 0x4000, 0, payload + options};
                        const result x = send(r, {}, frame_of(p, sums::as_for_assist));
                        INFO("tcp " << tcp << " snap " << snap << " vlan " << in_memory << " options " << options << " payload " << payload);
                        CHECK(x.status == 0xA000);
                        CHECK(x.wire == padded(frame_of(p)));
                        CHECK(r.metric("tx_checksums") == 1);
                        CHECK(r.metric("tx_assist_missed") == 0);
                        CHECK(packet::check_fcs(*r.cable.sent[0].frame));
                    }
}

TEST_CASE("IPCB: each checksum alone and none") {
    const ip_packet p;
    for (const unsigned what : {0u, 0u + ip, 0u + transport}) {
        fresh_kernel k;
        rig r(of(nic::nic_identity::i82550));
        bytes expected = frame_of(p, sums::as_for_assist);
        if (what & ip) put(expected, p.ip_sum_at(), word_at(frame_of(p), p.ip_sum_at()));
        if (what & transport) put(expected, p.transport_sum_at(), word_at(frame_of(p), p.transport_sum_at()));
        CHECK(send(r, {what | parse}, frame_of(p, sums::as_for_assist)).wire == padded(expected));
        CHECK(r.metric("tx_checksums") == (what ? 1 : 0));
    }
}

TEST_CASE("IPCB: a UDP checksum that comes to zero is sent as ones") {
    ip_packet p;
    p.tcp = false;
    p.payload = 20;
    bytes d = frame_of(p, sums::as_for_assist);
    // The last word makes the sum all ones.
    put(d, p.end() - 2, 0);
    put(d, p.end() - 2, 0xFFFF - slow_sum_of(d, p.transport_at(), p.end()));
    fresh_kernel k;
    rig r(of(nic::nic_identity::i82550));
    CHECK(word_at(send(r, {}, d).wire, p.transport_sum_at()) == 0xFFFF);
}

TEST_CASE("IPCB: a VLAN tag is inserted behind the addresses and the frame is padded with it") {
    for (const unsigned octets : {20u, 56u, 57u, 60u, 100u, 1514u}) {
        fresh_kernel k;
        rig r(of(nic::nic_identity::i82550));
        const bytes d = rig::payload(octets);
        request q;
        q.what = vlan;
        q.tag = 0xA123;
        const result x = send(r, q, d);
        INFO(octets);
        CHECK(x.status == 0xA000);
        CHECK(x.wire == padded(tagged(d, 0xA123)));
        CHECK(r.metric("tx_checksums") == 0);
        CHECK(r.metric("tx_bytes") == std::max(60u, octets + 4) + 4);
    }
}

TEST_CASE("IPCB: tag and checksums together where offsets do not count the tag") {
    const ip_packet p;
    const bytes d = frame_of(p, sums::as_for_assist);
    for (const bool by_chip : {true, false}) {
        fresh_kernel k;
        rig r(of(nic::nic_identity::i82550));
        request q;
        q.what = ip | transport | is_tcp | vlan | (by_chip ? parse : 0u);
        q.tag = 0x0042;
        q.ip_at = by_chip ? 0 : 14;
        q.transport_at = by_chip ? 0 : 34;
        CHECK(send(r, q, d).wire == tagged(frame_of(p), 0x0042));
    }
}

TEST_CASE("IPCB: without hardware parsing the block's offsets and its TCP bit count") {
    for (const bool tcp : {true, false}) {
        ip_packet p;
        p.tcp = tcp;
        p.protocol = 99;                     // which the chip would not take for either
        p.options = 4;
        fresh_kernel k;
        rig r(of(nic::nic_identity::i82550));
        request q;
        q.what = ip | transport | (tcp ? is_tcp : 0u);
        q.ip_at = 14;
        q.transport_at = 38;
        CHECK(send(r, q, frame_of(p, sums::as_for_assist)).wire == padded(frame_of(p)));
    }
}

TEST_CASE("IPCB: a checksum without a header for it is not inserted and counted") {
    struct row { const char* what; request q; bytes data; bytes wire; };
    ip_packet fragment, other, broken;
    fragment.fragment = 0x2000;
    other.protocol = 1;
    const auto unfit = [](const bytes& b, std::size_t at, unsigned v) { bytes c = b; put(c, at, v); return c; };
    const bytes d = frame_of(broken, sums::as_for_assist), arp = [] { bytes b = rig::payload(60); b[13] = 6; return b; }();
    const auto with_ip = [](const ip_packet& p) { bytes b = frame_of(p, sums::as_for_assist); put(b, p.ip_sum_at(), word_at(frame_of(p), p.ip_sum_at())); return b; };
    std::vector<row> rows{
        {"ARP", {}, arp, arp},
        {"an empty frame of ones", {}, bytes(60, 0xFF), bytes(60, 0xFF)},
        {"a fragment has its header's alone", {}, frame_of(fragment, sums::as_for_assist), with_ip(fragment)},
        {"ICMP has its header's alone", {}, frame_of(other, sums::as_for_assist), with_ip(other)},
        {"a total length beyond the frame", {}, unfit(d, 16, 0xFFFF), unfit(d, 16, 0xFFFF)},
        {"a header of 16 octets", {}, unfit(d, 14, 0x4400), unfit(d, 14, 0x4400)},
        {"a header beyond the frame", {}, unfit(bytes(d.begin(), d.begin() + 60), 14, 0x4F00), unfit(bytes(d.begin(), d.begin() + 60), 14, 0x4F00)},
        {"a frame of 13 octets", {}, bytes(13, 8), padded(bytes(13, 8))},
        {"a frame of one octet", {}, bytes(1, 8), padded(bytes(1, 8))},
    };
    row beyond{"offsets beyond the frame", {}, d, d};
    beyond.q.what = ip | transport | is_tcp;
    beyond.q.ip_at = beyond.q.transport_at = 255;
    row before = beyond;
    before.what = "a transport offset inside the IPv4 header";
    before.q.ip_at = 14;
    before.q.transport_at = 20;
    before.wire = with_ip(broken);
    row last = before;
    last.what = "a transport offset at the packet's end";
    last.q.transport_at = static_cast<unsigned>(broken.end());
    rows.insert(rows.end(), {beyond, before, last});
    for (const row& w : rows) {
        fresh_kernel k;
        rig r(of(nic::nic_identity::i82550));
        const result x = send(r, w.q, w.data);
        INFO(w.what);
        CHECK(x.status == 0xA000);
        CHECK(x.wire == w.wire);
        CHECK(r.metric("tx_assist_missed") == 1);
        CHECK(r.metric("tx_checksums") == 0);
    }
}

TEST_CASE("IPCB: data behind the block and buffers of any length in an array and in a growing one") {
    const ip_packet p;
    const bytes d = frame_of(p, sums::as_for_assist);
    for (const bool dynamic : {false, true})
        for (const request& shape : {request{}, request{0, 0, 0, 0, 14, {}}, request{0, 0, 0, 0, 35, {1, 3, 60, 55}}, request{0, 0, 0, 0, 0, {13, 141}}, request{0, 0, 0, 0, 0, {50, 1, 2, 1, 100}}}) {
            fresh_kernel k;
            rig r(of(nic::nic_identity::i82550));
            request q = shape;
            q.what = ip | transport | parse;
            q.dynamic = dynamic;
            const result x = send(r, q, d);
            CHECK(x.status == 0xA000);
            CHECK(x.wire == frame_of(p));
        }
}

TEST_CASE("IPCB: the whole frame is in the FIFO before it goes whatever the threshold and nothing runs short") {
    for (const unsigned what : {0u + ip, 0u + transport, 0u + vlan, 0u}) {
        fresh_kernel k;
        rig r(of(nic::nic_identity::i82550));
        r.memory.first_wait = 15;
        r.memory.burst_words = 1;            // slower than the wire
        ip_packet p;
        p.payload = 1400;
        const bytes d = frame_of(p, sums::as_for_assist);
        r.configure(extended_blocks());
        r.log.log.clear();
        prepare(r, {what | parse}, d);
        r.scb(1, 0, block);
        r.run_until_idle();
        ps last = 0;
        for (const tenure_record& t : r.own())
            if (t.command == pci::command::memory_read_multiple) last = std::max(last, t.last);
        REQUIRE(r.cable.sent.size() == (what ? 1 : 2));
        CHECK((r.cable.sent[0].octets.first() > last) == (what != 0));
        CHECK((r.metric("tx_underruns") == 0) == (what != 0));
    }
}

TEST_CASE("IPCB: one behind the other with checksums leave at wire speed") {
    for (const unsigned payload : {6u, 1400u}) {
        fresh_kernel k;
        rig r(of(nic::nic_identity::i82550), 1 << 20);
        ip_packet p;
        p.payload = payload;
        const bytes d = frame_of(p, sums::as_for_assist);
        r.configure(extended_blocks());
        for (unsigned i = 0; i < 20; ++i) prepare(r, {ip | transport | parse}, d, block + i * 64, i == 19 ? 0x8009 : 0x0009, block + (i + 1) * 64);
        r.scb(1, 0, block);
        r.run_until_idle();
        REQUIRE(r.cable.sent.size() == 20);
        for (unsigned i = 1; i < 20; ++i) CHECK(r.cable.sent[i].octets.first() - r.cable.sent[i - 1].octets.last() == 13 * 80'000);
        CHECK(r.cable.sent[19].frame->data.size() == padded(d).size() + 4);
    }
}

TEST_CASE("IPCB: what is asked for besides and what lacks its conditions is refused and counted") {
    struct row { const char* what; unsigned bits; unsigned byte, value; };
    for (const row& w : {row{"large send", ip | transport | parse | large, 0, 0x16}, row{"scheduled send", ip | parse | scheduled, 0, 0x16}, row{"security", ip | parse | security, 0, 0x16}, row{"security, the other bit", ip | parse | security << 1, 0, 0x16},
                         row{"standard blocks", ip | parse, 6, 0x32}, row{"the source address inserted", ip | parse, 10, 0x26}, row{"a growing array that Configure does not know", ip | parse, 7, 0x43}}) {
        fresh_kernel k;
        rig r(of(nic::nic_identity::i82550));
        auto c = extended_blocks();
        c[w.byte] = static_cast<std::uint8_t>(w.value);
        r.configure(c);
        request q{w.bits};
        q.dynamic = w.byte == 7;
        prepare(r, q, frame_of(ip_packet{}, sums::as_for_assist));
        r.scb(1, 0, block);
        r.run_until_idle();
        INFO(w.what);
        CHECK(r.memory.read16(block) == 0x8000);
        CHECK(r.cable.sent.empty());
        CHECK(r.metric("refused_command") == 1);
        CHECK(r.metric("tx_unsendable") == 1);
    }
}

TEST_CASE("IPCB: no other identity has it") {
    using i = nic::nic_identity;
    for (const i which : {i::i82557, i::i82558, i::i82559, i::extended}) {
        fresh_kernel k;
        rig r(of(which));
        r.configure(extended_blocks());
        const std::uint64_t before = r.metric("refused_configuration");
        prepare(r, {}, frame_of(ip_packet{}, sums::as_for_assist));
        r.scb(1, 0, block);
        r.run_until_idle();
        CHECK(r.memory.read16(block) == 0x8000);
        CHECK(r.metric("refused_command") == 1);
        CHECK(r.cable.sent.empty());
        CHECK(before == (which == i::i82557 ? r.metric("refused_configuration") : 0));
    }
}

TEST_CASE("IPCB: empty and overlong frames and buffers beyond memory end the block") {
    for (const unsigned n : {0u, 3073u}) {
        fresh_kernel k;
        rig r(of(nic::nic_identity::i82550));
        request q;
        q.sizes = n ? std::vector<unsigned>{2000, n - 2000} : std::vector<unsigned>{0};
        CHECK(send(r, q, bytes(n, 1)).status == 0x8000);
        CHECK(r.metric("tx_unsendable") == 1);
    }
    fresh_kernel k;
    rig r(of(nic::nic_identity::i82550));
    r.configure(extended_blocks());
    prepare(r, {ip | transport | parse | vlan}, frame_of(ip_packet{}));
    r.memory.write32(block + 24, 0x80000000);           // where nothing is: it reads as ones
    r.scb(1, 0, block);
    r.run_until_idle();
    CHECK(r.memory.read16(block) == 0xA000);
    REQUIRE(r.cable.sent.size() == 1);
    CHECK(r.metric("tx_assist_missed") == 1);
    CHECK(r.cable.sent[0].frame->data[11] == 0xFF);
    CHECK(r.cable.sent[0].frame->data[12] == 0x81);
}
