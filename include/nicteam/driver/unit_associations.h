// The associations that a host keeps with one unit behind the face: installed through its ring, taken home by freeze-and-read, begun
// anew behind the numbers that were lent when the unit is gone. And the jobs that name them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "nicteam/driver/association_change.h"
#include "nicteam/driver/crypto_job.h"
#include "nicteam/driver/lent_associations.h"
#include "nicteam/driver/ring_driver.h"
#include "nicteam/ipsec/lifetimes.h"
#include "nicteam/sim/session.h"

namespace nicteam::driver {

class unit_associations final : public ring_user {
public:
    using finished = std::function<void(host::cpu&, crypto_job&)>;
    // `poll`, `timeout`: looks at completions that are awaited, and how long until the unit counts as dead.
    unit_associations(ring_driver&, host::memory&, sim::shadow&, ps poll, ps timeout, finished);

    void on_ready(std::function<void(host::cpu&)> f) { ready_ = std::move(f); }      // of a unit that starts by itself
    void on_gone(std::function<void(host::cpu&)> f) { gone_ = std::move(f); }        // … and is pulled out

    // Who hears of the ends of change_place().
    void on_changed_place(std::function<void(host::cpu&, association_change&)> f) { changed_place_ = std::move(f); }

    // Elaboration. `flags` of install. The name by which others know it, whatever unit has it. Its sequence numbers are drawn from `numbers`,
    // which units may share and which outlives this; none: from its own. `at_bring_up`: the unit has it from then on; else when somebody asks.
    state::handle add(const ipsec::association_parameters&, std::uint64_t iv_seed, ipsec::payload_kind, std::uint8_t flags, ipsec::association* numbers = nullptr,
                      bool at_bring_up = true);
    bool empty() const { return all_.empty(); }

    ipsec::association& numbers_of(state::handle name) { return *find(name)->numbers; }
    state::handle in_unit(state::handle name) const;      // nothing: the unit does not have it

    // Of one that it has, or that came out since the last bring-up: what the unit did before may be told later. Nothing: of neither.
    state::handle name_of(state::handle in_unit) const;

    // All that it shall have and does not: what it had before it was reset is lost. Waits for the answers; false: none came.
    bool install(host::cpu&);
    // All come home with window, counters and unused numbers, and are removed; what the unit does not answer for is lost.
    void take_home(host::cpu&);
    void lost(ps now);
    // A unit's record told that this number was received through its association.
    void told(state::handle in_unit, std::uint64_t sequence);

    // One goes in or comes out, behind what the ring has. Told once, perhaps before this returns.
    void change_place(host::cpu&, association_change&);

    // Of the path behind it, learned by the host. Why it cannot be; empty: the unit will know.
    std::string change_path(host::cpu&, state::handle name, std::uint32_t octets);

    // Finishes later, once, unless it is refused at once: false, with result and detail.
    bool submit(host::cpu&, crypto_job&);

    // What became of an association at a bring-up when the unit did not get it: by the capability block, or by the unit's answer.
    struct refusal {
        std::string association, why;
        unsigned times = 0;
    };
    const std::vector<refusal>& refusals() const { return refusals_; }

    // What it takes of memory: when it is built, and for each association that is added.
    static std::uint64_t take_blocks(host::memory&);
    static std::uint64_t take_room(host::memory&, const ipsec::association&);

private:
    struct kept {
        kept(const ipsec::association_parameters& p, std::uint64_t iv_seed, ipsec::payload_kind payload) : mine(p, 0, iv_seed, payload) {}
        ipsec::association mine;
        ipsec::association* numbers = &mine;      // whose sequence numbers are drawn
        std::uint8_t flags = 0;
        std::uint64_t room = 0;                   // for its parts
        std::uint32_t octets = 0, constant = 0;   // … of them the CONST part
        bool wanted = true;                       // the unit shall have it
        bool changing = false, stale = false;     // `change` is under way; the unit does not have the latest CACHED part
        state::handle latest;                     // what the unit called it when it went in, since the last bring-up
    };
    struct pending {
        enum class what : std::uint8_t { install, freeze, remove, change, job } kind = what::remove;
        state::object_id id = 0;
        crypto_job* job = nullptr;
        unsigned block = 0;
        association_change* asked = nullptr;
    };
    void ready(host::cpu& c) override {
        if (ready_) ready_(c);
    }
    void gone(host::cpu& c) override {
        if (gone_) gone_(c);
    }
    void concluded(host::cpu&, const ring_conclusion&) override;
    void finish(host::cpu&, const pending&, const ring_conclusion&);
    kept* find(state::handle name);
    const kept* find(state::handle name) const { return const_cast<unit_associations*>(this)->find(name); }
    bool wait(host::cpu&);
    bool post(host::cpu&, rings::command, const pending&);
    void hand_change(host::cpu&, std::size_t n);
    void wipe(const kept&, ps now);
    bool stays() const { return (ring_.able().uses & rings::fetches) != 0; }      // the unit reads CONST parts again where install found them
    void refused(const kept&, const std::string& why);
    bool put_in(host::cpu&, std::size_t n, association_change*);         // posted; false: it is told why not
    bool take_out(host::cpu&, std::size_t n, association_change*);
    std::uint64_t highest_received(state::handle in_unit) const;
    void conclude(host::cpu&, association_change*, status, std::string why);
    void show(ps now);
    std::string beyond(const ipsec::association_parameters&) const;

    ring_driver& ring_;
    host::memory& ram_;
    sim::shadow& shadow_;                         // of the unit's bus
    ps poll_, timeout_;
    finished finished_;
    std::function<void(host::cpu&)> ready_, gone_;
    std::function<void(host::cpu&, association_change&)> changed_place_;
    state::ownership_ledger owners_;
    state::owner_id host_ = owners_.new_owner("host"), unit_ = owners_.new_owner("unit");
    lent_associations lent_{owners_, host_};
    std::vector<std::unique_ptr<kept>> all_;      // name: place here, generation 1
    std::map<std::uint64_t, pending> pending_;    // by cookie
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> told_;
    std::uint64_t blocks_ = 0;
    std::vector<unsigned> free_blocks_;
    std::vector<refusal> refusals_;
    unsigned forgotten_ = 0;                      // places of the unit that it has of ours, and nobody gives back
    bool any_stale_ = false;
    counter &installed_, &refused_, &home_, &changed_, &lost_;
    ipsec::lifetimes lifetimes_;                  // as completions of jobs tell
    level& places_;
};

}  // namespace nicteam::driver
