#include "nicteam/packet/addresses.h"

#include <fmt/format.h>

namespace nicteam::packet {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<mac_address> parse_mac(std::string_view s) {
    if (s.size() != 17) return std::nullopt;
    mac_address m{};
    for (unsigned i = 0; i < 6; ++i) {
        const int high = hex_digit(s[3 * i]), low = hex_digit(s[3 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        if (i < 5 && s[3 * i + 2] != ':' && s[3 * i + 2] != '-') return std::nullopt;
        m[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return m;
}

std::optional<ipv4_address> parse_ipv4(std::string_view s) {
    ipv4_address a = 0;
    for (unsigned part = 0; part < 4; ++part) {
        if (part) {
            if (s.empty() || s.front() != '.') return std::nullopt;
            s.remove_prefix(1);
        }
        unsigned v = 0, digits = 0;
        while (!s.empty() && s.front() >= '0' && s.front() <= '9' && digits < 4) {
            v = v * 10 + static_cast<unsigned>(s.front() - '0');
            s.remove_prefix(1);
            ++digits;
        }
        if (digits == 0 || digits > 3 || v > 255) return std::nullopt;
        a = a << 8 | v;
    }
    if (!s.empty()) return std::nullopt;
    return a;
}

std::string to_text(const mac_address& m) {
    return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", m[0], m[1], m[2], m[3], m[4], m[5]);
}

std::string to_text(ipv4_address a) { return fmt::format("{}.{}.{}.{}", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255); }

}  // namespace nicteam::packet
