// Whether the engines of one direction can be relied on. They may stick, or work out something wrong; a watchdog finds the one, a self-test with a
// known answer the other, and after so many failures in a row they are out of use until the block is reset. Source document 004 does not
// speak of it; bad-input row E-18. What an engine failed at goes on encrypted, or not at all: never as it would be if it had worked.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::offload {

class engine_health {
public:
    struct setup {
        std::uint32_t failures = 3;               // in a row that put the engines out of use; 0: none do
        std::uint32_t self_test = 0;              // a self-test before each so many packets; 0: none
    };
    enum class finding : std::uint8_t {
        good,
        wrong,                                    // and nobody has noticed
        stuck,                                    // they do not finish: the watchdog ends it
        found_wrong,                              // by the self-test: the packet is not worked on
        out_of_use,
    };
    struct judgement {
        finding what = finding::good;
        bool tested = false;                      // the self-test took its clocks
        std::uint32_t times = 1;                  // as many clocks as it would take otherwise
        bool failed() const { return what >= finding::stuck; }
    };

    explicit engine_health(const setup& s) : setup_(s) {}

    // What is wrong with them, from the next packet on.
    void stick(bool on) { stuck_ = on; }
    void spoil(bool on) { wrong_ = on; }
    void slow(bool on, std::uint32_t times);      // of several at once the greatest holds

    bool untroubled() const { return !stuck_ && !wrong_ && slow_.empty() && !setup_.self_test && !in_a_row_; }      // next() would say `good`, and change nothing
    judgement next(ps at);                        // of the next packet that needs them, and begins then
    bool out_of_use() const { return setup_.failures && in_a_row_ >= setup_.failures; }
    void reset(ps at);                            // of the block: they are tried again

    struct outage { ps from, until; };            // until `never`: to the end
    const std::vector<outage>& outages() const { return outages_; }       // times out of use, in order

private:
    judgement failed(finding, bool tested, ps at);
    std::uint32_t times() const { return slow_.empty() ? 1 : *slow_.rbegin(); }

    setup setup_;
    bool stuck_ = false, wrong_ = false;
    std::multiset<std::uint32_t> slow_;
    std::uint32_t in_a_row_ = 0, since_test_ = 0;
    std::vector<outage> outages_;
};

}  // namespace nicteam::offload
