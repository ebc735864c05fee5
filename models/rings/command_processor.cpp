#include "nicteam/rings/command_processor.h"

#include <algorithm>

#include "nicteam/ipsec/association_state.h"
#include "nicteam/ipsec/lifetimes.h"
#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/crc32c.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/rings/registers.h"
#include "nicteam/state/part_format.h"

namespace nicteam::rings {
namespace {

using packet::octets;

// Of an association with the largest window: a bit for each number, beside keys, ends and selectors.
constexpr std::uint32_t longest_parts = largest_window / 8 + 4 * 1024;

std::uint32_t little32(const std::uint8_t* p) { return p[0] | p[1] << 8 | p[2] << 16 | static_cast<std::uint32_t>(p[3]) << 24; }
std::uint64_t little64(const std::uint8_t* p) { return little32(p) | std::uint64_t{little32(p + 4)} << 32; }

// One part behind the other: nothing when the next is no part or is cut.
std::optional<octets> next_part(octets& all) {
    if (all.size < state::part_header) return std::nullopt;
    const std::size_t n = little32(all.data + 4);
    if (n < state::part_header || n > all.size) return std::nullopt;
    const octets part(all.data, n);
    all = all.from(n);
    return part;
}
bool is(octets part, state::part p) { return part.size > 3 && part[3] == static_cast<std::uint8_t>(p); }

// What is transmitted has its link header in front: kept as it is but for the EtherType, which is that of the result.
constexpr std::size_t type_at = 12;
std::size_t link_header_of(const command& c) { return c.opcode == opcode::process_and_transmit ? packet::ethernet_header : 0; }
bool carries_ip(octets frame) {
    if (frame.size < packet::ethernet_header) return false;
    const std::uint16_t type = packet::get16(frame.data + type_at);
    return type == packet::ether_type::ipv4 || type == packet::ether_type::ipv6;
}

}  // namespace

command_processor::command_processor(const capability& c, association_store& s, std::uint64_t iv_seed, ipsec::payload_kind payload)
    : able_(c), store_(s), iv_seed_(iv_seed), payload_(payload) {}

outcome_of_entry command_processor::not_executed(const command& c, reason why) {
    outcome_of_entry o;
    o.completion.cookie = c.cookie;
    o.completion.handle = c.handle;
    o.completion.opcode = c.opcode;
    o.completion.reason = why;
    o.completion.flags = why == reason::none ? static_cast<std::uint8_t>(executed) : std::uint8_t{0};
    return o;
}

// Of a unit with inline use an association is of one direction: found by what comes in, or named by what is sent.
bool command_processor::direction_is_good(std::uint8_t flags) const {
    if (!(able_.uses & (inline_in | inline_out))) return !(flags & (receives | sends));
    if (flags & receives) return !(flags & sends) && able_.uses & inline_in;
    return flags & sends && able_.uses & inline_out;
}

std::uint32_t command_processor::octets_of(const command& c) const {
    return c.opcode == opcode::install || c.opcode == opcode::change || is_job(c.opcode) ? c.length : 0;
}

reason command_processor::check(const command& c) const {
    const opcode_row* row = row_of(c.opcode);
    if (!row) return reason::unknown_opcode;
    if ((c.flags & ~row->flags) || c.reserved) return reason::unknown_flag;
    if (c.opcode == opcode::process_and_transmit && !(able_.uses & transmits)) return reason::no_transmitter;
    if (c.opcode == opcode::install && !direction_is_good(c.flags)) return reason::no_such_use;
    if (c.opcode == opcode::process_and_return && !(able_.uses & (c.flags & inbound ? secondary_in : secondary_out))) return reason::no_such_use;
    switch (c.opcode) {
        case opcode::digest: return !(able_.uses & digests) ? reason::no_such_use : c.length != entry_octets ? reason::bad_length : reason::none;
        case opcode::abort_all: return c.length ? reason::bad_length : reason::none;
        case opcode::install: return c.length == 0 || c.length > longest_parts ? reason::bad_length : reason::none;
        default: break;
    }
    if (!find(c.handle)) return reason::stale_handle;
    if (is_job(c.opcode) && !store_.carries(c.handle, way_of(c))) return reason::no_such_use;
    switch (c.opcode) {
        case opcode::change:
            if (c.flags & lends ? c.length != lease_octets : c.length == 0 || c.length > longest_parts) return reason::bad_length;
            return c.flags & lends && frozen(c.handle) ? reason::frozen : reason::none;
        case opcode::remove: return c.length ? reason::bad_length : reason::none;
        case opcode::freeze_and_read: return reason::none;
        default: break;
    }
    if (c.length != entry_octets) return reason::bad_length;
    if ((c.flags & inbound && c.flags & numbered) || (!(c.flags & inbound) && c.flags & verify_only)) return reason::unknown_flag;
    return frozen(c.handle) ? reason::frozen : reason::none;
}

reason command_processor::check(const command& c, const job& j) const {
    if (j.length == 0) return reason::bad_length;
    if (j.length > able_.longest_job) return reason::too_long;
    return c.flags & inbound && j.room < j.length ? reason::no_room : reason::none;
}

outcome_of_entry command_processor::execute(const command& c, octets parts, ps now) {
    if (const reason why = check(c); why != reason::none) return not_executed(c, why);      // what was before it may have changed that
    switch (c.opcode) {
        case opcode::install: {
            state::handle made;
            outcome_of_entry o = not_executed(c, install(c, parts, made));
            o.completion.handle = made;
            if (made) store_.lies_at(made, c.address);
            return o;
        }
        case opcode::change: return not_executed(c, change(c, parts));
        case opcode::remove: store_.table_of(c.handle).remove(c.handle); break;
        case opcode::freeze_and_read: {
            const ipsec::association& a = *find(c.handle);
            outcome_of_entry o = not_executed(c, reason::none);
            a.save(state::part::cached, o.written);
            a.save(state::part::delegated, o.written);
            if (o.written.size() > c.length) return not_executed(c, reason::no_room);
            if (!(c.flags & goes_on)) store_.table_of(c.handle).freeze(c.handle, true);
            o.completion.length = static_cast<std::uint32_t>(o.written.size());
            return o;
        }
        default: break;
    }
    return not_executed(c, reason::none);
}

reason command_processor::install(const command& c, octets parts, state::handle& made) {
    const auto constant = next_part(parts);
    if (!constant || !is(*constant, state::part::constant)) return reason::malformed;
    const auto with = ipsec::read_constant(*constant);
    if (!with) return reason::malformed;
    const ipsec::association_parameters& p = with->parameters;
    const ipsec::algorithms& a = p.algorithms;
    if (a.cipher == ipsec::cipher_kind::null && !a.authenticates()) return reason::null_with_null;
    if (!ipsec::pair_refusal(a).empty()) return reason::unsupported_pair;
    if (!ipsec::length_refusal(a, p.keys).empty()) return reason::wrong_key_length;
    if (!store_.serves(p, c.flags)) return reason::unsupported_algorithm;
    if (!ipsec::refusal(a, p.keys).empty()) return reason::weak_key;
    if (p.replay_window > largest_window || !ipsec::refusal(p).empty()) return reason::bad_parameter;
    ipsec::association_table& table = store_.table_for(c.flags);
    if (table.has(p)) return reason::duplicate_spi;
    if (table.size() == table.capacity()) return reason::table_full;
    // IVs that are drawn differ between associations, and between the times that one was here.
    const auto added = table.add(*with, iv_seed_ + made_++, payload_);
    if (!added.refused.empty()) return reason::bad_parameter;
    bool delegated = false;
    if (const reason why = load_parts(*table.find(added.handle), parts, delegated); why != reason::none) {
        table.remove(added.handle);
        return why;
    }
    made = added.handle;
    store_.added(made);
    return reason::none;
}

// CACHED and DELEGATED, each at most once. All of them or none.
reason command_processor::load_parts(ipsec::association& a, octets parts, bool& delegated) {
    const ipsec::cached_parameters before = a.cached();
    bool cached = false;
    while (parts.size) {
        const auto part = next_part(parts);
        const bool good = part && (is(*part, state::part::cached) ? !cached && !delegated : is(*part, state::part::delegated) && !delegated);
        if (!good || !a.load(static_cast<state::part>((*part)[3]), part->data, part->size)) {
            a.change(before);
            return good ? reason::bad_parameter : reason::malformed;
        }
        (is(*part, state::part::cached) ? cached : delegated) = true;
    }
    return reason::none;
}

reason command_processor::change(const command& c, octets parts) {
    if (c.flags & lends) return lend(store_.table_of(c.handle), c.handle, {little64(parts.data), little64(parts.data + 8)});
    ipsec::association& a = *find(c.handle);
    octets rest = parts;
    while (const auto part = next_part(rest))
        if (is(*part, state::part::delegated) && !frozen(c.handle)) return reason::not_frozen;
    bool delegated = false;
    if (const reason why = load_parts(a, parts, delegated); why != reason::none) return why;
    if (delegated) store_.table_of(c.handle).freeze(c.handle, false);
    return reason::none;
}

outcome_of_entry command_processor::process(const command& c, const job& j, octets packet, ps now) {
    reason why = check(c);
    if (why == reason::none) why = check(c, j);
    if (why == reason::none && c.opcode == opcode::digest) {
        outcome_of_entry o = not_executed(c, reason::none);
        o.completion.sequence = packet::crc32c(packet);
        return o;
    }
    if (why == reason::none && find(c.handle)->life(now) == ipsec::lifetime_state::hard_expired) why = reason::expired;
    if (why != reason::none) return not_executed(c, why);
    return c.flags & inbound ? unprotect(c, j, packet, now) : protect(c, j, packet, now);
}

// What the host gets back it may cut; what is sent leaves as it is.
bool command_processor::fits_link(std::size_t size, std::uint32_t path_mtu) const { return size <= able_.longest_sent && (!path_mtu || size <= path_mtu); }

outcome_of_entry command_processor::protect(const command& c, const job& j, octets frame, ps now) {
    ipsec::association& a = *find(c.handle);
    const ipsec::association_parameters& p = a.parameters();
    outcome_of_entry o = not_executed(c, reason::none);
    const std::size_t front = link_header_of(c);
    const auto v = packet::ip_view::parse(frame.from(front));
    if (!v || (front && !carries_ip(frame))) {
        o.completion.verdict = static_cast<std::uint8_t>(ipsec::outcome::malformed);
        return o;
    }
    const std::size_t size = ipsec::protected_size(p, *v);
    if (front + size > able_.longest_job || (front && !fits_link(size, a.cached().path_mtu))) return not_executed(c, reason::too_long);
    if (c.opcode == opcode::process_and_return && size > j.room) return not_executed(c, reason::no_room);
    if (c.flags & numbered && (a.left() || !a.take({j.sequence, j.sequence}))) return not_executed(c, reason::number_refused);
    std::uint8_t iv[16];
    if (!a.draw(o.completion.sequence, iv)) return not_executed(c, a.exhausted() ? reason::exhausted : reason::no_number);
    const bool tunnel = p.mode == ipsec::association_mode::tunnel && p.source.version == 4;
    const std::uint8_t protocol = p.udp ? packet::ip_protocol::udp : static_cast<std::uint8_t>(p.protocol);
    const std::uint32_t identification = tunnel ? store_.identifications().next(p.source, a.cached().peer, protocol, now) : 0;
    ipsec::work took;
    const ipsec::outcome how = ipsec::protect(a, v->packet, o.completion.sequence, iv, o.written, took, identification);
    if (worker_) worker_->worked(p, took);
    o.completion.verdict = static_cast<std::uint8_t>(how);
    if (how != ipsec::outcome::done) o.written.clear();
    else a.count(v->packet.size);
    if (front && !o.written.empty()) {
        const std::uint16_t type = o.written[0] >> 4 == 4 ? packet::ether_type::ipv4 : packet::ether_type::ipv6;
        o.written.insert(o.written.begin(), frame.data, frame.data + front);
        packet::put16(&o.written[type_at], type);
    }
    if (ipsec::past_soft(a, now)) o.completion.flags |= soft_expired;
    o.completion.length = static_cast<std::uint32_t>(o.written.size());
    return o;
}

outcome_of_entry command_processor::unprotect(const command& c, const job&, octets packet, ps now) {
    ipsec::association& a = *find(c.handle);
    outcome_of_entry o = not_executed(c, reason::none);
    ipsec::opened out;
    ipsec::work took;
    const auto window = c.flags & verify_only ? ipsec::window_use::verify_only : ipsec::window_use::full;
    const ipsec::outcome how = ipsec::unprotect(a, packet, out, took, window);
    if (worker_) worker_->worked(a.parameters(), took);
    o.completion.sequence = out.sequence;
    o.completion.verdict = static_cast<std::uint8_t>(how);
    if (how == ipsec::outcome::done) {
        a.count(out.packet.size());
        o.written = std::move(out.packet);
    }
    if (ipsec::past_soft(a, now)) o.completion.flags |= soft_expired;
    o.completion.length = static_cast<std::uint32_t>(o.written.size());
    return o;
}

offload::engine_work command_processor::work(const command& c, octets packet, bool new_key) const {
    const auto v = packet::ip_view::parse(packet.from(link_header_of(c)));
    if (!find(c.handle) || !v || frozen(c.handle)) return {};
    return store_.work(c.handle, way_of(c), v->packet.size, v->header.size, new_key);
}

void command_processor::reset() { store_.clear(); }

}  // namespace nicteam::rings
