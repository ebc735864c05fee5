// Whole packets of RFC 3602, section 4: cases 5 and 6 in transport mode, 7 and 8 through a tunnel.
#include <catch2/catch.hpp>

#include "hex.h"
#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/ipv4.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

namespace {

bytes from_to(const char* from, const char* to, std::uint8_t protocol, const bytes& payload, std::uint32_t identification) {
    packet::ip_fields f;
    f.source = *packet::parse_ip(from);
    f.destination = *packet::parse_ip(to);
    f.protocol = protocol;
    f.dont_fragment = false;
    f.identification = identification;
    bytes d;
    packet::append_ip(d, f, payload.size());
    d.insert(d.end(), payload.begin(), payload.end());
    return d;
}

}  // namespace

TEST_CASE("ESP packets are those of RFC 3602 from their first octet to their last") {
    const char *left = "192.168.123.3", *right = "192.168.123.100", *gateway = "192.168.123.200";
    const bytes ping_5 = hex("08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"
                             "28292a2b2c2d2e2f3031323334353637");
    const bytes ping_6 = hex("0800b5e8a80a0500a69c083d0b660e00777777777777777777777777");
    const bytes inner_7 = hex("45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a2040008090a0b0c0d0e0f10111213"
                              "1415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637");
    const bytes inner_8 = hex("45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083da3de0300ffffffffffffffffffffffff"
                              "ffffffffffffffffffffffffffffffffffffffff");
    const struct { const char *key, *iv; std::uint32_t spi, sequence; association_mode mode; bytes before; const char* esp;
    } rows[] = {
        {"90d382b410eeba7ad938c46cec1a82bf", "e96e8c08ab465763fd098d45dd3ff893", 0x4321, 1, association_mode::transport,
         from_to(left, right, 1, ping_5, 0x08F2),
         "0000432100000001e96e8c08ab465763fd098d45dd3ff893f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856"
         "a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6"},
        {"90d382b410eeba7ad938c46cec1a82bf", "69d08df7d203329db093fc4924e5bd80", 0x4321, 8, association_mode::transport,
         from_to(left, right, 1, ping_6, 0x08FE),
         "000043210000000869d08df7d203329db093fc4924e5bd80f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75"},
        {"0123456789abcdef0123456789abcdef", "f4e765244f6407adf13dc1380f673f37", 0x8765, 2, association_mode::tunnel, inner_7,
         "0000876500000002f4e765244f6407adf13dc1380f673f37773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8"
         "e4ecaec78ac53aad7a0f022b859243c647752e94a859352b8a4d4d2decd136e5c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0"
         "d"},
        {"0123456789abcdef0123456789abcdef", "85d47224b5f3dd5d2101d4ea8dffab22", 0x8765, 5, association_mode::tunnel, inner_8,
         "000087650000000585d47224b5f3dd5d2101d4ea8dffab2215b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb5"
         "0f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb3512e5de435e7207ed971ef3d2726d9b5ef6affc6d17a0decbb13892"},
    };
    for (const auto& r : rows) {
        const bool tunnel = r.mode == association_mode::tunnel;
        association_parameters p;
        p.spi = r.spi;
        p.mode = r.mode;
        p.algorithms.cipher = cipher_kind::aes_cbc;
        p.keys.cipher = hex(r.key);
        p.replay_window = 0;
        p.source = p.tunnel.source = *packet::parse_ip(left);
        p.destination = p.tunnel.destination = *packet::parse_ip(tunnel ? gateway : right);
        association from(p), to(p);
        bytes out;
        work w;
        REQUIRE(protect(from, r.before, r.sequence, hex(r.iv).data(), out, w, 0x0905) == outcome::done);
        CAPTURE(r.spi, r.sequence);
        CHECK(bytes(out.begin() + 20, out.end()) == hex(r.esp));
        if (r.sequence == 1) CHECK(bytes(out.begin(), out.begin() + 20) == hex("4500007c08f200004032f9a5c0a87b03c0a87b64"));
        if (r.sequence == 2) CHECK(bytes(out.begin(), out.begin() + 20) == hex("4500008c090500004032f91ec0a87b03c0a87bc8"));
        opened o;
        REQUIRE(unprotect(to, out, o, w) == outcome::done);
        CHECK(o.packet == r.before);
        CHECK(o.sequence == r.sequence);
    }
}
