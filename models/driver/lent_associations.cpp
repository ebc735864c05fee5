#include "nicteam/driver/lent_associations.h"

#include "nicteam/ipsec/association_state.h"
#include "nicteam/state/part_format.h"

namespace nicteam::driver {
namespace {

// DELEGATED for who is lent these numbers: ipsec/association_state.h has the fields.
void write_delegated(const ipsec::association& a, const ipsec::lease& l, bytes& out) {
    state::part_writer w(out, state::layer::security, state::part::delegated, ipsec::association_format);
    for (const std::uint64_t v : {l.empty() ? 0 : l.first - 1, l.empty() ? 0 : l.last, a.packets(), a.octets(), a.window.highest()}) w.u64(v);
    for (const std::uint64_t word : a.window.map()) w.u64(word);
    w.finish();
}

}  // namespace

bool lent_associations::add(state::object_id id, ipsec::association& a, ps now, ipsec::association* numbers) {
    if (!ledger_.create(id, host_, now)) return false;
    all_[id].association = &a;
    all_[id].source = numbers ? numbers : &a;
    return true;
}

std::optional<bytes> lent_associations::hand_over(state::object_id id, state::owner_id unit, std::uint64_t numbers, ps now) {
    const auto at = all_.find(id);
    if (at == all_.end() || ledger_.move(id, host_, state::nobody, now) != state::move_result::moved) return std::nullopt;
    lent& l = at->second;
    l.unit = unit;
    l.numbers = l.source->lend(numbers);
    bytes parts;
    ipsec::write_constant(l.association->constants(), parts);
    ipsec::write_cached(l.association->cached(), parts);
    write_delegated(*l.association, l.numbers, parts);
    return parts;
}

void lent_associations::installed(state::object_id id, std::optional<state::handle> h, ps now) {
    lent& l = all_.at(id);
    if (h) {
        ledger_.move(id, state::nobody, l.unit, now);
        l.at = h;
        return;
    }
    l.source->give_back(l.numbers);
    take_home(id, l, 0, now);
}

std::optional<bytes> lent_associations::lend_more(state::object_id id, std::uint64_t numbers) {
    const auto found = all_.find(id);
    if (found == all_.end() || !found->second.at) return std::nullopt;
    const ipsec::lease more = found->second.source->lend(numbers);
    if (more.empty()) return std::nullopt;
    found->second.numbers = more;
    bytes b;
    for (const std::uint64_t v : {more.first, more.last})
        for (unsigned i = 0; i < 8; ++i) b.push_back(static_cast<std::uint8_t>(v >> 8 * i));
    return b;
}

bool lent_associations::came_back(state::object_id id, nicteam::packet::octets parts, ps now) {
    const auto found = all_.find(id);
    if (found == all_.end() || !found->second.at) return false;
    lent& l = found->second;
    // As the unit had it; CACHED, in front, is the host's own.
    bytes cached;
    ipsec::write_cached(l.association->cached(), cached);
    const nicteam::packet::octets delegated = parts.from(cached.size());
    ipsec::association there(l.association->constants());
    if (!there.load(state::part::delegated, delegated.data, delegated.size)) return false;
    if (there.packets() < l.association->packets() || there.octets() < l.association->octets()) return false;
    if (!l.association->window.restore(there.window.highest(), there.window.map())) return false;
    l.association->count(there.packets() - l.association->packets(), there.octets() - l.association->octets());
    l.source->give_back(there.held());                 // of the latest lease: what is between leases is a gap
    take_home(id, l, 0, now);
    return true;
}

void lent_associations::take_home(state::object_id id, lent& l, std::uint64_t highest_received, ps now) {
    ledger_.move(id, l.at ? l.unit : state::nobody, host_, now);
    // What it took below, and told, must not be taken again; what it did not tell may be.
    if (highest_received) l.association->window.close_up_to(highest_received);
    l.unit = state::nobody;
    l.at.reset();
}

void lent_associations::forget(state::object_id id, std::uint64_t highest_received, ps now) {
    if (lent& l = all_.at(id); l.at) take_home(id, l, highest_received, now);
}

std::optional<state::handle> lent_associations::handle(state::object_id id) const {
    const auto at = all_.find(id);
    return at == all_.end() ? std::nullopt : at->second.at;
}

}  // namespace nicteam::driver
