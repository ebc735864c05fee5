#include "nicteam/chimney/messages.h"

#include <algorithm>

namespace nicteam::chimney {
namespace {

constexpr std::uint16_t events_mask = 0x1FF, more_bit = 1u << 14, phase_bit = 1u << 15;

template <class T>
void put(std::uint8_t* to, T v) {
    for (std::size_t i = 0; i < sizeof(T); ++i) to[i] = static_cast<std::uint8_t>(std::uint64_t{v} >> 8 * i);
}
template <class T>
T get(const std::uint8_t* from) {
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) v |= std::uint64_t{from[i]} << 8 * i;
    return static_cast<T>(v);
}

constexpr std::size_t address_octets = 16, source_at = 4, destination_at = 20;

void put_address(std::uint8_t* to, const packet::ip_address& a) { std::copy_n(a.octets.begin(), a.version == 4 ? 4 : address_octets, to); }
packet::ip_address address_from(unsigned version, const std::uint8_t* from) {
    packet::ip_address a;
    a.version = static_cast<std::uint8_t>(version);
    std::copy_n(from, version == 4 ? 4 : address_octets, a.octets.begin());
    return a;
}

}  // namespace

message encode(const question& q) {
    message m{};
    put(&m[0], q.cookie);
    put(&m[8], q.address);
    put(&m[16], q.handle.index);
    put(&m[20], q.handle.generation);
    put(&m[24], q.length);
    m[28] = static_cast<std::uint8_t>(q.what);
    m[29] = q.argument;
    return m;
}
question decode_question(const message& m) {
    question q;
    q.cookie = get<std::uint64_t>(&m[0]);
    q.address = get<std::uint64_t>(&m[8]);
    q.handle = {get<std::uint32_t>(&m[16]), get<std::uint32_t>(&m[20])};
    q.length = get<std::uint32_t>(&m[24]);
    q.what = static_cast<opcode>(m[28]);
    q.argument = m[29];
    return q;
}

message encode(const answer_entry& e) {
    message m{};
    put(&m[0], e.said.cookie);
    put(&m[8], e.said.handle.index);
    put(&m[12], e.said.handle.generation);
    put(&m[16], e.length);
    put(&m[20], e.said.from);
    put(&m[24], e.said.acknowledged);
    m[28] = static_cast<std::uint8_t>(e.said.kind);
    m[29] = e.said.why;
    put(&m[30], static_cast<std::uint16_t>((e.said.events & events_mask) | (e.more ? more_bit : 0u) | (e.phase ? phase_bit : 0u)));
    return m;
}
answer_entry decode_answer(const message& m) {
    answer_entry e;
    e.said.cookie = get<std::uint64_t>(&m[0]);
    e.said.handle = {get<std::uint32_t>(&m[8]), get<std::uint32_t>(&m[12])};
    e.length = get<std::uint32_t>(&m[16]);
    e.said.from = get<std::uint32_t>(&m[20]);
    e.said.acknowledged = get<std::uint32_t>(&m[24]);
    e.said.kind = static_cast<answer_kind>(m[28]);
    e.said.why = m[29];
    const auto flags = get<std::uint16_t>(&m[30]);
    e.said.events = flags & events_mask;
    e.more = flags & more_bit;
    e.phase = flags & phase_bit;
    return e;
}

bytes forward_octets(const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment) {
    bytes b(forward_header);
    b[0] = source.version;
    put_address(&b[source_at], source);
    put_address(&b[destination_at], destination);
    b.insert(b.end(), segment.data, segment.data + segment.size);
    return b;
}
bool read_forward(packet::octets o, packet::ip_address& source, packet::ip_address& destination, packet::octets& segment) {
    if (o.size < forward_header || (o[0] != 4 && o[0] != 6)) return false;
    source = address_from(o[0], o.data + source_at);
    destination = address_from(o[0], o.data + destination_at);
    segment = {o.data + forward_header, o.size - forward_header};
    return true;
}

bytes handle_as_octets(state::handle h) {
    bytes b(handle_octets);
    put(&b[0], h.index);
    put(&b[4], h.generation);
    return b;
}
state::handle handle_from(packet::octets o) {
    if (o.size != handle_octets) return {};
    return {get<std::uint32_t>(o.data), get<std::uint32_t>(o.data + 4)};
}

bool tell(ps now, const answer& a, answers& to) {
    const auto said = static_cast<status>(a.why);
    switch (a.kind) {
        case answer_kind::offloaded:
        case answer_kind::uploaded: {
            std::string why;
            state::block_list list = state::block_list::decode(a.octets.data(), a.octets.size(), why);
            if (!why.empty()) list = {};
            a.kind == answer_kind::offloaded ? to.offloaded(now, a.cookie, std::move(list)) : to.uploaded(now, a.cookie, std::move(list));
            return why.empty();
        }
        case answer_kind::written: to.written(now, a.cookie, said); break;
        case answer_kind::updated: to.updated(now, a.cookie, said); break;
        case answer_kind::asked: to.asked(now, a.cookie, said, a.octets); break;
        case answer_kind::sent_on: to.sent_on(now, a.cookie, said); break;
        case answer_kind::indicated: to.indicated(now, a.handle, static_cast<reason>(a.why)); break;
        case answer_kind::happened: to.happened(now, a.handle, {a.events, a.from, a.octets, a.acknowledged}); break;
        default: return false;
    }
    return true;
}

}  // namespace nicteam::chimney
