// What a unit behind the rings does, apart from when: commands and octets in, completions and octets out, on the security associations
// that its host hands to it. Keys go in and never come out.
#pragma once

#include <vector>

#include "nicteam/offload/work_observer.h"
#include "nicteam/rings/association_store.h"
#include "nicteam/rings/entries.h"

namespace nicteam::rings {

constexpr std::uint32_t largest_window = 1'048'576;      // numbers that a unit's replay window has at most: decision 133

struct capability {
    std::uint32_t associations = 64;
    std::uint32_t uses = 0;              // bits of `use`
    std::uint32_t command_depth = 256, completion_depth = 256;
    std::uint32_t longest_job = 2'048;   // octets, before and after
    std::uint32_t longest_sent = 0;      // octets of a packet on its link, if it has one; no register tells it
};

// What an entry came to: its completion, but for the phase, and the octets that are written.
struct outcome_of_entry {
    rings::completion completion;
    bytes written;
    bool has(reason r) const { return completion.reason == r; }
};

inline offload::way way_of(const command& job) { return job.flags & inbound ? offload::way::in : offload::way::out; }

class command_processor {
public:
    command_processor(const capability&, association_store&, std::uint64_t iv_seed, ipsec::payload_kind = ipsec::payload_kind::real);

    const capability& able() const { return able_; }
    const association_store& associations() const { return store_; }
    void watch(offload::work_observer& o) { worker_ = &o; }      // elaboration
    void use_identifications(packet::identification_slice s) { store_.identifications() = packet::identification_source(s); }

    // ---- before its octets are read: what cannot be executed whatever they are
    reason check(const command&) const;
    reason check(const command&, const job&) const;
    std::uint32_t octets_of(const command&) const;      // that are read from `address`

    // ---- one after the other, in the order of the ring
    // install, change, freeze-and-read, remove. `parts`: octets_of it.
    outcome_of_entry execute(const command&, packet::octets parts, ps now);
    // A job, with its packet; what is transmitted is a frame, from its destination address on. The numbers are drawn and windows move
    // here.
    outcome_of_entry process(const command&, const job&, packet::octets packet, ps now);
    static outcome_of_entry not_executed(const command&, reason);

    // What the engines take for it, told by its lengths: 0 for what is refused before they see it.
    offload::engine_work work(const command&, packet::octets packet, bool new_key) const;
    offload::engine_work self_test(const command& c, offload::way w) const { return store_.self_test(c.handle, w); }

    // All associations and keys are gone; their handles stay stale.
    void reset();

private:
    bool direction_is_good(std::uint8_t flags_of_install) const;
    reason install(const command&, packet::octets, state::handle& made);
    reason change(const command&, packet::octets);
    reason load_parts(ipsec::association&, packet::octets, bool& delegated);
    outcome_of_entry protect(const command&, const job&, packet::octets, ps now);
    outcome_of_entry unprotect(const command&, const job&, packet::octets, ps now);
    bool fits_link(std::size_t size, std::uint32_t path_mtu) const;
    ipsec::association* find(state::handle h) const { return store_.table_of(h).find(h); }
    bool frozen(state::handle h) const { return store_.table_of(h).frozen(h); }

    capability able_;
    association_store& store_;
    std::uint64_t iv_seed_, made_ = 0;
    ipsec::payload_kind payload_;
    offload::work_observer* worker_ = nullptr;
};

}  // namespace nicteam::rings
