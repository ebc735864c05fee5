#include "nicteam/check/numbers.h"

#include <algorithm>

#include <fmt/format.h>

#include "check/seen_packet.h"

namespace nicteam::check {
namespace {

bool counts(const ipsec::algorithms& a) {
    using ipsec::authentication_kind;
    using ipsec::cipher_kind;
    return a.cipher == cipher_kind::aes_ctr || a.cipher == cipher_kind::aes_gcm_8 || a.cipher == cipher_kind::aes_gcm_12 ||
           a.cipher == cipher_kind::aes_gcm_16 || a.authentication == authentication_kind::aes_gmac;
}

// The whole number that is nearest to the highest so far.
std::uint64_t whole(std::uint32_t low, std::uint64_t highest) {
    return highest + static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(low - static_cast<std::uint32_t>(highest))));
}

// The same octets, as far as both go; at the end of a part there may be a jam.
bool same_frame(const bytes& cut, packet::octets frame) {
    constexpr std::size_t jam = 4;
    const std::size_t n = std::min(cut.size(), frame.size);
    return std::equal(frame.data, frame.data + (n > jam ? n - jam : 0), cut.begin());
}

}  // namespace

bool number_ranges::add(std::uint64_t n) {
    auto behind = first_to_last_.upper_bound(n);
    const bool before = behind != first_to_last_.begin();
    auto here = before ? std::prev(behind) : behind;
    if (before && here->second >= n) return false;
    const bool joins = before && here->second + 1 == n;
    const bool meets = behind != first_to_last_.end() && behind->first == n + 1;
    if (!joins) here = first_to_last_.emplace(n, n).first;
    here->second = meets ? behind->second : n;
    if (meets) first_to_last_.erase(behind);
    return true;
}

void numbers::add(const ipsec::association_parameters& p) {
    const auto octets = p.destination.octets.begin();
    const key k{p.spi, {octets, octets + (p.destination.version == 4 ? 4 : 16)}, static_cast<std::uint8_t>(p.protocol)};
    books b;
    b.name = p.name;
    b.extended = p.extended_sequence;
    if (counts(p.algorithms)) b.iv = &ivs_[p.keys.cipher.empty() ? p.keys.authentication : p.keys.cipher];
    all_.emplace(k, std::move(b));
}

void numbers::left(packet::octets frame, bool part, trace_id id, const std::string& where, ps at) {
    constexpr std::size_t udp_header = 8;
    auto s = see_frame(frame);
    while (s && s->first) {
        const packet::octets p = s->payload;
        if (s->protocol == esp_number) return found(*s, esp_number, p, frame, part, id, where, at);
        if (s->protocol == udp_number && p.size > udp_header)
            return found(*s, esp_number, {p.data + udp_header, p.size - udp_header}, frame, part, id, where, at);
        if (s->protocol != ah_number || p.size < 12) return;
        found(*s, ah_number, p, frame, part, id, where, at);
        // RFC 4302, 2.2: in words, less two.
        const std::size_t length = (p[1] + 2u) * 4u;
        if (p.size <= length) return;
        const packet::octets inside{p.data + length, p.size - length};
        constexpr std::uint8_t ip_in_ip = 4, ipv6 = 41;
        if (p[0] == ip_in_ip || p[0] == ipv6) {
            s = see_packet(inside);
            continue;
        }
        s->protocol = p[0];
        s->payload = inside;
    }
}

// The same octets by another transmitter than those before.
bool numbers::is_copy(books& b, std::uint64_t number, packet::octets frame, const std::string& where) {
    constexpr std::size_t addresses = 12;
    const packet::octets rest = frame.from(addresses);
    for (copy& c : b.latest)
        if (c.number == number && c.octets.size() == rest.size && std::equal(rest.data, rest.data + rest.size, c.octets.begin()))
            return c.by.insert(where).second;
    b.latest.push_back({number, {rest.data, rest.data + rest.size}, {where}});
    if (b.latest.size() > remembered) b.latest.pop_front();
    return false;
}

void numbers::found(const seen_packet& s, std::uint8_t protocol, packet::octets header, packet::octets frame, bool part, trace_id id,
                    const std::string& where, ps at) {
    const std::size_t spi_at = protocol == ah_number ? 4 : 0, iv_at = protocol == ah_number ? 12 : 8;
    if (header.size < spi_at + 8) return;
    const auto it = all_.find({four(header, spi_at), {s.destination.begin(), s.destination.begin() + (s.version == 4 ? 4 : 16)}, protocol});
    if (it == all_.end()) return;
    books& b = it->second;
    const std::uint32_t low = four(header, spi_at + 4);
    const std::uint64_t number = b.extended ? whole(low, b.highest) : low;
    const bool again = !b.cut.empty() && b.cut_number == number && same_frame(b.cut, frame);
    const auto breach = [&](const std::string& what) {
        breaches_.report(checker::numbers, at,
                         fmt::format("packet {} left {} with {} of association {} of {}, which has left before", id_text(id), where, what, b.name, owner_));
    };
    if (!again && !(copies_ && is_copy(b, number, frame, where))) {
        if (!b.sequence.add(number)) breach(fmt::format("sequence number {}", number));
        else if (b.iv && header.size >= iv_at + 8) {
            const std::uint64_t iv = std::uint64_t{four(header, iv_at)} << 32 | four(header, iv_at + 4);
            if (!b.iv->add(iv)) breach(fmt::format("IV {:#018x}", iv));
        }
    }
    b.highest = std::max(b.highest, number);
    b.cut.clear();
    if (part) b.cut.assign(frame.data, frame.data + frame.size), b.cut_number = number;
}

}  // namespace nicteam::check
