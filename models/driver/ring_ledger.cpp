#include "nicteam/driver/ring_ledger.h"

#include <algorithm>
#include <utility>

namespace nicteam::driver {

const char* name(conclusion c) {
    constexpr const char* names[] = {"executed", "not_executed", "unknown"};
    return names[static_cast<std::size_t>(c)];
}

std::uint64_t ring_ledger::post(const rings::command& c) {
    open_.push_back({++cookies_, c.opcode, rings::is_job(c.opcode) && (c.flags & rings::inbound)});
    return cookies_;
}

std::optional<ring_conclusion> ring_ledger::completed(const rings::completion& c) {
    if (open_.empty() || open_.front().cookie != c.cookie) return std::nullopt;
    const posted p = open_.front();
    open_.pop_front();
    // A lost result is as if it had not been done; but what it did to an association stays.
    if (p.inbound && c.was_executed() && c.verdict == 0) {
        std::uint64_t& highest = received_[{c.handle.index, c.handle.generation}];
        highest = std::max(highest, c.sequence);
    }
    return ring_conclusion{p.cookie, p.opcode, c.was_executed() ? conclusion::executed : conclusion::not_executed, true, c};
}

std::vector<ring_conclusion> ring_ledger::gone() {
    std::vector<ring_conclusion> all;
    for (const posted& p : std::exchange(open_, {})) {
        const bool left = p.opcode == rings::opcode::process_and_transmit;
        all.push_back({p.cookie, p.opcode, left ? conclusion::unknown : conclusion::not_executed, false, {}});
    }
    return all;
}

std::uint64_t ring_ledger::highest_received(state::handle h) const {
    const auto at = received_.find({h.index, h.generation});
    return at == received_.end() ? 0 : at->second;
}

}  // namespace nicteam::driver
