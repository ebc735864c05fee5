// In front of a replay window: packets of one association that were sprayed over ways of unlike length go on in the order of their numbers (what-if Q16,
// decision 179). What comes behind a gap waits until the gap is filled, for `wait` at most; when more than `places` packets would wait, the gap is given up.
// What comes too late for that goes on at once: the window judges it. RFC 4303, 3.4.3, knows no such buffer and forbids none; RFC 4737 measures what it mends.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::ipsec {

template <class packet>
class resequencer {
public:
    resequencer(std::size_t places, ps wait) : places_(places), wait_(wait) {}

    // One came, with the 32 bits of its number that it shows; what goes on now is appended, in order.
    void put(std::uint32_t sequence, packet p, ps now, std::vector<packet>& on) {
        const std::int64_t ahead = static_cast<std::int32_t>(sequence - static_cast<std::uint32_t>(expected_));
        if (ahead < 0) return on.push_back(std::move(p));
        const std::uint64_t number = expected_ + static_cast<std::uint64_t>(ahead);
        if (ahead == 0) {
            ++expected_;
            on.push_back(std::move(p));
        } else {
            held_.emplace(number, std::move(p));
            came_.push_back({now, number});
            if (held_.size() > places_) skip_to(held_.begin()->first);
        }
        release(on);
    }

    // When due() has something to do; `never`: nobody waits.
    ps next() {
        while (!came_.empty() && came_.front().second < expected_) came_.pop_front();
        return came_.empty() ? never : came_.front().first + wait_;
    }
    void due(ps now, std::vector<packet>& on) {
        while (next() <= now) {
            const std::uint64_t last = came_.front().second;
            while (expected_ <= last) {
                skip_to(held_.begin()->first);
                release(on);
            }
        }
    }

    std::size_t waiting() const { return held_.size(); }
    std::uint64_t gaps() const { return gaps_; }             // given up
    template <class visitor>
    void each(const visitor& v) const { for (const auto& h : held_) v(h.second); }

private:
    void skip_to(std::uint64_t number) {
        gaps_ += expected_ < number;
        expected_ = std::max(expected_, number);
    }
    void release(std::vector<packet>& on) {
        while (!held_.empty() && held_.begin()->first <= expected_) {
            if (held_.begin()->first == expected_ && (held_.size() == 1 || std::next(held_.begin())->first != expected_)) ++expected_;
            on.push_back(std::move(held_.begin()->second));
            held_.erase(held_.begin());
        }
    }

    std::size_t places_;
    ps wait_;
    std::uint64_t expected_ = 1, gaps_ = 0;                  // the number of the first packet is 1
    std::multimap<std::uint64_t, packet> held_;
    std::deque<std::pair<ps, std::uint64_t>> came_;          // those that wait, and some that do not any more
};

}  // namespace nicteam::ipsec
