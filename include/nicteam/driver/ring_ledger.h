// What a host may say of the entries that it posted, whatever becomes of the unit: each concludes exactly once. Plain C++.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "nicteam/rings/entries.h"

namespace nicteam::driver {

enum class conclusion : std::uint8_t {
    executed,
    not_executed,        // it has had no effect, or none that is left: it may be done again, by whoever owns the association now
    unknown,             // it may have had one: a packet may be on the link
};
const char* name(conclusion);

struct ring_conclusion {
    std::uint64_t cookie = 0;
    rings::opcode opcode{};
    conclusion how = conclusion::not_executed;
    bool told = false;                   // by the unit; else this is all that can be known
    rings::completion completion;        // when told
};

class ring_ledger {
public:
    // A cookie, never 0 and never one twice.
    std::uint64_t post(const rings::command&);

    // Nothing when it was not outstanding, or is not the oldest: no unit completes out of order.
    std::optional<ring_conclusion> completed(const rings::completion&);

    // The unit is dead, gone or was reset, and no completion of it lies in memory any more. All that is outstanding, oldest first.
    // What only returns a result has had no effect that is left: the number that it may have drawn lies within the lease, and who owns
    // the association next starts behind that.
    std::vector<ring_conclusion> gone();

    std::size_t outstanding() const { return open_.size(); }

    // The highest sequence number told of a good packet received through this association; it stays behind gone(): a window that
    // nobody can read is closed up to it.
    std::uint64_t highest_received(state::handle) const;

private:
    struct posted {
        std::uint64_t cookie;
        rings::opcode opcode;
        bool inbound;
    };
    std::deque<posted> open_;
    std::uint64_t cookies_ = 0;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> received_;
};

}  // namespace nicteam::driver
