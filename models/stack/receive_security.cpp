#include "stack/receive_security.h"

#include <algorithm>

#include "nicteam/packet/fcs.h"
#include "stack/receive_policy.h"

namespace nicteam::stack {
namespace {

constexpr metric_info metric_rows[] = {
    {"security_fragments", "fragments", "received fragments taken for reassembly by the CPU"},
    {"security_reassembled", "datagrams", "put together by the CPU: 708 of FIG. 7"},
    {"security_reassembly_drops", "fragments", "refused by its reassembly"},
    {"security_taken_off", "associations", "taken off packets by the CPU"},
    {"security_dropped", "packets", "encrypted packets that it could not open: no association, or they do not verify"},
};
constexpr outcome_info outcome_rows[] = {
    {"joined", false, "a fragment: it goes on as part of its datagram", true},
    {"taken_off", false, "IPsec was taken off: it goes on as what was inside", true},
    {"reassembly_refused", true, "a fragment that the reassembly refused, or of a datagram that it gave up"},
    {"duplicate", false, "a fragment that was there already"},
    {"not_verified", true, "encrypted, without an association or not as it was sent"},
};

packet::octets view(const bytes& b) { return {b.data(), b.size()}; }

}  // namespace

const block_info stack_security_info = {"stack", "IPsec and reassembly by the CPU", {}, metric_rows, {}, {}, {}, {}, outcome_rows};

receive_security::receive_security(const sc_core::sc_object& stack, protocol_stack_100::machinery& m) : m_(m) {
    for (unsigned n = 0; n < metrics; ++n) counters_[n] = &sim::bind_counter(stack, metric_rows[n]);
}

bool receive_security::concerns(const packet::ipv4_view& v) const {
    using namespace packet::ip_protocol;
    return v.is_fragment() || v.protocol == esp || v.protocol == ah;
}

void receive_security::end(trace_id id, outcome o, ps at) const { m_.station.ended(id, stack_security_info.outcomes.rows[static_cast<unsigned>(o)], at); }

trace_id receive_security::made_of(trace_id before, std::size_t octets, ps at) const {
    if (!before) return 0;
    const trace_id id = m_.station.next_id();
    m_.station.born(id, before, static_cast<std::uint32_t>(packet::ethernet_header + octets + packet::fcs_octets), at);
    return id;
}

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
        const auto v = packet::ipv4_view::parse(view(p));
        if (!v || !concerns(*v)) break;
        if (v->is_fragment() ? !put_together(c, p, id, scope_of(steps)) : !open(c, w, id)) return;
    }
    if (!steps.empty()) {
        const trace_id inner = made_of(id, p.size(), c.now());
        end(id, outcome::taken_off, c.now());
        id = inner;
    }
    if (m_.inbound)
        for (const ipsec::applied& s : steps) m_.inbound->took_off(table_.find(s.association)->parameters().name);
    m_.verified = false;
    const sim::in_hand at_work(m_.station, id);
    m_.ip(c, interface, view(p), id);
}

// What the device took something off is joined with its like only.
std::uint64_t receive_security::scope_of(const std::vector<ipsec::applied>& steps) const {
    return steps.empty() && m_.inbound ? m_.inbound->scope() : ipsec::scope_of(steps);
}

bool receive_security::put_together(host::cpu& c, bytes& p, trace_id& id, std::uint64_t scope) {
    using packet::reassembly_step;
    counters_[m_fragments]->add();
    c.spend(host::of(cost::reassemble));
    c.spend(host::of(cost::copy_byte), p.size());
    const ps at = c.now();
    const reassembly_step s = again_.add(view(p), at, id, scope);
    const bool complete = s == reassembly_step::complete;
    if (complete) {
        counters_[m_reassembled]->add();
        p = std::move(again_.result().datagram);
        const trace_id whole = made_of(id, p.size(), at);
        for (const trace_id part : again_.result().parts) {
            held_.erase(std::remove(held_.begin(), held_.end(), part), held_.end());
            end(part, outcome::joined, at);
        }
        id = whole;
    } else if (s == reassembly_step::held) {
        if (id) held_.push_back(id);
    } else if (s == reassembly_step::duplicate) {
        end(id, outcome::duplicate, at);
    } else {
        counters_[m_reassembly_drops]->add();
        end(id, outcome::reassembly_refused, at);
    }
    give_up(at);
    return complete;
}

void receive_security::give_up(ps at) {
    again_.expire(at);
    for (const packet::expired& e : again_.take_expired())
        for (const trace_id id : e.parts) {
            held_.erase(std::remove(held_.begin(), held_.end(), id), held_.end());
            end(id, outcome::reassembly_refused, at);
        }
}

bool receive_security::open(host::cpu& c, workplace& w, trace_id id) {
    auto& steps = w.steps;
    const std::size_t before = steps.size();
    ipsec::passed& done = w.opened;
    done = ipsec::take_off(table_, view(w.packet), c.now(), std::move(steps));
    steps = std::move(done.steps);
    for (std::size_t n = before; n < steps.size(); ++n) charge(c, steps[n]);
    counters_[m_taken_off]->add(done.taken_off - before);
    if (done.how == ipsec::passage::pass || (done.how == ipsec::passage::fragment && done.taken_off > before)) {
        w.packet = std::move(done.packet);
        return true;
    }
    if (before == steps.size()) c.spend(host::of(cost::ipsec));      // it has been looked for
    counters_[m_dropped]->add();
    end(id, outcome::not_verified, c.now());
    return false;
}

// What the work of one association costs, by its algorithms.
void receive_security::charge(host::cpu& c, const ipsec::applied& s) {
    using ipsec::authentication_kind;
    using ipsec::cipher_kind;
    c.spend(host::of(cost::ipsec));
    const ipsec::association_parameters& p = table_.find(s.association)->parameters();
    constexpr std::uint64_t rounds_of_128 = 10;                       // FIPS 197: 6 and a round for each 32 bits of key
    const std::uint64_t key = p.keys.cipher.size() - ipsec::info(p.algorithms.cipher).salt, rounds = 6 + key / 4;
    const auto hash = [&](cost k) { c.spend(host::of(k), s.work.authentication_octets); };
    switch (p.algorithms.cipher) {
        case cipher_kind::null: break;
        case cipher_kind::des_cbc: c.spend(host::of(cost::des_byte), s.work.cipher_octets); break;
        case cipher_kind::des3_cbc: c.spend(host::of(cost::des3_byte), s.work.cipher_octets); break;
        case cipher_kind::aes_gcm_8:
        case cipher_kind::aes_gcm_12:
        case cipher_kind::aes_gcm_16: hash(cost::galois_byte); [[fallthrough]];
        default: c.spend(host::of(cost::aes_byte), s.work.cipher_octets * rounds / rounds_of_128);
    }
    switch (p.algorithms.authentication) {
        case authentication_kind::null: break;
        case authentication_kind::hmac_md5_96: hash(cost::md5_byte); break;
        case authentication_kind::hmac_sha1_96: hash(cost::sha1_byte); break;
        case authentication_kind::aes_xcbc_mac_96: hash(cost::aes_byte); break;
        case authentication_kind::aes_gmac: hash(cost::galois_byte); break;
        default: hash(cost::sha2_byte);
    }
}

}  // namespace nicteam::stack
