// Associations that several units share: nics with a crypto block and crypto cards. Their sequence numbers and the window of what came
// have one owner, whichever unit does the work (rows; design: one owner of each state): no number leaves twice, and what
// came once through one unit is no news through another.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/driver/unit_associations.h"
#include "nicteam/ipsec/association.h"
#include "nicteam/ipsec/lifetimes.h"
#include "nicteam/state/handle.h"

namespace nicteam::secondary {

class pooled_associations {
public:
    pooled_associations();
    ~pooled_associations();

    // How a unit's driver takes one: numbers are drawn from `numbers`, never from the driver's own copy. Nothing: it cannot have it.
    struct request {
        const ipsec::association_parameters& parameters;
        std::uint64_t iv_seed;
        ipsec::payload_kind payload;
        bool receives;
        ipsec::association& numbers;
        bool moves = false;
    };
    using holder = std::function<state::handle(const request&)>;

    // Elaboration; units are numbered from 0, and all are there before the first association.
    unsigned add_unit(holder);
    // In each unit of `units` (a bit each). The name by which others know it, whatever unit does the work. `moves`: who uses the pool may say later in
    // which units it lies.
    state::handle hold(const ipsec::association_parameters&, std::uint64_t iv_seed, ipsec::payload_kind, bool receives, std::uint64_t units = ~std::uint64_t{0},
                       bool moves = false);

    state::handle in_unit(state::handle name, unsigned unit) const;        // the driver's name of it; nothing: not in that one
    state::handle name_of(unsigned unit, state::handle in_unit) const;     // nothing: none of the pool's
    const ipsec::association_parameters& parameters(state::handle name) const;
    bool receives(state::handle name) const;
    bool moves(state::handle name) const;
    // Its user has added it, and not deleted it: from the start, unless said. One that does not live is found by no packet and worked on for none.
    bool lives(state::handle name) const;
    void live(state::handle name, bool);
    std::size_t size() const { return all_.size(); }
    state::handle named(std::size_t n) const;                              // the n-th that was held
    // By what a packet carries; nothing: none that receives.
    state::handle find(std::uint32_t spi, const packet::ip_address& destination, ipsec::security_protocol) const;

    // The owner of its numbers, and of what was counted of it.
    ipsec::association& shared_copy(state::handle name);
    // Of one that came, and was found authentic by some unit. The window is the pool's: what is old or repeated is not to be delivered.
    ipsec::replay_verdict accept(state::handle name, std::uint64_t sequence);

    // Lifetimes by packets and octets are those of all units together. A packet of so many octets is about to be worked on; false: it would be past a
    // hard limit, and what is under way counts.
    bool begin(state::handle name, std::uint64_t octets, ps now);
    void end(state::handle name, std::uint64_t octets, bool good, ps now);       // of the same; it was, or was not
    bool used(state::handle name, std::uint64_t octets, ps now);                 // both at once: false, it is past
    void tell(ipsec::lifetimes* l) { told_ = l; }        // who counts the ends; none: nobody

private:
    struct shared;
    const shared& at(state::handle name) const;

    ipsec::lifetimes* told_ = nullptr;
    std::vector<holder> units_;
    std::vector<std::unique_ptr<shared>> all_;           // name: place here, generation 1
};

}  // namespace nicteam::secondary
