// The face with its time: registers, the two rings in host memory, and the engines behind them. Whoever carries it (a crypto card, a
// NIC) hands it register accesses and the ends of its transfers. docs/crypto-face.md has every edge.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "nicteam/base/edged.h"
#include "nicteam/base/metrics.h"
#include "nicteam/pci/device.h"
#include "nicteam/rings/command_processor.h"
#include "nicteam/rings/job_engines.h"
#include "nicteam/rings/registers.h"
#include "nicteam/rings/transmitter.h"
#include "nicteam/sim/agenda.h"

namespace nicteam::rings {

struct ring_unit_config {
    ps engine_period = offload::engine_period;       // the engines' clock
    std::vector<std::string> engines{"des-area", "3des-area", "aes-128-round", "aes-256-iterative", "md5", "sha1", "sha256", "ghash"};
    unsigned coupling = 0;                           // choices "chained|series"
    unsigned lookup = 1;                             // clocks of the engines
    unsigned crossing = 2;                           // edges of the receiving clock
    unsigned places = 4;                             // entries inside
    unsigned digest_octets = 0;                      // that its CRC-32c engine takes a clock; 0: it has none
    std::uint32_t engine_watchdog = 1'024;           // clocks of the engines without a block until a job is given up
    offload::engine_health::setup health;            // of its own engines
    capability able;
};

// What a unit has of a block that carries it.
struct ring_carrier {
    association_store& associations;
    job_engines& engines;
};

class ring_unit : public sc_core::sc_module, private sim::agenda_user {
public:
    // Rows of ring_unit_metrics are bound under the name of `owner`. `bus`: the carrier's master, clock and INTA#.
    ring_unit(sc_core::sc_module_name, const sc_core::sc_object& owner, const ring_unit_config&, pci::services& bus,
              ipsec::payload_kind = ipsec::payload_kind::real);
    // Behind the master of a device that does other things too: forgets its transfers itself before reset(), and lets them end when the
    // host asks for one. What becomes of a window and of keys is the carrier's store's.
    ring_unit(sc_core::sc_module_name, const sc_core::sc_object& owner, const ring_unit_config&, pci::services& bus, ring_carrier,
              ipsec::payload_kind = ipsec::payload_kind::real);
    ~ring_unit() override;

    // From the carrier. Only accesses of 32 bits; others read 0 and write nothing.
    std::uint32_t read(std::uint32_t offset, unsigned size, ps at);
    void write(std::uint32_t offset, unsigned size, std::uint32_t v, ps at);
    bool owns(const pci::transfer& t) const { return &t == &fetch_ || &t == &store_; }
    void ended(pci::transfer&, pci::transfer_result, ps at);
    void reset(ps at);                               // of any kind: nothing is left, not even keys

    // A carrier with a link: elaboration. Its capability has the use `transmits`.
    void connect(transmitter& t) { transmitter_ = &t; }
    void may_transmit(ps at) { wake(slot_store, at); }

    void watch(offload::work_observer& o) { processor_.watch(o); }       // elaboration
    const command_processor& processor() const { return processor_; }
    const ipsec::association_table& associations() const;        // of its own
    offload::engine_health& own_health();                        // likewise
    const offload::engine_health& own_health() const;
    bool running() const { return status_.latest() & status_running; }
    std::size_t inside() const { return queue_.size() + (fetching_ == fetching::nothing ? 0 : 1); }

private:
    enum class fetching : std::uint8_t { nothing, entry, block, packet, turn, parts };
    enum class storing : std::uint8_t { nothing, link, result, completion };
    enum slot : unsigned { slot_reset, slot_abort, slot_store, slot_fetch, slots };

    struct parts;                                    // of its own
    ring_unit(sc_core::sc_module_name, const sc_core::sc_object& owner, const ring_unit_config&, pci::services&, std::unique_ptr<parts>,
              std::optional<ring_carrier>, ipsec::payload_kind);

    struct inside_entry {
        rings::command command;
        rings::job job;
        bytes packet;
        outcome_of_entry outcome;
        ps since = 0, ready = 0;                     // its entry was asked for; the edge from which on it can be done
        bool done = false;                           // nothing takes it back any more
        bool spoiled = false;                        // engines that are wrong worked on it
    };

    void due(unsigned slot, ps at) override;
    void wake(unsigned slot, ps at);
    void control(std::uint32_t bits, ps at);
    void start(ps at);
    bool rings_are_good() const;
    void ring_bell(std::uint32_t v, ps at);
    void make_room(std::uint32_t v, ps at);
    void tell(ps at);                                // of one more completion
    void set_status(std::uint32_t bits, ps at);
    void change_status(std::uint32_t v, ps at);
    void die(ps at);
    bool under_way() const { return fetch_open_ || store_open_; }
    void asked_to_reset(ps at);

    void fetch(ps at);
    void fetch_next(ps at);
    void ask(fetching what, std::uint64_t address, std::uint8_t* to, std::uint32_t octets, ps at);
    void entry_came(ps at);
    void block_came(ps at);
    void packet_came(ps at);
    ps work_on(inside_entry&, ps at);
    ps digest(const inside_entry&, ps at);
    void take_turn(ps at);
    void execute(ps at);
    void enter(outcome_of_entry, ps at);
    bool is_to_be_aborted(ps at) const;
    void abort_from_here(ps at);
    void abort_inside(ps at);

    void store(ps at);
    void begin_store(ps at);
    void transmit(ps at);
    void write_completion(ps at);
    void completed(ps at);

    ring_unit_config config_;
    pci::services& bus_;
    clock_domain engine_clock_;
    std::unique_ptr<parts> own_;                     // without a carrier
    command_processor processor_;
    job_engines& engines_;
    sim::agenda agenda_;

    // registers
    std::uint32_t command_low_ = 0, command_high_ = 0, command_size_ = 0, completion_low_ = 0, completion_high_ = 0, completion_size_ = 0;
    std::uint32_t interrupt_enable_ = 0, identifications_ = 0, early_ = 0;
    edged<std::uint32_t> head_, tail_, completion_tail_, completion_head_, status_;
    bool asserted_ = false;

    // the side that reads
    fetching fetching_ = fetching::nothing;
    pci::transfer fetch_;
    ps fetched_ = never;
    bool fetch_failed_ = false;
    bool fetch_open_ = false, store_open_ = false;   // a transfer of this side has begun and not ended
    bool resetting_ = false;                         // as soon as none is under way
    rings::entry buffer_{};
    bytes parts_;
    inside_entry current_;
    bool aborting_ = false;
    edged<std::uint32_t> abort_until_;

    // the side that writes
    std::deque<inside_entry> queue_;
    std::deque<inside_entry> left_behind_;           // by a reset: words of their last tenure may pass yet
    transmitter* transmitter_ = nullptr;
    storing storing_ = storing::nothing;
    pci::transfer store_;
    ps stored_ = never;
    bool store_failed_ = false;
    bool told_ = false;                              // of what is being written, before it was
    rings::entry completion_{};

    std::vector<offload::engine_work> work_;         // of the job at hand
    ps digest_free_ = 0;                             // from when on the CRC-32c engine is

    counter &executed_, &not_executed_, &jobs_out_, &jobs_in_, &engine_failures_, &octets_read_, &octets_written_;
    histogram& time_;
};

extern const table<metric_info> ring_unit_metrics;
extern const block_info ring_unit_info;       // of a unit in a nic

}  // namespace nicteam::rings
