#include "nicteam/tcp/initial_sequence.h"

#include <algorithm>

#include "nicteam/packet/octets.h"

namespace nicteam::tcp {
namespace {

std::uint64_t turned(std::uint64_t v, unsigned by) { return v << by | v >> (64 - by); }

struct sip_state {
    std::uint64_t a, b, c, d;
    void rounds(unsigned n) {
        while (n--) {
            a += b, b = turned(b, 13) ^ a, a = turned(a, 32);
            c += d, d = turned(d, 16) ^ c;
            a += d, d = turned(d, 21) ^ a;
            c += b, b = turned(b, 17) ^ c, c = turned(c, 32);
        }
    }
};

}  // namespace

std::uint64_t keyed_hash(const secret& k, const std::uint8_t* from, std::size_t n) {
    sip_state s{k.first ^ 0x736f6d6570736575, k.second ^ 0x646f72616e646f6d, k.first ^ 0x6c7967656e657261, k.second ^ 0x7465646279746573};
    for (std::size_t at = 0; at <= n; at += 8) {
        std::uint64_t word = at + 8 > n ? std::uint64_t{n} << 56 : 0;          // the last one ends with the length
        for (std::size_t k8 = 0; k8 < 8 && at + k8 < n; ++k8) word |= std::uint64_t{from[at + k8]} << 8 * k8;
        s.d ^= word;
        s.rounds(2);
        s.a ^= word;
    }
    s.c ^= 0xFF;
    s.rounds(4);
    return s.a ^ s.b ^ s.c ^ s.d;
}

std::uint64_t keyed_hash(const secret& k, const four_tuple& t) {
    std::uint8_t o[36];
    std::copy_n(t.local.octets.data(), 16, o);
    std::copy_n(t.remote.octets.data(), 16, o + 16);
    packet::put16(o + 32, t.local_port);
    packet::put16(o + 34, t.remote_port);
    return keyed_hash(k, o, sizeof o);
}

sequence initial_sequence(const secret& k, const four_tuple& t, ps now) {
    return static_cast<sequence>(keyed_hash(k, t)) + static_cast<sequence>(now / (4 * microsecond));
}

std::uint32_t timestamp_offset(const secret& k, const four_tuple& t) { return static_cast<std::uint32_t>(keyed_hash(k, t) >> 32); }

}  // namespace nicteam::tcp
