#include "stack/receive_security.h"

#include "nicteam/packet/fcs.h"
#include "stack/reassembly.h"
#include "stack/receive_policy.h"
#include "nicteam/host/security_cost.h"
#include "stack/sent_back.h"

namespace nicteam::stack {
namespace {

constexpr metric_info metric_rows[] = {
    {"security_reassembled", "datagrams", "encrypted ones that the CPU put together: 708 of FIG. 7"},
    {"security_taken_off", "associations", "taken off packets by the CPU"},
    {"security_dropped", "packets", "encrypted packets that it could not open: no association, or they do not verify"},
    {"security_soft_lifetimes", "associations", "that it takes off, past their soft lifetime: they ask for successors (RFC 4301, 4.4.2.1)"},
    {"security_hard_lifetimes", "associations", "that it takes off, past their hard lifetime: nothing comes through them any more"},
};
constexpr outcome_info outcome_rows[] = {
    {"taken_off", false, "IPsec was taken off: it goes on as what was inside", true},
    {"not_verified", true, "encrypted, without an association or not as it was sent"},
};

packet::octets view(const bytes& b) { return {b.data(), b.size()}; }

}  // namespace

const block_info stack_security_info = {"stack", "IPsec and reassembly by the CPU", {}, metric_rows, {}, {}, {}, {}, outcome_rows};

receive_security::receive_security(const sc_core::sc_object& stack, protocol_stack_100::machinery& m)
    : m_(m), lifetimes_([&]() -> std::array<counter*, ipsec::lifetimes::ends> {
          for (unsigned n = 0; n < metrics; ++n) counters_[n] = &sim::bind_counter(stack, metric_rows[n]);
          return {counters_[m_soft], counters_[m_hard], nullptr};
      }()) {
    sim::session::current().bind_keeper(stack.name(), [this](ps) {
        return std::vector<sim::held_place>{{"table of associations", table_.found_by_spi(), {}, table_.size()}};
    });
}

bool receive_security::encrypted(std::uint8_t protocol, packet::octets packet) const {
    using namespace packet::ip_protocol;
    return protocol == esp || protocol == ah || (speaks_udp_ && protocol == udp && in_udp(packet));
}

// RFC 3948: to port 4500 comes ESP, whether its SPI is known or not, but for four zero octets, which are IKE, and what keeps a translator
// awake. From port 4500 to another it is ESP when its SPI is known.
bool receive_security::in_udp(packet::octets packet) const {
    const auto whole = packet::ip_view::parse(packet);
    if (!whole) return false;
    if (ipsec::keeps_alive(*whole)) return true;
    const auto h = ipsec::find_security_header(*whole);
    if (!h) return false;
    return packet::get16(whole->payload.data + 2) == ipsec::udp_encapsulation || table_.find(h->spi, whole->destination, h->protocol);
}

void receive_security::end(trace_id id, outcome o, ps at) const { m_.station.ended(id, stack_security_info.outcomes.rows[static_cast<unsigned>(o)], at); }

void receive_security::take(host::cpu& c, unsigned interface, packet::octets received, trace_id id) {
    const packet::octets whole = packet::ip_view::parse(received)->packet;
    workplace& w = place_;
    w.packet.assign(whole.data, whole.data + whole.size);
    w.steps.clear();
    take(c, interface, w, id);
}

// While something is encrypted or fragmented.
void receive_security::take(host::cpu& c, unsigned interface, workplace& w, trace_id id) {
    bytes& p = w.packet;
    const auto& steps = w.steps;
    while (true) {
        const auto v = packet::ip_view::parse(view(p));
        if (!v || !concerns(*v)) break;
        if (!v->is_fragment()) {
            if (m_.back && goes_back(c, interface, *v, w, id)) return;
            if (!open(c, w, id)) return;
            continue;
        }
        if (!m_.again->put_together(c, p, id, scope_of(steps))) return;
        const auto joined = packet::ip_view::parse(view(p));
        if (joined && concerns(*joined)) counters_[m_reassembled]->add();
    }
    if (!steps.empty()) {
        const trace_id inner = m_.made_of(id, static_cast<std::uint32_t>(packet::ethernet_header + p.size() + packet::fcs_octets), c.now());
        end(id, outcome::taken_off, c.now());
        id = inner;
    }
    if (m_.inbound)
        for (const ipsec::applied& s : steps) m_.inbound->took_off(table_.find(s.association)->parameters().name);
    m_.verified = false;
    const sim::in_hand at_work(m_.station, id);
    m_.either_ip(c, interface, view(p), id);
}

bool receive_security::goes_back(host::cpu& c, unsigned interface, const packet::ip_view& v, const workplace& w, trace_id id) {
    const auto h = ipsec::find_security_header(v);
    const state::handle mine = h ? table_.find(h->spi, v.destination, h->protocol) : state::handle{};
    return mine && m_.back->take(c, interface, mine, w.packet, w.steps, id);
}

void receive_security::go_on(host::cpu& c, unsigned interface, const bytes& packet, const std::vector<ipsec::applied>& steps, trace_id id) {
    place_.packet = packet;
    place_.steps = steps;
    take(c, interface, place_, id);
}

// What the device took something off is joined with its like only.
std::uint64_t receive_security::scope_of(const std::vector<ipsec::applied>& steps) const {
    return steps.empty() && m_.inbound ? m_.inbound->scope() : ipsec::scope_of(steps);
}

bool receive_security::open(host::cpu& c, workplace& w, trace_id id) {
    auto& steps = w.steps;
    const std::size_t before = steps.size();
    ipsec::passed& done = w.opened;
    done = ipsec::take_off(table_, view(w.packet), c.now(), std::move(steps));
    steps = std::move(done.steps);
    for (std::size_t n = before; n < steps.size(); ++n) lifetimes_.look(steps[n].association, *table_.find(steps[n].association), c.now());
    for (std::size_t n = before; n < steps.size(); ++n) charge(c, table_.find(steps[n].association)->parameters(), steps[n].work);
    counters_[m_taken_off]->add(done.taken_off - before);
    if ((done.how == ipsec::passage::pass || done.how == ipsec::passage::fragment) && done.taken_off > before) {
        w.packet = std::move(done.packet);
        return true;
    }
    if (done.how == ipsec::passage::keepalive) {
        m_.end(id, stack_outcome::consumed, c.now());
        return false;
    }
    if (before == steps.size()) c.spend(host::of(cost::ipsec));      // it has been looked for
    counters_[m_dropped]->add();
    end(id, outcome::not_verified, c.now());
    return false;
}

}  // namespace nicteam::stack
