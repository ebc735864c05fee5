// An Offload Target with its time: registers, three rings in host memory (questions, answers, buffers), and one processor that does questions,
// segments and timers one after the other. Whoever carries it, a NIC, hands it register accesses, the ends of its transfers and the frames of its line.
//
// Edges: what the bus brings is seen at the next edge of the bus; the processor takes up work at an edge of its clock, works on it for as many cycles
// as offload_costs() says, and what came of it leaves behind the last: frames to the line, answers to the ring, in order.
#pragma once

#include <deque>

#include "nicteam/base/edged.h"
#include "nicteam/base/metrics.h"
#include "nicteam/chimney/device.h"
#include "nicteam/pci/device.h"
#include "nicteam/rings/offload_config.h"
#include "nicteam/rings/offload_costs.h"
#include "nicteam/sim/agenda.h"

namespace nicteam::rings {

// The line of the NIC that carries it.
class offload_line {
public:
    virtual ~offload_line() = default;
    virtual packet::mac_address own_address() const = 0;
    // The first edge of the bus, `at` or later, at which a frame of so many octets without FCS has room; `never`: offload_unit::may_transmit is called when
    // there may be some.
    virtual ps room_for(std::uint32_t octets, ps at) = 0;
    virtual void take(const bytes& frame, ps at) = 0;        // at an edge at which it has
};

class offload_unit : public sc_core::sc_module, private sim::agenda_user {
public:
    // Rows are bound under the name of `owner`. `bus`: the carrier's master, clock and INTA#; it forgets the unit's transfers itself before reset().
    offload_unit(sc_core::sc_module_name, const sc_core::sc_object& owner, const offload_unit_config&, pci::services& bus, offload_line&);
    ~offload_unit() override;

    std::uint32_t read(std::uint32_t offset, unsigned size, ps at);      // only accesses of 32 bits; others read 0 and write nothing
    void write(std::uint32_t offset, unsigned size, std::uint32_t v, ps at);
    bool owns(const pci::transfer& t) const { return &t == &fetch_ || &t == &store_; }
    void ended(pci::transfer&, pci::transfer_result, ps at);
    void reset(ps at);                                                   // all connections are gone

    enum class verdict : std::uint8_t { not_ours, taken, no_room };
    // A good frame for this station, FCS included or not; its last octet came at `at`.
    verdict frame(packet::octets, ps at);
    void may_transmit(ps at);

    const chimney::device& device() const { return *device_; }
    bool running() const { return status_.latest() & 1; }

private:
    enum slot : unsigned { slot_reset, slot_store, slot_line, slot_fetch, slot_work, slots };
    enum class fetching : std::uint8_t { nothing, entry, octets, buffers };
    enum class storing : std::uint8_t { nothing, octets, entry };
    struct work {                                // a question with its octets, or a frame
        bool is_question = false, failed = false;
        chimney::question asked;
        bytes octets;
    };

    void due(unsigned slot, ps at) override;
    void wake(unsigned slot, ps at) { agenda_.set(slot, std::min(agenda_.planned(slot), bus_.clock().after(at))); }
    void wake_processor(ps at);
    void make_device();

    void control(std::uint32_t bits, ps at);
    void start(ps at);
    void ring(edged<std::uint32_t>& tail, std::uint32_t v, std::uint32_t at_most, ps at);
    void change_status(std::uint32_t v, ps at);
    void die(ps at);

    void fetch(ps at);
    void ask(fetching, std::uint64_t address, std::uint8_t* to, std::uint32_t octets, ps at);
    void fetched(ps at);
    void process(ps at);
    void finish(ps at);
    std::uint64_t cycles_taken();
    void send(ps at);
    void store(ps at);
    void begin_store(ps at);

    offload_unit_config config_;
    pci::services& bus_;
    offload_line& line_;
    clock_domain clock_;
    tcp::runner runner_;
    tcp::step_sums sums_, charged_;
    tcp::secret secret_;
    std::unique_ptr<chimney::device> device_;
    sim::agenda agenda_;

    struct ring_place {
        std::uint32_t low = 0, high = 0, size = 0;
        std::uint64_t of(std::uint32_t n, std::uint32_t octets) const { return (std::uint64_t{high} << 32 | low) + std::uint64_t{n & (size - 1)} * octets; }
    };
    ring_place questions_, answers_, buffers_;
    std::uint32_t buffer_octets_ = 0, interrupt_enable_ = 0;
    edged<std::uint32_t> question_head_, question_tail_, answer_head_, answer_tail_, buffer_tail_, status_;
    std::uint32_t buffers_read_ = 0;
    bool asserted_ = false, resetting_ = false;

    fetching fetching_ = fetching::nothing;
    pci::transfer fetch_;
    bool fetch_open_ = false, fetch_failed_ = false;
    ps fetched_ = never;
    chimney::message entry_{};
    bytes addresses_;
    work coming_;
    std::deque<work> asked_;                     // questions that wait for the processor
    std::deque<bytes> frames_;                   // frames that do
    std::deque<std::uint64_t> free_buffers_;     // addresses

    bool busy_ = false, frames_next_ = true;     // whose turn it is, when both wait
    ps until_ = 0;
    chimney::device::effects effects_;           // leave when it is done
    std::vector<bytes> made_;                    // frames, likewise
    std::deque<bytes> out_;                      // wait for the line

    std::deque<chimney::answer> said_;
    std::size_t written_ = 0;                    // octets of the first of them that lie in memory
    storing storing_ = storing::nothing;
    pci::transfer store_;
    bool store_open_ = false, store_failed_ = false;
    ps stored_ = never;
    std::uint32_t piece_ = 0;                    // octets in its entry's buffer
    chimney::message message_{};

    std::vector<bytes> left_behind_;             // by a reset: words of their last tenure may pass yet

    counter &count_questions_, &count_answers_, &segments_in_, &segments_out_, &dropped_, &read_, &written_octets_, &busy_time_;
};

}  // namespace nicteam::rings
