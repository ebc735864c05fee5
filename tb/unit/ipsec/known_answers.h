// Algorithms by themselves, for values that RFCs and NIST give.
#pragma once

#include "hex.h"
#include "nicteam/ipsec/transform.h"

namespace nicteam::test {

// What follows the IV of an ESP packet: the text encrypted, without ICV. Also opened again.
inline bytes encrypted(ipsec::cipher_kind kind, const bytes& key, const bytes& iv, const bytes& text) {
    // Counter mode is refused without authentication; a hash with any key leaves the text alone.
    const bool hashed = ipsec::info(kind).counter;
    const auto t = ipsec::transform::make({kind, hashed ? ipsec::authentication_kind::hmac_sha1_96 : ipsec::authentication_kind::null},
                                          {key, hashed ? bytes(20, 1) : bytes()});
    bytes esp(ipsec::esp_header, 0);
    esp.insert(esp.end(), iv.begin(), iv.end());
    esp.insert(esp.end(), text.begin(), text.end());
    const std::size_t size = esp.size();
    esp.resize(size + (hashed ? 12 : 0));
    t->seal(esp.data(), size, {});
    const auto from = static_cast<std::ptrdiff_t>(ipsec::esp_header + iv.size()), to = static_cast<std::ptrdiff_t>(size);
    const bytes sealed(esp.begin() + from, esp.begin() + to);
    CHECK(t->open(esp.data(), size, {}));
    CHECK(bytes(esp.begin() + from, esp.begin() + to) == text);
    return sealed;
}

// The ICV over `data`, whole and in pieces.
inline bytes mac_of(ipsec::authentication_kind k, const bytes& key, const bytes& data) {
    ipsec::algorithms a;
    a.authentication = k;
    const auto t = ipsec::transform::make(a, {{}, key});
    bytes icv(a.icv());
    t->check_value({data}, nullptr, icv.data());
    // In pieces of any size it is the same, and the transform is ready again.
    bytes again(a.icv());
    const std::size_t cut = data.size() / 3;
    t->check_value({packet::octets(data).first(cut), packet::octets(data).from(cut).first(cut + 1), packet::octets(data).from(2 * cut + 1)},
                   nullptr, again.data());
    CHECK(again == icv);
    return icv;
}

inline bytes text_of(std::string_view s) { return {s.begin(), s.end()}; }

}  // namespace nicteam::test
