#include "nicteam/secondary/pooled_associations.h"

#include <stdexcept>

namespace nicteam::secondary {
namespace {

constexpr std::uint32_t generation = 1;

}  // namespace

struct pooled_associations::shared {
    shared(const ipsec::association_parameters& p, std::uint64_t iv_seed, ipsec::payload_kind payload) : owner(p, 0, iv_seed, payload) {}
    ipsec::association owner;
    bool receives = false, moves = false, lives = true;
    std::uint64_t packets = 0, octets = 0;               // under way
    std::vector<state::handle> in;                       // by unit
};

pooled_associations::pooled_associations() = default;
pooled_associations::~pooled_associations() = default;

unsigned pooled_associations::add_unit(holder h) {
    if (!all_.empty()) throw std::logic_error("a unit joins a pool that has associations already");
    units_.push_back(std::move(h));
    return static_cast<unsigned>(units_.size() - 1);
}

state::handle pooled_associations::hold(const ipsec::association_parameters& p, std::uint64_t iv_seed, ipsec::payload_kind payload, bool receives,
                                        std::uint64_t units, bool moves) {
    all_.push_back(std::make_unique<shared>(p, iv_seed, payload));
    shared& s = *all_.back();
    s.receives = receives;
    s.moves = moves;
    for (unsigned n = 0; n < units_.size(); ++n)
        s.in.push_back(units >> n & 1u ? units_[n]({s.owner.parameters(), iv_seed, payload, receives, s.owner, moves}) : state::handle{});
    return {static_cast<std::uint32_t>(all_.size() - 1), generation};
}

const pooled_associations::shared& pooled_associations::at(state::handle name) const {
    if (name.generation != generation || name.index >= all_.size()) throw std::out_of_range("no association of the pool");
    return *all_[name.index];
}

state::handle pooled_associations::in_unit(state::handle name, unsigned unit) const { return at(name).in.at(unit); }

state::handle pooled_associations::name_of(unsigned unit, state::handle in_unit) const {
    for (std::uint32_t n = 0; n < all_.size(); ++n)
        if (in_unit && all_[n]->in.at(unit) == in_unit) return {n, generation};
    return {};
}

const ipsec::association_parameters& pooled_associations::parameters(state::handle name) const { return at(name).owner.parameters(); }
bool pooled_associations::receives(state::handle name) const { return at(name).receives; }
bool pooled_associations::moves(state::handle name) const { return at(name).moves; }
bool pooled_associations::lives(state::handle name) const { return at(name).lives; }
void pooled_associations::live(state::handle name, bool does) { const_cast<shared&>(at(name)).lives = does; }
state::handle pooled_associations::named(std::size_t n) const { return n < all_.size() ? state::handle{static_cast<std::uint32_t>(n), generation} : state::handle{}; }

state::handle pooled_associations::find(std::uint32_t spi, const packet::ip_address& destination, ipsec::security_protocol protocol) const {
    for (std::uint32_t n = 0; n < all_.size(); ++n) {
        const ipsec::association_parameters& p = all_[n]->owner.parameters();
        if (all_[n]->receives && all_[n]->lives && p.spi == spi && p.protocol == protocol && p.destination == destination) return {n, generation};
    }
    return {};
}

ipsec::association& pooled_associations::shared_copy(state::handle name) { return const_cast<shared&>(at(name)).owner; }

ipsec::replay_verdict pooled_associations::accept(state::handle name, std::uint64_t sequence) { return shared_copy(name).window.accept(sequence); }

bool pooled_associations::begin(state::handle name, std::uint64_t octets, ps now) {
    auto& s = const_cast<shared&>(at(name));
    const ipsec::limits& hard = s.owner.cached().hard;
    const bool past = !s.lives || (hard.packets && s.owner.packets() + s.packets >= hard.packets) || (hard.octets && s.owner.octets() + s.octets >= hard.octets);
    if (past || s.owner.life(now) == ipsec::lifetime_state::hard_expired) return false;
    ++s.packets;
    s.octets += octets;
    return true;
}

void pooled_associations::end(state::handle name, std::uint64_t octets, bool good, ps now) {
    auto& s = const_cast<shared&>(at(name));
    --s.packets;
    s.octets -= octets;
    if (!good) return;
    s.owner.count(octets);
    if (told_) told_->look(name, s.owner, now);
}

bool pooled_associations::used(state::handle name, std::uint64_t octets, ps now) {
    const bool may = begin(name, octets, now);
    if (may) end(name, octets, true, now);
    return may;
}

}  // namespace nicteam::secondary
