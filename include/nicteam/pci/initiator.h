// The master side of an agent: carries out transfers in as many tenures as the bus, its timers and the target make of them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>
#include <tlm_utils/simple_initiator_socket.h>

#include "nicteam/base/clock_domain.h"
#include "nicteam/pci/protocol.h"

namespace nicteam::pci {

enum class transfer_result : std::uint8_t { done, master_abort, target_abort };

// Tenures that begin without an idle clock after the own one before (PCI 2.2, 3.4.2): never, to the target of the one before
// (the master's own affair), or to any target (command bit 9: all targets of the bus can follow, status bit 7).
enum class back_to_back : std::uint8_t { never, same_target, any_target };

// One piece of work. The owner keeps it alive from submit() to ended().
struct transfer {
    std::uint64_t address = 0;
    std::uint32_t bytes = 0;          // at least 1
    std::uint8_t* data = nullptr;     // `bytes` of them; read (write transfers) or filled (read transfers) as words pass
    pci::command command = pci::command::memory_read;   // kind of access; attempt() may choose another for each tenure
    unsigned priority = 0;            // among the transfers of one initiator: the lowest goes first, ties by submission
    unsigned tag = 0;                 // the owner's own use
    // Words of a write to drive with wrong parity, by rising number; the first byte lies in word 0.
    const std::vector<std::uint32_t>* wrong = nullptr;

    // Progress, kept by the initiator.
    std::uint32_t done = 0;           // bytes that passed in tenures that have ended
    std::uint32_t attempts = 0;       // tenures so far
    std::uint32_t retries = 0;
    payload* under_way = nullptr;     // the tenure under way, if any; its extension holds the span
    std::uint32_t attempt_bytes = 0;  // bytes asked for in the tenure under way
    bool withdrawn = false;           // decide() gave 0: submit() goes on where it was; otherwise it starts afresh
};

// What the master decides one clock before the address phase.
struct attempt {
    pci::command command;
    std::uint32_t bytes;              // 1 … transfer.bytes - transfer.done; 0: withdraw REQ#, submit again later
};

class initiator_user {
public:
    virtual ~initiator_user() = default;
    // Called at the address edge for the decision taken at `decision`, one clock earlier: look only at what happened
    // strictly before `decision`. Default: the transfer's command, all that is left.
    virtual attempt decide(const transfer& t, ps decision) { return {t.command, t.bytes - t.done}; }
    // The words of the tenure under way are planned, or their plan changed from `at` on.
    virtual void planned(transfer&, ps at) {}
    // A tenure ended with bytes left: `idle` is its idle edge. Default: nothing; the initiator asks again by itself,
    // REQ# sampled low from idle + 1 clock.
    virtual void attempt_ended(transfer&, ending, ps idle) {}
    // Told when a tenure ends. A word of a read came with wrong parity; true: PERR#. PERR# was asserted for a word of a write.
    // `word` counts from the first of the tenure; no transfer: it was forgotten.
    virtual bool parity_error(const transfer*, std::uint32_t word) { return false; }
    virtual void perr_seen(const transfer*, std::uint32_t word) {}
    // A transfer that reset() forgot while it was `undecided`: so many octets passed all the same. `at` as for ended(); the transfer
    // is named, not touched.
    virtual void forgotten(const transfer&, std::uint32_t octets, ps at) {}
    // The transfer is over; `at` = one clock before the idle edge. It may be submitted again from within.
    virtual void ended(transfer&, transfer_result, ps at) = 0;
};

class initiator : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<initiator, 32, pci_types> socket{"socket"};

    initiator(sc_core::sc_module_name, const clock_domain&, initiator_user&);

    // The agent decided at edge `act` (act >= now) to do this: REQ# is sampled low from act + 1 clock, at the earliest one
    // clock after the idle edge of this agent's tenure under way. Any number of transfers may wait.
    // Throws std::logic_error for one without bytes.
    void submit(transfer&, ps act);
    // No word after the one under way at `from` shall pass in the tenure under way: the master ends it early. `from` may
    // lie ahead and be replaced by a later call (`never`: no limit) until it is reached.
    // Without a tenure it counts only if the next one is decided at or before `from`.
    void limit(transfer&, ps from);
    bool parity_error(std::uint32_t word);
    void perr_seen(std::uint32_t word);
    bool busy() const;                // transfers wait or a tenure is under way
    // A 64-bit master asserts REQ64# for memory transfers of two or more 64-bit data phases, on a bus that has the pins.
    void set_wide(bool);
    void set_back_to_back(back_to_back);
    back_to_back may_follow() const;
    // The transfer that goes on right behind the one that has just ended, decided at this edge; null: none, or what is left of
    // the one before comes first.
    const transfer* next(ps decision) const;
    // Forgets all transfers without calling ended(); none is touched any more. A tenure under way ends by limit(), REQ#
    // that waits stays low until granted; what would have asked later does not.
    void reset(ps at);
    // Behind reset(): octets of it may pass yet, in the tenure under way or in one that was decided before. forgotten() tells.
    bool undecided(const transfer&) const;
    ~initiator() override;

private:
    tlm::tlm_sync_enum from_bus(payload&, tlm::tlm_phase&, sc_core::sc_time&);
    struct machinery;
    std::unique_ptr<machinery> machinery_;      // models/pci/initiator.cpp
};

}  // namespace nicteam::pci
