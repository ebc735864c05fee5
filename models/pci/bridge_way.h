// One way through a PCI-to-PCI bridge: what was asked for on the one bus and is carried out on the other.
//
// Ordering (PCI 2.2, 3.2.5 and appendix E; bridge specification 1.1, chapter 5):
//   posted writes keep their order and pass delayed transactions;
//   a delayed request waits for the posted writes that came before it;
//   what a delayed transaction brought back waits for the posted writes that came the other way before it was fetched.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/metrics.h"
#include "nicteam/pci/initiator.h"
#include "nicteam/pci/pci_bridge.h"
#include "nicteam/pci/target.h"
#include "nicteam/sim/agenda.h"

namespace nicteam::pci {

class bridge_way;

class bridge_way_user {
public:
    virtual ~bridge_way_user() = default;
    virtual bool aborts_as_errors() const = 0;                            // else reads of nobody give all ones
    virtual ps discard_after(const bridge_way&) const = 0;
    virtual void aborted(const bridge_way&, transfer_result) = 0;         // seen as master on the other bus
    virtual void lost(const bridge_way&, const transfer&, transfer_result, ps known) = 0;      // a posted write that nobody took
    virtual void discarded(const bridge_way&, ps known) = 0;
    // Who asks gets what a request before its own had fetched: whoever made that was reset, or is gone, and never came back for it.
    virtual void old_answer(const bridge_way&) = 0;
    // Parity. On the asking bus: its response is on. On the other: a word read came wrong, PERR# was asserted for one written; true:
    // the response is on there. `alone`: it was posted, and right when it came.
    virtual bool responds(const bridge_way&) const = 0;
    virtual void wrong_request(const bridge_way&) = 0;                    // a delayed write, latched as it is
    virtual bool read_wrong(const bridge_way&) = 0;
    virtual bool perr(const bridge_way&, bool alone, ps known) = 0;
};

// What the claiming side makes of an access.
struct passage {
    std::uint64_t address = 0;        // on the other bus
    std::uint64_t end = 0;            // no burst goes on to this address
    std::uint32_t line = 0;           // cache line in bytes; 0: not set
    bool prefetchable = false;        // reading ahead does no harm
};

class bridge_way : public sc_core::sc_module, public initiator_user, private sim::agenda_user {
public:
    bridge_way(sc_core::sc_module_name, bridge_way_user&, const pci_bridge_config&, const clock_domain& from, const clock_domain& to);
    void bind(initiator& to, const bridge_way& opposite) { to_ = &to, opposite_ = &opposite; }

    answer decode(access&, const passage&);
    void ended(access&);
    void came_wrong(std::uint32_t word);              // of the access that has just ended
    void reset(ps at);                // throws everything away
    void overlay(std::uint64_t address, std::uint8_t* data, std::size_t n) const;      // what is posted, for observers

private:
    using octets = std::vector<std::uint8_t>;
    struct posted {
        octets data;
        std::vector<std::uint32_t> wrong;   // words that came with wrong parity
        transfer what;
        ps act = 0;                   // from when on it may go
        ps room_at = never;           // its room is free to those at later edges
    };
    enum class stage : std::uint8_t { free, held, asked, ready };
    struct delayed {
        stage now = stage::free;
        command what = command::memory_read;
        std::uint64_t from_address = 0;
        unsigned first = 0;           // bytes of the first word, as its byte enables say
        std::uint32_t written = 0;    // their values, of a write
        octets data;
        std::vector<std::uint32_t> wrong;   // words that came with wrong parity; of a write carried out: PERR# was asserted
        transfer fetch;
        ps act = 0;
        ps turn = 0;                  // who waits since earlier goes first: since it came, or was retried
        std::uint64_t behind = 0;     // posted writes that go first
        std::uint64_t pushes = 0;     // posted writes the other way that go before the answer
        transfer_result result = transfer_result::done;
        ps ready_at = never;          // edges later than this see the answer
        bool perr = false;            // asserted for the word of a write
        bool enough = false;          // what was fetched will do
        bool met = false;             // by a request that is not its own come back
    };

    // on the asking bus
    answer post(access&, const passage&);
    answer delay(access&, const passage&);
    void reclaim(ps at);
    delayed* find(const access&, unsigned first, std::uint32_t written);
    answer deliver(access&, delayed&, unsigned first_wait);
    void release(delayed&);
    std::uint32_t to_fetch(const access&, const passage&, unsigned first) const;
    // on the other bus
    attempt decide(const transfer&, ps decision) override;
    void attempt_ended(transfer&, ending, ps idle) override;
    void ended(transfer&, transfer_result, ps at) override;
    bool parity_error(const transfer*, std::uint32_t word) override;
    void perr_seen(const transfer*, std::uint32_t word) override;
    void posted_ended(transfer_result, ps idle);
    void fetched(delayed&, transfer_result, ps idle);
    void start_posted();
    void start_delayed();
    void rank();
    void due(unsigned, ps at) override;
    bool may_be_discarded(const delayed&) const;     // not while it is being fetched
    void watch_discard();
    void show(ps at);

    bridge_way_user& user_;
    const pci_bridge_config& config_;
    const clock_domain &from_, &side_;
    initiator* to_ = nullptr;
    const bridge_way* opposite_ = nullptr;

    std::vector<posted> writes_;      // a ring: from `first_` those whose room is not free yet, from `next_` those to go
    unsigned first_ = 0, next_ = 0, used_ = 0, going_ = 0;   // used_: in the ring; going_: of these not carried out
    bool started_ = false;            // the one at next_ is with the initiator
    std::uint32_t held_bytes_ = 0;
    std::uint64_t accepted_ = 0, carried_out_ = 0;

    std::vector<delayed> delayed_;
    enum class doing : std::uint8_t { nothing, posting, asking, delivering };
    doing doing_ = doing::nothing;    // the access under way
    delayed* at_work_ = nullptr;
    posted* latest_ = nullptr;        // that was posted by the access that has just ended
    bool wrong_request_ = false;      // the delayed write under way came with wrong parity
    passage passage_;
    unsigned first_bytes_ = 0;
    ps freed_at_ = 0;                 // of the latest delayed entry that was thrown away

    sim::agenda agenda_;
    counter &posted_, &posted_bytes_, &posted_full_, &delayed_count_, &delayed_full_, &retries_, &fetched_bytes_, &unused_bytes_,
        &discards_, &lost_writes_;
    level &posted_level_, &delayed_level_;
    sim::probe &posted_probe_, &delayed_probe_;
};

}  // namespace nicteam::pci
