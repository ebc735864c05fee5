// The two databases of RFC 4301 4.4: what must happen to traffic, and the associations that there are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "nicteam/ipsec/association.h"
#include "nicteam/ipsec/selector.h"
#include "nicteam/state/handle.h"

namespace nicteam::ipsec {

enum class policy_action : std::uint8_t { protect, bypass, discard };

struct policy {
    std::string name;
    selector which;                            // of what leaves; what comes in is looked up the other way round
    policy_action action = policy_action::protect;
    std::vector<std::string> bundle;           // names of associations, the innermost first
};

// Ordered: the first that selects decides. Nothing that no policy selects may pass (RFC 4301, 5.1).
class policy_list {
public:
    explicit policy_list(std::vector<policy> = {});
    const policy* find(const flow&) const;     // nullptr: discard
    const std::vector<policy>& all() const { return all_; }

private:
    std::vector<policy> all_;
};

class association_table {
public:
    // `first`: of the indices in its handles.
    explicit association_table(std::size_t capacity = 1'024, std::uint32_t first = 0) : slots_(capacity, first) {}

    struct added {
        state::handle handle;
        std::string refused;                   // empty: it is there
    };
    added add(association_parameters, ps now = 0, std::uint64_t iv_seed = 0, payload_kind = payload_kind::real);
    // As a device takes it from its host: no number until some are lent.
    added add(constant_parameters, std::uint64_t iv_seed = 0, payload_kind = payload_kind::real);
    bool remove(state::handle);

    association* find(state::handle h) { return slots_.find(h); }
    const association* find(state::handle h) const { return slots_.find(h); }
    // Inbound: by what the packet shows. None that is frozen.
    state::handle find(std::uint32_t spi, const packet::ip_address& destination, security_protocol) const;
    // No further one of this SPI, destination and protocol is taken.
    bool has(const association_parameters& p) const { return !copies_ && by_spi_.count(key_of(p)) != 0; }
    // From now on each that is added has a place of its own, whatever is there: packets meet the newest, and nothing is compared.
    void take_copies() { copies_ = true; }
    // What it had is with somebody else: it works for no packet until it comes back.
    void freeze(state::handle, bool);
    bool frozen(state::handle) const;
    state::handle named(const std::string&) const;

    std::size_t size() const { return slots_.size(); }
    std::size_t capacity() const { return slots_.capacity(); }
    std::size_t found_by_spi() const { return by_spi_.size(); }      // as many as there are
    std::uint32_t first() const { return slots_.first(); }
    template <class F> void each(F&& f) { slots_.each(f); }

private:
    using key = std::tuple<std::uint32_t, packet::ip_address, security_protocol>;
    static key key_of(const association_parameters& p) { return {p.spi, p.destination, p.protocol}; }

    std::string refusal_here(const association_parameters&) const;
    added entered(std::optional<state::handle>);

    state::slot_table<association> slots_;
    std::multimap<key, state::handle> by_spi_;        // of one key, the newest is the last
    std::map<std::string, state::handle> by_name_;
    std::vector<state::handle> frozen_;
    bool copies_ = false;
};

}  // namespace nicteam::ipsec
