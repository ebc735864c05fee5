// Associations and packets for tests.
#pragma once

#include "hex.h"
#include "nicteam/ipsec/protect.h"

namespace nicteam::test {

inline const packet::ip_address left_4 = *packet::parse_ip("192.0.2.1"), right_4 = *packet::parse_ip("192.0.2.2");
inline const packet::ip_address left_6 = *packet::parse_ip("2001:db8::1"), right_6 = *packet::parse_ip("2001:db8::2");

inline ipsec::keys keys_for(const ipsec::algorithms& a, std::size_t aes_key = 16) {
    const auto size = [&](const auto& i) { return i.keys[0] == 0 ? 0 : i.keys[1] ? aes_key + i.salt : std::size_t{i.keys[0]} + i.salt; };
    return {counting(size(ipsec::info(a.cipher)), 0x10), counting(size(ipsec::info(a.authentication)), 0x40)};
}

inline ipsec::association_parameters some(const ipsec::algorithms& a, ipsec::association_mode mode = ipsec::association_mode::transport,
                                          bool six = false, ipsec::security_protocol protocol = ipsec::security_protocol::esp,
                                          std::size_t aes_key = 16) {
    ipsec::association_parameters p;
    p.name = "test";
    p.spi = 0x1001;
    p.protocol = protocol;
    p.mode = mode;
    p.algorithms = a;
    p.keys = keys_for(a, aes_key);
    p.source = six ? left_6 : left_4;
    p.destination = six ? right_6 : right_4;
    p.tunnel.source = p.source;
    p.tunnel.destination = p.destination;
    p.replay_window = a.authenticates() ? 64 : 0;
    return p;
}

inline bytes ip_packet(bool six, std::size_t payload, std::uint8_t protocol = 17, std::uint8_t traffic_class = 0) {
    packet::ip_fields f;
    f.source = six ? left_6 : left_4;
    f.destination = six ? right_6 : right_4;
    f.protocol = protocol;
    f.traffic_class = traffic_class;
    f.identification = 7;
    bytes d;
    packet::append_ip(d, f, payload);
    for (std::size_t k = 0; k < payload; ++k) d.push_back(static_cast<std::uint8_t>(k * 31 + 7 + k / 251));
    return d;
}

// Every pair of algorithms that may be.
inline std::vector<ipsec::algorithms> all_algorithms(bool ah = false) {
    using namespace ipsec;
    std::vector<algorithms> all;
    for (int c = 0; c <= static_cast<int>(cipher_kind::aes_gcm_16); ++c)
        for (int m = 0; m <= static_cast<int>(authentication_kind::aes_gmac); ++m) {
            const algorithms a{static_cast<cipher_kind>(c), static_cast<authentication_kind>(m)};
            if ((ah && c) || !refusal(a, keys_for(a)).empty()) continue;
            all.push_back(a);
        }
    return all;
}

struct sent {
    bytes packet;
    std::uint64_t sequence = 0;
    ipsec::outcome how{};
    ipsec::work took;
};

inline sent protect_next(ipsec::association& a, const bytes& packet) {
    sent s;
    std::uint8_t iv[16] = {};
    if (!a.draw(s.sequence, iv)) return s;
    s.how = ipsec::protect(a, packet, s.sequence, iv, s.packet, s.took);
    return s;
}

}  // namespace nicteam::test
