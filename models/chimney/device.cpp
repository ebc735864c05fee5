#include "nicteam/chimney/device.h"

#include <algorithm>

namespace nicteam::chimney {
namespace {

constexpr std::uint8_t parts = 3;
constexpr std::uint32_t worth_telling = 4;       // a part of the send queue has become free

answer_kind kind_of(opcode o) {
    switch (o) {
        case opcode::offload: return answer_kind::offloaded;
        case opcode::update: return answer_kind::updated;
        case opcode::upload: return answer_kind::uploaded;
        case opcode::query: return answer_kind::asked;
        case opcode::forward: return answer_kind::sent_on;
        default: return answer_kind::written;
    }
}
// Behind the last octet that has come in order; a FIN is none.
tcp::sequence end_of(const tcp::transport_delegated& d) { return d.rcv_nxt - (d.flags & tcp::delegated_flag::fin_taken ? 1 : 0); }
bool silent(opcode o) { return o == opcode::send || o == opcode::consume || o == opcode::close || o == opcode::abort; }

}  // namespace

void device::refuse(const question& q, status why, effects& e) const {
    if (silent(q.what)) return;
    answer a;
    a.cookie = q.cookie;
    a.handle = q.handle;
    a.kind = kind_of(q.what);
    a.why = static_cast<std::uint8_t>(why);
    e.answers.push_back(std::move(a));
}

void device::ask(ps now, const question& q, packet::octets octets, effects& e) {
    bytes back;
    const status s = act(now, q, octets, back);
    refuse(q, s, e);
    if (!silent(q.what)) e.answers.back().octets = std::move(back);
    settle(q.handle, e);
}

status device::act(ps now, const question& q, packet::octets octets, bytes& back) {
    const auto part = static_cast<state::part>(q.argument);
    switch (q.what) {
        case opcode::offload:
        case opcode::upload: {
            std::string why;
            state::block_list list = state::block_list::decode(octets.data, octets.size, why);
            if (!why.empty()) return status::malformed;
            list = q.what == opcode::offload ? target_.offload(now, std::move(list), q.argument & 1, out_) : target_.upload(now, std::move(list));
            for (std::uint32_t n = 0; n < list.size(); ++n)
                if (q.what == opcode::offload && list[n].layer == state::layer::connection) remember(list[n].target);
            back = list.encode();
            return status::done;
        }
        case opcode::write: return q.argument < parts ? target_.load(now, q.handle, part, octets, out_) : status::malformed;
        case opcode::write_data: return target_.load_data(q.handle, octets);
        case opcode::update: return target_.update(now, q.handle, octets, out_);
        case opcode::relink: return target_.relink(q.handle, handle_from(octets));
        case opcode::query: return q.argument < parts ? target_.query(now, q.handle, part, back) : status::malformed;
        case opcode::send: return target_.send(now, q.handle, octets, out_);
        case opcode::consume: return target_.consume(now, q.handle, q.length, out_);
        case opcode::close: return target_.close(now, q.handle, out_);
        case opcode::abort: return target_.abort(now, q.handle, out_);
        case opcode::forward: {
            packet::ip_address source, destination;
            packet::octets segment;
            return read_forward(octets, source, destination, segment) ? target_.forward(now, q.handle, source, destination, segment, out_) : status::malformed;
        }
    }
    return status::malformed;
}

void device::take(ps now, const packet::ip_address& source, const packet::ip_address& destination, packet::octets segment, effects& e) {
    const state::handle h = between(source, destination, segment);
    target_.take(now, source, destination, segment, out_);
    settle(h, e);
}

tcp::transport_cached device::cached_of(const tcp::results::outgoing& s) const {
    constexpr std::size_t ports = 4;
    bytes turned(s.segment.begin(), s.segment.begin() + tcp::header_octets);      // as its other end would write it
    std::swap_ranges(turned.begin(), turned.begin() + ports / 2, turned.begin() + ports / 2);
    const tcp::connection* c = target_.connection(between(s.to, s.from, turned));
    return c ? c->cached() : tcp::transport_cached{};
}

void device::on_timer(ps now, effects& e) {
    target_.on_timer(now, out_);
    settle({}, e);
}

void device::settle(state::handle touched, effects& e) {
    for (const auto& what : out_.out.events) {
        if (what.connection == touched) touched = {};
        tell(what.connection, what.events, e);
    }
    if (touched) tell(touched, 0, e);
    for (const outcome::indication& i : out_.indications) {
        answer a;
        a.handle = i.connection;
        a.kind = answer_kind::indicated;
        a.why = static_cast<std::uint8_t>(i.reason);
        e.answers.push_back(std::move(a));
    }
    for (auto& s : out_.out.segments) e.segments.push_back(std::move(s));
    out_ = {};
}

// What came with the state may not have reached the host: all that is unread. What is acknowledged, it knows.
device::told& device::remember(state::handle h) {
    told& t = told_[h.index];
    const tcp::connection* c = target_.connection(h);
    if (!c || t.of == h) return t;
    const auto& d = c->delegated();
    return t = {h, end_of(d) - static_cast<tcp::sequence>(c->received().size()), d.snd_una};
}

// Events, what has been received and is not told, and what has become free, if that is worth an entry.
void device::tell(state::handle h, std::uint32_t events, effects& e) {
    const tcp::connection* c = target_.connection(h);
    if (!c && !events) return void(told_.erase(h.index));
    answer a;
    a.handle = h;
    a.kind = answer_kind::happened;
    if (c) {
        told& t = remember(h);
        const auto& d = c->delegated();
        const std::size_t size = c->received().size();
        const tcp::sequence end = end_of(d), first = end - static_cast<tcp::sequence>(size);
        if (tcp::before(t.next, first)) t.next = first;
        const std::uint32_t fresh = end - t.next, freed = d.snd_una - t.acknowledged;
        if (freed && (c->unsent().empty() || freed >= target_.able().send_capacity / worth_telling)) events |= tcp::event::writable;
        if (fresh) events |= tcp::event::readable;
        a.from = t.next;
        a.octets.assign(c->received().data() + (size - fresh), c->received().data() + size);
        a.acknowledged = d.snd_una;
        if (events) t.next = end, t.acknowledged = d.snd_una;
    }
    if (!events) return;
    a.events = static_cast<std::uint16_t>(events);
    if (events & tcp::event::closed) told_.erase(h.index);
    e.answers.push_back(std::move(a));
}

}  // namespace nicteam::chimney
