#include "scenario/building/raw_sockets.h"

#include <utility>

#include "nicteam/packet/ethernet.h"

namespace nicteam::scenario {
namespace {
constexpr unsigned tag_bits = 48;  // below: the sender's own tag; above: which sender
}

raw_sockets::line& raw_sockets::line_on(unsigned adapter) {
    line& l = lines_[adapter];
    if (!l.real) {
        l.owner = this;
        l.real = &stack_.open_raw({driver::protocol::ether_type, packet::ether_type::experimental}, adapter);
        l.real->user(l);
    }
    return l;
}

stack::socket& raw_sockets::sender(unsigned adapter) {
    line& l = line_on(adapter);
    l.ends.emplace_back();
    l.ends.back().on = &l;
    l.ends.back().number = l.ends.size() - 1;
    return l.ends.back();
}

stack::socket& raw_sockets::receiver(const std::vector<unsigned>& adapters) {
    for (const unsigned a : adapters) sink_.on = &line_on(a);
    return sink_;
}

std::uint32_t raw_sockets::end::most() const { return on->real->most(); }
void raw_sockets::end::user(stack::socket_user& u) { who = &u; }

driver::status raw_sockets::end::send(host::cpu& c, const stack::destination& to, packet::octets data, trace_id id, std::uint64_t tag) {
    const driver::status s = on->real->send(c, to, data, id, number << tag_bits | tag);
    if (s == driver::status::no_room) waits = true;
    return s;
}

void raw_sockets::line::received(host::cpu& c, stack::socket& s, const stack::arrival& a) {
    owner->sink_.who->received(c, s, a);
}

void raw_sockets::line::sent(host::cpu& c, stack::socket&, std::uint64_t tag, driver::status s) {
    end& e = ends[static_cast<std::size_t>(tag >> tag_bits)];
    e.who->sent(c, e, tag & ((std::uint64_t{1} << tag_bits) - 1), s);
}

void raw_sockets::line::room(host::cpu& c, stack::socket&) {
    for (end& e : ends)
        if (std::exchange(e.waits, false)) e.who->room(c, e);
}

}  // namespace nicteam::scenario
