// What must not come through, each with the counter that tells of it and with whether it is audited (RFC 4301, RFC 4302, RFC 4303).
#include <catch2/catch.hpp>

#include <set>

#include "nicteam/ipsec/drops.h"
#include "nicteam/packet/fragment.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/reassembly.h"
#include "some_association.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

namespace {

const algorithms usual{cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96};

// Two ends that agree on one association, and the far one's counters.
struct ends {
    association_table from, to;
    packet::identification_source ids;
    policy all;
    drop_counts counts;

    explicit ends(association_parameters p = some(usual)) {
        p.name = "s";
        REQUIRE(from.add(p).refused.empty());
        REQUIRE(to.add(p).refused.empty());
        all.bundle = {"s"};
    }
    association& far() { return *to.find(to.named("s")); }
    bytes send(const bytes& b = ip_packet(false, 100)) { return outbound(from, policy_list({all}), b, 0, ids).packet; }
    passed receive(const bytes& b, ps now = 0) {
        policy there = all;
        std::swap(there.which.source, there.which.destination);
        const passed p = inbound(to, policy_list({there}), b, now);
        counts.count(p);
        return p;
    }
    // Dropped, for this reason, and nothing moved but its counter.
    void drops(const bytes& b, const char* reason, bool audited, ps now = 0) {
        const std::uint64_t before = counts.of(reason), all_before = counts.all(), audited_before = counts.audited(),
                            top = far().window.highest();
        const passed p = receive(b, now);
        CAPTURE(reason, p.reason());
        CHECK(p.dropped());
        CHECK(p.packet.empty());
        CHECK(counts.of(reason) == before + 1);
        CHECK(counts.all() == all_before + 1);
        CHECK(counts.audited() == audited_before + audited);
        CHECK(far().window.highest() == top);
    }
};

bytes with(bytes b, std::size_t at, std::uint8_t change) {
    b[at] ^= change;
    packet::finish_ip(b);
    return b;
}

bytes with_spi(bytes b, std::uint32_t spi) {
    packet::put32(&b[20], spi);
    return b;
}

bytes cut_to(bytes b, std::size_t n) {
    b.resize(n);
    packet::finish_ip(b);
    return b;
}

}  // namespace

TEST_CASE("every way to drop has a row and every row a way") {
    std::set<std::string> names;
    for (const metric_info& m : drop_metrics) CHECK(names.insert(m.name).second);
    CHECK(names.size() == drop_rows);
    std::set<std::size_t> rows;
    for (auto how = static_cast<int>(passage::discarded); how < static_cast<int>(passage::refused); ++how) {
        passed p;
        p.how = static_cast<passage>(how);
        CHECK(std::string(drop_metrics.rows[drop_row(p)].name) == p.reason());
        rows.insert(drop_row(p));
    }
    for (auto why = static_cast<int>(outcome::malformed); why <= static_cast<int>(outcome::congestion); ++why) {
        passed p;
        p.how = passage::refused;
        p.why = static_cast<outcome>(why);
        CHECK(std::string(drop_metrics.rows[drop_row(p)].name) == p.reason());
        // The rows say what is audited.
        CHECK((std::string(drop_metrics.rows[drop_row(p)].meaning).find("; audited") != std::string::npos) == p.auditable());
        rows.insert(drop_row(p));
    }
    CHECK(rows.size() == drop_rows);
    passed good;
    CHECK(drop_row(good) == drop_rows);
    drop_counts c;
    c.count(good);
    CHECK(c.all() == 0);
    CHECK(c.of("no such reason") == 0);
}

TEST_CASE("a flipped bit in any field is a bad ICV and the window stays") {
    ends e;
    e.send();
    const bytes good = e.send();      // its number has a neighbour that is not 0
    // Sequence number, IV, first and last block of the text, ICV.
    for (const std::size_t at : {24u, 27u, 28u, 43u, 44u, 59u}) e.drops(with(good, at, 0x01), "bad_icv", true);
    for (std::size_t back = 1; back <= 28; ++back) e.drops(with(good, good.size() - back, 0x80), "bad_icv", true);
    CHECK(e.counts.of("bad_icv") == 34);
    CHECK(e.receive(good).how == passage::pass);
}

TEST_CASE("an SPI that names nothing here is no association") {
    ends e;
    const bytes good = e.send();
    for (const std::uint32_t spi : {0u, 1u, 255u, 0x1000u, 0x1002u, 0xFFFFFFFFu}) e.drops(with_spi(good, spi), "no_association", true);
    bytes elsewhere = good;      // the SPI is right, the destination another
    packet::put32(&elsewhere[16], 0xC0000203);
    packet::finish_ip(elsewhere);
    e.drops(elsewhere, "no_association", true);
    bytes as_ah = good;          // the SPI stands where AH has it
    as_ah[9] = 51;
    packet::put32(&as_ah[24], 0x1001);
    packet::finish_ip(as_ah);
    e.drops(as_ah, "no_association", true);
    // Taken away while packets are on their way.
    const state::handle h = e.to.named("s");
    CHECK(e.to.remove(h));
    const passed p = e.receive(good);
    CHECK(p.how == passage::no_association);
    CHECK(e.to.find(h) == nullptr);
}

TEST_CASE("packets cut at any length are short or misaligned or wrong and none is taken") {
    for (const bool ah : {false, true})
        for (const algorithms& a : all_algorithms(ah)) {
            ends e(some(a, association_mode::transport, false, ah ? security_protocol::ah : security_protocol::esp));
            const bytes good = e.send(ip_packet(false, 40));
            const std::size_t least = ah ? 12 + a.iv() + a.icv() : 8 + a.iv() + a.icv() + 2;
            for (std::size_t n = 0; n < good.size() - 20; ++n) {
                const bytes cut = cut_to(good, 20 + n);
                CAPTURE(n, info(a.cipher).name, info(a.authentication).name);
                if (n < least) e.drops(cut, "short_packet", false);
                else if (!ah && (n - (least - 2)) % a.block()) e.drops(cut, "misaligned", false);
                else if (a.authenticates()) e.drops(cut, "bad_icv", true);
            }
        }
}

TEST_CASE("what is wrong behind a good ICV is told by its own reason") {
    // Cipher null: the text can be written by hand.
    auto p = some({cipher_kind::null, authentication_kind::hmac_sha1_96}, association_mode::tunnel);
    p.inner.source = {left_4, 32};
    ends e(p);
    std::uint32_t sequence = 0;
    const auto sealed = [&](bytes text, const char* from = "192.0.2.1") {
        bytes d = ip_packet(false, 0, 50);
        packet::put32(&d[12], packet::parse_ip(from)->v4());
        d.resize(28);
        packet::put32(&d[20], 0x1001);
        packet::put32(&d[24], ++sequence);
        d.insert(d.end(), text.begin(), text.end());
        const std::size_t size = d.size() - 20;
        d.resize(d.size() + 12);
        packet::finish_ip(d);
        e.from.find(e.from.named("s"))->transform().seal(&d[20], size, {});
        return d;
    };
    const auto with_trailer = [](bytes inner, std::uint8_t next, std::size_t filling = 0) {
        inner.resize(inner.size() + filling, 0xEE);
        std::uint8_t pad = 0;
        while ((inner.size() + 2) % 4) inner.push_back(++pad);
        inner.push_back(pad);
        inner.push_back(next);
        return inner;
    };
    const auto told = [&](const bytes& packet, const char* reason, bool audited) {
        const std::uint64_t before = e.counts.of(reason), audits = e.counts.audited();
        CHECK(e.receive(packet).dropped());
        CAPTURE(reason);
        CHECK(e.counts.of(reason) == before + 1);
        CHECK(e.counts.audited() == audits + audited);
        CHECK(e.far().window.highest() == sequence);      // its ICV was good
    };
    const bytes inner = ip_packet(false, 30);
    CHECK(e.receive(sealed(with_trailer(inner, 4))).packet == inner);
    CHECK(e.receive(sealed(with_trailer(inner, 4, 256))).packet == inner);      // filled up against traffic analysis: stripped
    bytes padding = with_trailer(inner, 4, 1);
    REQUIRE(padding[padding.size() - 2] == 3);
    padding[padding.size() - 3] ^= 1;
    told(sealed(padding), "bad_padding", true);
    for (const std::uint8_t pad : {std::uint8_t{51}, std::uint8_t{52}, std::uint8_t{255}}) {
        bytes beyond = with_trailer(inner, 4);
        REQUIRE(beyond.size() == 52);
        beyond[beyond.size() - 2] = pad;
        told(sealed(beyond), "bad_padding", true);
    }
    told(sealed(with_trailer(bytes(30, 7), 59)), "dummy", false);
    told(sealed(with_trailer(inner, 41)), "bad_inner", false);
    told(sealed(with_trailer(inner, 17)), "bad_inner", false);
    told(sealed(with_trailer(with(inner, 0, 0x10), 4)), "bad_inner", false);      // version 5
    bytes longer = inner;
    packet::put16(&longer[2], 51);
    told(sealed(with_trailer(longer, 4)), "bad_inner", false);
    bytes stranger = inner;
    packet::put32(&stranger[12], 0xC0000209);
    packet::finish_ip(stranger);
    told(sealed(with_trailer(stranger, 4)), "selector_mismatch", true);
    told(sealed(with_trailer(inner, 4), "192.0.2.9"), "selector_mismatch", true);      // from another end than the tunnel's
    bytes marked = sealed(with_trailer(inner, 4));
    marked[1] = packet::ecn::experienced;
    packet::finish_ip(marked);
    told(marked, "congestion", false);
}

TEST_CASE("sequence numbers that came or cannot come are told apart") {
    for (const bool extended : {false, true}) {
        auto p = some(usual);
        p.extended_sequence = extended;
        p.replay_window = 32;
        ends e(p);
        association& from = *e.from.find(e.from.named("s"));
        const bytes zero = [&] {
            bytes out;
            work w;
            const std::uint8_t iv[16] = {};
            REQUIRE(protect(from, ip_packet(false, 10), 0, iv, out, w) == outcome::done);
            return out;
        }();
        e.drops(zero, "sequence_zero", true);
        std::vector<bytes> sent;
        for (int n = 0; n < 100; ++n) sent.push_back(e.send());
        const auto number = [&](std::size_t n) -> const bytes& { return sent[n - 1]; };
        CHECK(e.receive(number(100)).how == passage::pass);
        e.drops(number(100), "replayed", true);
        // With extended numbers what lies below the window is taken for one of the next 2^32, which the ICV denies (RFC 4303, A2.2).
        const char* old = extended ? "bad_icv" : "too_old";
        e.drops(number(68), old, true);                       // T - W
        CHECK(e.receive(number(69)).how == passage::pass);    // T - W + 1
        e.drops(number(69), "replayed", true);
        e.drops(number(1), old, true);
        // A jump, and what lies far behind it; then as before.
        from.start_after(100'000);
        CHECK(e.receive(e.send()).how == passage::pass);
        e.drops(number(99), old, true);
        CHECK(e.receive(e.send()).how == passage::pass);
    }
}

TEST_CASE("without a window everything authentic is taken and still counted") {
    auto p = some(usual);
    p.replay_window = 0;
    ends e(p);
    const bytes one = e.send();
    for (int n = 1; n <= 5; ++n) {
        CHECK(e.receive(one).how == passage::pass);
        CHECK(e.far().packets() == static_cast<std::uint64_t>(n));
    }
    CHECK(e.far().octets() == 5 * 120);
}

TEST_CASE("plaintext where protection is asked for and fragments offered to ESP are audited") {
    ends e;
    e.drops(ip_packet(false, 40), "plaintext", true);
    e.all.action = policy_action::discard;
    e.drops(ip_packet(false, 40), "discarded", false);
    e.all.action = policy_action::protect;
    e.all.which.protocol = 6;
    e.drops(ip_packet(false, 40), "no_policy", false);
    e.drops(bytes(7, 0x45), "malformed", false);
    // Offered to the association itself: whoever reassembles comes first.
    bytes piece = e.send(ip_packet(false, 40, 6));
    piece[6] = 0x20;
    packet::finish_ip(piece);
    CHECK(e.receive(piece).how == passage::fragment);
    opened o;
    work w;
    passed p;
    p.how = passage::refused;
    p.why = unprotect(e.far(), piece, o, w);
    CHECK(p.why == outcome::fragment);
    CHECK(p.auditable());
    e.counts.count(p);
    CHECK(e.counts.of("fragment") == 1);
}

TEST_CASE("a reassembled datagram that is no whole ESP packet is dropped behind the reassembly") {
    ends e;
    const bytes good = e.send(ip_packet(false, 300));
    const auto fragments_of = [](bytes d) {
        d[6] = 0;
        packet::finish_ip(d);
        std::vector<bytes> pieces;
        REQUIRE(packet::fragment(d, 20 + 24, 0, pieces) == packet::fragment_result::fragmented);
        packet::reassembly_limits l;
        packet::reassembler again(l);
        packet::reassembly_step s{};
        for (const bytes& p : pieces) s = again.add(p, 0);
        REQUIRE(s == packet::reassembly_step::complete);
        return again.result().datagram;
    };
    e.drops(fragments_of(cut_to(good, 20 + 37)), "short_packet", false);
    e.drops(fragments_of(cut_to(good, 20 + 55)), "misaligned", false);
    e.drops(fragments_of(cut_to(good, 20 + 8 + 16 + 12 + 32)), "bad_icv", true);
    CHECK(e.receive(fragments_of(good)).how == passage::pass);
}

TEST_CASE("a wrong key is a bad ICV for each packet and the right one goes on afterwards") {
    ends e;
    auto wrong = some(usual);
    wrong.keys.authentication[3] ^= 1;
    ends other(wrong);
    for (int n = 0; n < 17; ++n) e.drops(other.send(), "bad_icv", true);
    CHECK(e.counts.of("bad_icv") == 17);
    for (int n = 0; n < 3; ++n) CHECK(e.receive(e.send()).how == passage::pass);
}

TEST_CASE("lifetimes in packets and octets and time end exactly and softly before") {
    const auto ages = [](limits soft, limits hard, ps step, unsigned soft_from, unsigned hard_from) {
        auto p = some(usual);
        p.soft = soft;
        p.hard = hard;
        ends e(p);
        drop_counts sender;
        for (unsigned n = 1; n <= hard_from + 1; ++n) {
            const ps now = n * step;
            const passed sent = outbound(e.from, policy_list({e.all}), ip_packet(false, 80), now, e.ids);
            sender.count(sent);
            CAPTURE(n);
            if (n >= hard_from) {
                CHECK(sent.how == passage::expired);
                continue;
            }
            CHECK(sent.how == passage::pass);
            CHECK(sent.soft_expired == (n >= soft_from));
            CHECK(e.receive(sent.packet, now).soft_expired == (n >= soft_from));
        }
        CHECK(sender.of("expired") == 2);
        CHECK(sender.audited() == 0);
    };
    ages({3, 0, 0}, {5, 0, 0}, 0, 3, 6);
    ages({0, 250, 0}, {0, 400, 0}, 0, 3, 5);             // packets of 100
    ages({0, 0, 30}, {0, 0, 50}, 10, 3, 5);
    ages({2, 0, 0}, {0, 0, 50}, 10, 2, 5);
}

TEST_CASE("keepalives are thrown away and key exchange in UDP is left alone") {
    auto p = some(usual);
    p.udp = udp_ports{};
    ends e(p);
    const auto datagram = [](bytes payload, std::uint16_t port = 4'500) {
        bytes d = ip_packet(false, 8);
        packet::put16(&d[20], port);
        packet::put16(&d[22], port);
        packet::put16(&d[24], static_cast<std::uint16_t>(8 + payload.size()));
        packet::put16(&d[26], 0);
        d.insert(d.end(), payload.begin(), payload.end());
        packet::finish_ip(d);
        return d;
    };
    e.drops(datagram({0xFF}), "keepalive", false);
    e.all.action = policy_action::bypass;
    CHECK(e.receive(datagram({0xFE})).how == passage::pass);
    CHECK(e.receive(datagram({0xFF, 0xFF})).how == passage::pass);
    CHECK(e.receive(datagram({0xFF}, 4'501)).how == passage::pass);
    CHECK(e.receive(datagram({0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8})).how == passage::pass);      // four zeros: IKE (RFC 3948, 2.2)
    // ESP in UDP and ESP by itself are two agreements.
    e.all.action = policy_action::protect;
    const bytes good = e.send();
    const auto v = *packet::ip_view::parse(good);
    CHECK(v.protocol == 17);
    CHECK(packet::get16(v.payload.data + 6) == 0);                      // no checksum (RFC 3948, 2.1)
    CHECK(packet::get16(v.payload.data + 4) == v.payload.size);
    bytes bare(good.begin(), good.begin() + 20);
    bare[9] = 50;
    bare.insert(bare.end(), good.begin() + 28, good.end());
    packet::finish_ip(bare);
    e.drops(bare, "no_association", true);
    bytes summed = good;                                                // one may have put one in
    packet::put16(&summed[26], 0x1234);
    CHECK(e.receive(summed).how == passage::pass);
    CHECK(e.receive(good).reason() == std::string("replayed"));
}
