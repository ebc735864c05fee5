#include "nicteam/tcp/moved_octets.h"

#include <algorithm>

#include "nicteam/packet/octets.h"
#include "tcp/state_octets.h"

namespace nicteam::tcp {
namespace {

void put(bytes& out, std::uint32_t v) {
    for (unsigned k = 0; k < 4; ++k) out.push_back(static_cast<std::uint8_t>(v >> 8 * k));
}
void put(bytes& out, packet::octets o) {
    put(out, static_cast<std::uint32_t>(o.size));
    out.insert(out.end(), o.data, o.data + o.size);
}

struct reader {
    packet::octets rest;
    bool good = true;
    std::uint32_t word() {
        if (rest.size < 4) return good = false, 0;
        const std::uint32_t v = static_cast<std::uint32_t>(rest[0] | rest[1] << 8 | rest[2] << 16) | static_cast<std::uint32_t>(rest[3]) << 24;
        rest = rest.from(4);
        return v;
    }
    packet::octets some() {
        const std::uint32_t n = word();
        if (n > rest.size) return good = false, packet::octets{};
        const packet::octets o = rest.first(n);
        rest = rest.from(n);
        return o;
    }
};

}  // namespace

bytes moved_octets(const moved_connection& m) {
    bytes out;
    put(out, m.unsent.all());
    put(out, m.received.all());
    std::vector<const reassembly_queue::piece*> pieces;      // the one touched last behind the others: put in again, they are in that order again
    for (const auto& p : m.out_of_order.pieces()) pieces.push_back(&p);
    std::sort(pieces.begin(), pieces.end(), [](const auto* a, const auto* b) { return a->touched < b->touched; });
    put(out, static_cast<std::uint32_t>(pieces.size()));
    for (const auto* p : pieces) {
        put(out, p->begin);
        put(out, packet::octets(p->octets));
    }
    return out;
}

bool read_moved(moved_connection& m, const std::uint8_t* from, std::size_t n) {
    reader r{{from, n}};
    m.unsent = m.received = {};
    m.out_of_order.clear();
    m.unsent.push(r.some());
    m.received.push(r.some());
    const std::uint32_t pieces = r.word();
    if (pieces > reassembly_queue::most_pieces) return false;
    for (std::uint32_t k = 0; r.good && k < pieces; ++k) {
        const sequence begin = r.word();
        m.out_of_order.put(begin, r.some(), begin);
    }
    return r.good && r.rest.size == 0 && m.out_of_order.pieces().size() == pieces;
}

bool send_while_moved(moved_connection& m, packet::octets o) {
    m.unsent.push(o);
    return true;
}
bool consume_while_moved(moved_connection& m, std::size_t n) {
    if (n > m.received.size()) return false;
    m.received.pop(n);
    return true;
}
bool close_while_moved(moved_connection& m, ps now) {
    auto f = facts_of(m, now);
    if (!f) return false;
    f->delegated.flags |= delegated_flag::fin_wanted;
    m.delegated.clear();
    write_state(f->delegated, now, m.delegated);
    return true;
}

bytes cached_octets(const transport_cached& c) {
    bytes out;
    write_state(c, out);
    return out;
}

std::optional<moved_facts> facts_of(const moved_connection& m, ps now) {
    moved_facts f;
    if (!read_state(f.constant, m.constant.data(), m.constant.size()) || !read_state(f.cached, m.cached.data(), m.cached.size()) ||
        !read_state(f.delegated, now, m.delegated.data(), m.delegated.size()))
        return std::nullopt;
    return f;
}

}  // namespace nicteam::tcp
