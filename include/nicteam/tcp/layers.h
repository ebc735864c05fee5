// Path and neighbour: what the connections to one address, and the paths over one next hop, have in common. A change of either is one
// change, however many connections there are: they look when they send next.
#pragma once

#include <memory>
#include <optional>

#include "nicteam/state/state_object.h"
#include "nicteam/tcp/state.h"

namespace nicteam::tcp {

// save() and load() count times from here.
class clocked_object : public state::state_object {
public:
    void set_time(ps now) { now_ = now; }

protected:
    ps now_ = 0;
};

class neighbor final : public clocked_object {
public:
    explicit neighbor(neighbor_cached c = {}) : cached_(c) {}
    const neighbor_cached& cached() const { return cached_; }
    void update(const neighbor_cached& c) { cached_ = c; }
    // A connection made progress: the next hop lives (RFC 4861, 7.3.1). by_nic: it ran in a device.
    void reached(ps now, bool by_nic = false) { (by_nic ? cached_.nic_reachable_at : cached_.host_reachable_at) = now; }

    state::layer layer() const override { return state::layer::neighbor; }
    void save(state::part, bytes& out) const override;
    bool load(state::part, const std::uint8_t* from, std::size_t n) override;

private:
    neighbor_cached cached_;
};

class path final : public clocked_object {
public:
    // `next_hop` may be nobody. Throws std::invalid_argument: addresses of two versions.
    explicit path(const path_constant&, path_cached = {}, std::shared_ptr<neighbor> next_hop = nullptr);

    // What a CONST part says; nothing when it is none.
    static std::optional<path_constant> ends_of(const std::uint8_t* from, std::size_t n);

    const path_constant& constant() const { return constant_; }
    const path_cached& cached() const { return cached_; }
    const path_delegated& delegated() const { return delegated_; }

    const std::shared_ptr<tcp::neighbor>& next_hop() const { return next_hop_; }
    void set_next_hop(std::shared_ptr<tcp::neighbor> n) { next_hop_ = std::move(n); }    // a route changed

    // Increments with each change of the MTU: a connection that has seen another one computes its effective MSS anew.
    std::uint32_t generation() const { return generation_; }
    void update(path_cached);
    // A router could not forward this much. false: not less than what we have, or less than the IP version allows (68, 1280 octets): nothing
    // changed. Whether the quoted segment is one of ours is asked of its connection first (connection::quotes, RFC 5927).
    bool too_big(std::uint32_t mtu);

    // Cur_IPID = [Start + (Counter mod 32K)] mod 64K, then Counter++ (002, ¶86).
    std::uint16_t next_identification();
    void set_identifications(path_delegated d) { delegated_ = d; }

    std::uint32_t ip_header() const { return constant_.source.version == 4 ? 20 : 40; }
    std::uint32_t least_mtu() const { return constant_.source.version == 4 ? 68 : 1280; }

    state::layer layer() const override { return state::layer::path; }
    void save(state::part, bytes& out) const override;
    bool load(state::part, const std::uint8_t* from, std::size_t n) override;

private:
    path_constant constant_;
    path_cached cached_;
    path_delegated delegated_;
    std::shared_ptr<tcp::neighbor> next_hop_;
    std::uint32_t generation_ = 1;
};

}  // namespace nicteam::tcp
