// Extended receive frame descriptors of the 82550 (docs/nic-82550.md): VLAN tag, parser and checksum status, and what of the frame goes to memory.
#include <catch2/catch.hpp>

#include "nic/receive/received_form.h"
#include "unit/nic/ip_packets.h"
#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000;
enum bits : unsigned { parser = 1, strip = 2, save_bad = 4, fcs = 8, word = 16, keep_short = 32, short_descriptors = 64, padding_off = 128 };

std::vector<std::uint8_t> with(unsigned b) {
    auto c = rig::usual();
    c[0] = 0x20;
    c.resize(32, 0);
    if (!(b & short_descriptors)) c[7] |= 0x20;
    c[18] |= 0x08;
    c[22] = static_cast<std::uint8_t>((b & parser ? 1 : 0) | (b & strip ? 2 : 0));
    if (b & save_bad) c[6] |= 0x80;
    if (b & fcs) c[18] |= 0x04;
    if (b & word) c[9] |= 0x01;
    if (b & keep_short) c[7] &= 0xFE;
    if (b & padding_off) c[18] |= 0x01;
    return c;
}

struct received {
    unsigned status, count, tag, parsed, reserved, security, checksum, zero_copy;
    bytes data;
};
received look(rig& r, unsigned offset = 32) {
    std::uint8_t* d = r.memory.at(at);
    received x{r.memory.read16(at), r.memory.read16(at + 12) & 0x3FFFu, d[16] * 256u + d[17], d[18], d[19], r.memory.read16(at + 20), d[22], d[23], {}};
    x.data.assign(r.memory.at(at + offset), r.memory.at(at + offset) + x.count);
    return x;
}
nic::nic_config the_82550() {
    nic::nic_config c;
    c.identity = nic::nic_identity::i82550;
    return c;
}
received take(rig& r, unsigned setup, const bytes& d, wire::wire_end how = wire::wire_end::good, unsigned size = 1600) {
    r.configure(with(setup));
    r.ring(at, 2, size);
    for (unsigned i = 16; i < 32; ++i) *r.memory.at(at + i) = 0xEE;
    r.scb(0, 1, at);
    r.arrive(d, how);
    r.run_until_idle();
    return look(r, setup & short_descriptors ? 16 : 32);
}

bytes wire_form(const ip_packet& p) {
    bytes b = frame_of(p);
    b.resize(std::max<std::size_t>(b.size(), 60));
    return b;
}
bytes untagged(bytes b) {
    b.erase(b.begin() + 12, b.begin() + 16);
    return b;
}

}  // namespace

TEST_CASE("extended descriptors: a good packet of TCP or UDP in every framing and length") {
    for (const bool tcp : {true, false})
        for (const bool snap : {false, true})
            for (const bool vlan : {false, true})
                for (const unsigned options : {0u, 40u})
                    for (const unsigned payload : {0u, 1u, 99u, 1300u}) {
                        fresh_kernel k;
                        rig r(the_82550());
                        const ip_packet p{vlan, snap, tcp, options, tcp ? options : 0, payload, 0x4000, 0, payload};
                        const bytes d = wire_form(p);
                        const received x = take(r, parser, d);
                        INFO("tcp " << tcp << " snap " << snap << " vlan " << vlan << " options " << options << " payload " << payload);
                        CHECK(x.status == (0xA008u | (snap && !vlan ? 0 : 0x20) | (vlan ? 0x1000 : 0)));
                        CHECK(x.tag == (vlan ? 0x6123 : 0));
                        CHECK(x.parsed == (tcp ? 8 : 9));
                        CHECK(x.checksum == 0x33);
                        CHECK(x.security == 0);
                        CHECK(x.reserved + x.zero_copy == 0);
                        CHECK(x.data == d);
                        CHECK(*r.memory.at(at + 24) == 0xEE);        // behind: not written
                        CHECK(r.metric("rx_checksums") == 1);
                    }
}

TEST_CASE("extended descriptors: wrong checksums are told of and the packet is stored") {
    for (const bool tcp : {true, false})
        for (const bool ip_wrong : {false, true})
            for (const bool transport_wrong : {false, true}) {
                fresh_kernel k;
                rig r(the_82550());
                ip_packet p;
                p.tcp = tcp;
                bytes d = frame_of(p);
                if (ip_wrong) d[p.ip_sum_at()] ^= 0x10;
                if (transport_wrong) d[p.end() - 1] ^= 0x01;
                const received x = take(r, parser, d);
                CHECK(x.status == 0xA028);
                CHECK(x.checksum == (0x11u | (ip_wrong ? 0 : 0x02) | (transport_wrong ? 0 : 0x20)));
                CHECK(x.data == d);
                CHECK(r.metric("rx_bad_checksums") == (ip_wrong || transport_wrong));
                CHECK(r.metric("rx_checksums") == !(ip_wrong || transport_wrong));
                CHECK(r.metric("rx_frames") == 1);
            }
}

TEST_CASE("extended descriptors: a UDP checksum of zero counts as good") {
    fresh_kernel k;
    rig r(the_82550());
    ip_packet p;
    p.tcp = false;
    CHECK(take(r, parser, frame_of(p, sums::none)).checksum == 0x33);
}

TEST_CASE("extended descriptors: ESP and AH and IP in IP have the checksum of IP headers alone") {
    for (const unsigned protocol : {50u, 51u, 4u}) {
        fresh_kernel k;
        rig r(the_82550());
        ip_packet p;
        p.protocol = static_cast<std::uint8_t>(protocol);
        const received x = take(r, parser, frame_of(p));
        CHECK(x.status == 0xA028);
        CHECK(x.parsed == 0x0B);
        CHECK(x.checksum == 0x03);
    }
    for (const bool inner_wrong : {false, true}) {
        const ip_packet inner;
        bytes in = frame_of(inner);
        if (inner_wrong) in[inner.ip_sum_at()] ^= 1;
        ip_packet p;
        p.tcp = false;
        p.protocol = 4;
        p.payload = static_cast<unsigned>(inner.end() - 14 - 8);      // in the place of the UDP header too
        bytes d = frame_of(p);
        std::copy(in.begin() + 14, in.end(), d.begin() + static_cast<std::ptrdiff_t>(p.transport_at()));
        fresh_kernel k;
        rig r(the_82550());
        CHECK(take(r, parser, d).checksum == (inner_wrong ? 0x01 : 0x03));
    }
}

TEST_CASE("extended descriptors: what does not pass the parser's checks is passed on with nothing said") {
    struct row { const char* what; bytes d; };
    ip_packet p, fragment, last_fragment, icmp, udp, snap;
    fragment.fragment = 0x2000;
    last_fragment.fragment = 0x0010;
    icmp.protocol = 1;
    udp.tcp = false;
    snap.snap = true;
    const auto change = [](bytes b, std::size_t i, unsigned v) { b[i] = static_cast<std::uint8_t>(v); return b; };
    const bytes d = frame_of(p);
    bytes short_tcp = change(change(d, 16, 0), 17, 39);
    for (const row& w : {row{"ARP", change(d, 13, 6)}, row{"a fragment", frame_of(fragment)}, row{"the last fragment", frame_of(last_fragment)}, row{"ICMP", frame_of(icmp)},
                         row{"version 6", change(d, 14, 0x65)}, row{"a header of 16 octets", change(d, 14, 0x44)}, row{"a total length beyond the frame", change(d, 16, 0x40)},
                         row{"a TCP header cut", short_tcp}, row{"a UDP length of 7", change(frame_of(udp), udp.transport_at() + 5, 7)},
                         row{"a UDP length beyond the packet", change(frame_of(udp), udp.transport_at() + 4, 7)}, row{"LLC that is not unnumbered", change(frame_of(snap), 16, 0x13)},
                         row{"SNAP of another organisation", change(frame_of(snap), 19, 0x01)}, row{"SNAP of another type", change(frame_of(snap), 21, 0x06)}, row{"two tags", [&] {
                             ip_packet t;
                             t.vlan = true;
                             return change(change(frame_of(t), 16, 0x81), 17, 0);
                         }()}}) {
        fresh_kernel k;
        rig r(the_82550());
        const received x = take(r, parser, w.d);
        INFO(w.what);
        CHECK((x.status & 0xA008) == 0xA000);
        CHECK(x.parsed == 0);
        CHECK(x.checksum == 0);
        CHECK(x.data == w.d);
        CHECK(r.metric("rx_checksums") + r.metric("rx_bad_checksums") == 0);
    }
}

TEST_CASE("extended descriptors: a VLAN tag is copied and taken off on demand") {
    for (const bool strips : {false, true})
        for (const unsigned extra : {0u, 0u + fcs, 0u + word, fcs | word, 0u + padding_off})
            for (const unsigned octets : {60u, 61u, 64u, 200u, 1518u}) {
                fresh_kernel k;
                rig r(the_82550());
                bytes d = rig::payload(octets);
                d[12] = 0x81, d[13] = 0, d[14] = 0xB0, d[15] = 0x07;
                const received x = take(r, extra | (strips ? 0u + strip : 0u), d);
                bytes expected = d;
                if (extra & fcs) {
                    std::uint8_t b[4];
                    packet::put_fcs(b, packet::fcs_of(d));
                    expected.insert(expected.end(), b, b + 4);
                }
                if (strips) expected = untagged(expected);
                INFO("strip " << strips << " extra " << extra << " octets " << octets);
                CHECK((x.status & 0xF000) == 0xB000);
                CHECK(x.tag == 0xB007);
                REQUIRE(x.count == expected.size() + (extra & word ? 2 : 0));
                CHECK(std::equal(expected.begin(), expected.end(), x.data.begin()));
                if (extra & word) CHECK((x.data[x.count - 2] | x.data[x.count - 1] << 8) == nic::checksum_word(d.data() + 14, d.size() - 14));
                // The next one has none.
                r.arrive(rig::payload(100));
                r.run_until_idle();
                CHECK((r.memory.read16(at + 2048) & 0xF000) == 0xA000);
                CHECK(r.memory.read16(at + 2048 + 16) == 0);
            }
}

TEST_CASE("extended descriptors: a tagged frame that is stripped goes to memory in bursts while it arrives") {
    ps behind[2];
    for (const bool vlan : {false, true}) {
        bytes d = rig::payload(1518);
        if (vlan) d[12] = 0x81, d[13] = 0, d[14] = 0, d[15] = 5;
        fresh_kernel k;
        rig r(the_82550());
        const received x = take(r, strip, d);
        CHECK(x.data == (vlan ? untagged(d) : d));
        unsigned bursts = 0;
        ps first = never;
        for (const tenure_record& t : r.own())
            if (t.address >= at + 32 && t.address < at + 2048 && t.command == pci::command::memory_write) ++bursts, first = std::min(first, t.start);
        CHECK(bursts > 5);
        // The 64th byte is octet 63, or 67 with a tag before it, and leaves the delay line of the FCS four octets later; it is seen at the second
        // edge behind that (docs/nic-fifos.md).
        const ps enters = r.sender.begun[0] + (8 + (vlan ? 67 : 63) + 4) * 80'000;
        behind[vlan] = first - r.bus.clock().after(enters, 2);
    }
    CHECK(behind[0] == behind[1]);
    CHECK(behind[0] <= 2 * 30'000);
}

TEST_CASE("extended descriptors: what is in the FIFO is less by the tag and an overrun comes as much later") {
    for (const bool strips : {false, true})
        for (const unsigned octets : {3072u, 3073u, 3076u, 3077u}) {
            fresh_kernel k;
            rig r(the_82550());
            bytes d = rig::payload(octets);
            d[12] = 0x81, d[13] = 0, d[14] = 0, d[15] = 5;
            r.configure(with(strips ? 0u + strip : 0u));
            r.ring(at, 2, 4000);
            r.memory.busy = true;            // nothing leaves
            r.arrive(d);
            r.run(300 * microsecond);
            INFO("strip " << strips << " octets " << octets);
            r.memory.busy = false;
            r.scb(0, 1, at);
            r.run_until_idle();
            const bool fits = octets - (strips ? 4 : 0) <= 3072;
            CHECK(r.metric("rx_frames") == fits);
            CHECK(r.metric("rx_fifo") == std::min(3072u, octets - (strips ? 4 : 0)));
        }
}

TEST_CASE("extended descriptors: short and damaged and truncated frames") {
    ip_packet p;
    p.vlan = true;
    const bytes d = frame_of(p);
    {
        fresh_kernel k;
        rig r(the_82550());
        const received x = take(r, parser | strip | save_bad, d, wire::wire_end::bad_fcs);
        CHECK(x.status == 0x9820);
        CHECK(x.tag == 0x6123);
        CHECK(x.parsed + x.checksum == 0);
        CHECK(x.data == untagged(d));
    }
    {
        fresh_kernel k;
        rig r(the_82550());
        const received x = take(r, parser | strip, d, wire::wire_end::good, 100);
        CHECK(x.status == 0x9228);           // the parser has seen all of it
        CHECK(x.checksum == 0x33);
        CHECK(x.count == 100);
    }
    {
        fresh_kernel k;
        rig r(the_82550());
        const received x = take(r, parser | strip | keep_short, bytes(d.begin(), d.begin() + 30));
        CHECK(x.status == 0x90A0);
        CHECK(x.data == untagged(bytes(d.begin(), d.begin() + 30)));
    }
    // Cut anywhere, within the tag too.
    for (unsigned n = 6; n < 24; ++n) {
        fresh_kernel k;
        rig r(the_82550());
        r.configure(with(parser | strip | keep_short | save_bad));
        r.ring(at, 2, 1600);
        r.scb(0, 1, at);
        r.arrive(d, wire::wire_end::good, 0, n);
        r.arrive(wire_form({}));
        r.run_until_idle();
        INFO(n);
        const bool first = n > 4;            // its last four octets count as the FCS
        CHECK(r.memory.read16(at) == (first ? r.memory.read16(at) : 0));
        CHECK(r.metric("rx_frames") == 1);
        CHECK(r.metric("rx_checksums") == 1);
    }
}

TEST_CASE("extended descriptors: data and extension and count and status each have their tenure") {
    fresh_kernel k;
    rig r(the_82550());
    r.configure(with(parser));
    r.ring(at, 2);
    r.scb(0, 1, at);
    r.run(10 * microsecond);
    r.log.log.clear();
    r.arrive(rig::payload(60));
    r.run_until_idle();
    const auto own = r.own();
    REQUIRE(own.size() == 5);
    const std::uint64_t addresses[] = {at + 32, at + 16, at + 12, at, at + 2048};
    const std::uint32_t words[] = {15, 2, 1, 1, 4};
    for (unsigned i = 0; i < 5; ++i) {
        CHECK(own[i].address == addresses[i]);
        CHECK(own[i].words == words[i]);
        if (i) CHECK(own[i].start == own[i - 1].idle + 1 * r.period());
    }
}

TEST_CASE("extended descriptors: buffers of the flexible mode and header descriptors begin behind 32 bytes") {
    const bytes d = frame_of(ip_packet{});
    for (const bool header : {false, true}) {
        fresh_kernel k;
        rig r(the_82550());
        r.configure(with(parser));
        r.descriptor(at, header ? 0x8018 : 0x8008, 0, header ? 20 : 40);
        r.memory.write32(at + 8, 0x20000);
        r.memory.write32(0x20000, 0);
        r.memory.write32(0x20004, 0xFFFFFFFF);
        r.memory.write32(0x20008, 0x21000);
        r.memory.write32(0x2000C, 0x8000 | 1000);
        if (header) r.scb(0, 5, 54);
        r.scb(0, 1, at);
        r.arrive(d);
        r.run_until_idle();
        const unsigned own = header ? 54 + 20 : 40;
        CHECK(r.memory.read16(at) == 0xA028);
        CHECK(r.memory.read16(at + 12) == (0xC000 | own));
        CHECK(r.memory.read16(0x20000) == (0xC000u | (d.size() - own)));
        CHECK(*r.memory.at(at + 22) == 0x33);
        CHECK(std::equal(d.begin(), d.begin() + own, r.memory.at(at + 32)));
        CHECK(std::equal(d.begin() + own, d.end(), r.memory.at(0x21000)));
    }
}

TEST_CASE("extended descriptors: parser and stripping with descriptors of 16 bytes are told in the status alone") {
    ip_packet p;
    p.vlan = true;
    fresh_kernel k;
    rig r(the_82550());
    const received x = take(r, parser | strip | short_descriptors, frame_of(p));
    CHECK(x.status == 0xB028);
    CHECK(x.data == untagged(frame_of(p)));
    // And without either an 82550 does as an 82559.
    const received y = [&] {
        fresh_kernel k2;
        rig s(the_82550());
        return take(s, short_descriptors, frame_of(p));
    }();
    CHECK(y.status == 0xA020);
    CHECK(y.data == frame_of(p));
}

TEST_CASE("extended descriptors: without the parser they have the tag alone") {
    fresh_kernel k;
    rig r(the_82550());
    const received x = take(r, 0, frame_of(ip_packet{}));
    CHECK(x.status == 0xA020);
    CHECK(x.parsed + x.checksum + x.tag == 0);
}

TEST_CASE("extended descriptors: an address where nothing is") {
    fresh_kernel k;
    rig r(the_82550());
    r.configure(with(parser));
    r.descriptor(at, 0x8000, 0);
    r.memory.abort_at = at + 16;
    r.scb(0, 1, at);
    r.arrive(frame_of(ip_packet{}));
    r.run_until_idle();
    CHECK(r.memory.read16(at) == 0xA028);    // as any write that is aborted: it counts, the frame goes on
    CHECK(r.metric("target_aborts") == 1);
}

TEST_CASE("extended descriptors: other identities refuse and count the three fields") {
    using i = nic::nic_identity;
    for (const i which : {i::i82557, i::i82558, i::i82559, i::extended}) {
        fresh_kernel k;
        nic::nic_config n;
        n.identity = which;
        rig r(n);
        auto c = with(parser | strip);
        c[18] &= 0xF7;
        c[3] = 0;
        c[7] &= 0xBF;                            // two frames: not of an 82557 either
        r.configure(c);
        CHECK(r.memory.read16(0x100) == 0x8000);
        CHECK(r.metric("refused_configuration") == 3);
    }
}
