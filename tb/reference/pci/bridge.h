// A PCI-to-PCI bridge between two clocked buses, as docs/pci-bridge.md tells it: memory reads and writes, windows fixed.
// Only what it asks for and when; the octets that pass are those of any target and master here.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "reference/pci/master.h"
#include "reference/pci/target.h"

namespace reference::pci {

struct bridge_setup {
    std::uint64_t base = 0x8000'0000, size = 0x10'0000;      // memory window: what lies behind
    unsigned line = 32;                                      // bytes of a cache line, 0: not set
    unsigned crossing = 2;
    std::uint32_t posted_bytes = 256;
    unsigned posted_writes = 4, delayed = 4;
    std::uint32_t read_bytes = 256;
    unsigned line_prefetch = 1, multiple_prefetch = 4;
    bool response_above = false, response_below = false;     // parity error response of either side
    bool serr = false, forwards_serr = false;                // SERR# enabled; that of the lower bus goes up
};

// What it says of errors, beside PERR# of its targets and masters.
struct bridge_errors {
    struct side {
        bool response = false;
        unsigned status = 0;
        bool tell = false;                   // of the tenure under way: SERR# one clock behind its idle edge
    };
    side above, below;
    bool serr = false, forwards = false;
    const setup* upper = nullptr;
    unsigned crossing = 0;
    std::set<std::int64_t> serr_at;          // on the upper bus, sampled low
    bool both() const { return above.response && below.response; }
    void system_error(const side& from, std::int64_t known);
};

// One way through it.
struct way {
    struct write {
        item what;
        std::uint32_t bytes = 0;             // as they came
        std::int64_t room_at = INT64_MAX;    // edges later than this find its room
    };
    enum stage { free, held, asked, ready };
    struct read {
        stage now = free;
        unsigned command = 0;
        std::uint64_t address = 0;
        unsigned first = 0;                  // bytes of the first word
        std::uint32_t have = 0;
        item what;
        std::int64_t turn = 0;
        std::uint64_t behind = 0, pushes = 0;
        std::int64_t ready_at = INT64_MAX;
        std::vector<std::uint64_t> wrong;    // dwords that came with wrong parity
    };
    std::deque<write> writes;                // all whose room is not free; the first `over` of them have been carried out
    std::size_t over = 0;
    std::uint64_t accepted = 0, carried_out = 0;
    std::vector<read> reads;
};

// On the bus that asks.
class bridge_target : public target {
public:
    bridge_target(sc_core::sc_module_name, const target_setup&, pins&, rising_clock&, noise&, const bridge_setup&, const setup& here,
                  const setup& there, bool downstream, way& mine, way& opposite, bridge_errors&);

private:
    bool claims(std::uint64_t address) const override;
    void plan(std::uint64_t address) override;
    void look_at_enables(unsigned enables) override;
    void word_passed(unsigned enables) override;
    void tenure_over() override;
    bool wrong_word(std::uint32_t) override;
    bool wrong_address() override;
    bool drives_wrong(std::uint32_t) const override;
    void each_edge() override;
    void offer(std::uint64_t words);         // so many, then a disconnect; 0: a retry
    std::uint32_t to_fetch(unsigned first) const;
    std::int64_t after(std::int64_t t) const;            // edge of the other bus, `crossing` later

    const bridge_setup& bridge_;
    const setup &here_, &there_;
    bool downstream_;
    way &way_, &opposite_;
    std::uint64_t start_ = 0, end_ = 0;      // of the tenure under way; where the side ends
    std::int64_t address_time_ = 0;
    unsigned command_ = 0;
    std::uint32_t bytes_ = 0;                // that passed
    enum { nothing, posting, asking, delivering } doing_ = nothing;
    std::size_t which_ = 0;
    unsigned first_ = 0;
    bridge_errors& errors_;
    bridge_errors::side& side_;
    const pins& here_pins_;
    std::size_t pair_;                       // of the bridge on this bus
    std::vector<std::uint64_t> wrong_;       // dwords of the tenure under way that came wrong
    way::write* posted_ = nullptr;           // whose last word may still turn out to be wrong
    bool idle_ = true, idle_begins_ = false, granted_ = false, own_ = false;
};

// On the other bus.
class bridge_master : public master {
public:
    bridge_master(sc_core::sc_module_name, const setup& there, unsigned number, pins&, rising_clock&, noise&, std::string& log,
                  const bridge_setup&, const setup& here, way& mine, way& opposite, bridge_errors&, bool downstream);

private:
    void choose() override;
    void attempt_over(const item&, bool finished, std::string_view why) override;
    bool wrong_word(std::uint64_t dword) override;
    void perr_seen(bool came_so) override;
    void each_edge() override;
    std::int64_t after(std::int64_t t) const;            // edge of the asking bus, `crossing` later

    const bridge_setup& bridge_;
    const setup& here_;
    way &way_, &opposite_;
    bool posted_ = false;                    // what is in hand
    std::size_t which_ = 0;
    bridge_errors& errors_;
    bridge_errors::side& side_;
    std::int64_t tell_at_ = 0;               // one clock behind the idle edge of its tenure
    bool tell_ = false;
};

// Upper bus: the masters and targets of `upper`, then the bridge as its last master. Lower bus: the bridge is master 0, whose line in
// `lower` has no items. Each log as run() gives it.
// errors_*: every edge at which PERR# and SERR# of a bus are sampled low; status: bits 15, 14 and 8 of both sides.
struct two_logs { std::string upper, lower, upper_errors, lower_errors, status; };
two_logs run_bridged(const setup& upper, const setup& lower, const bridge_setup&);

}  // namespace reference::pci
