#include <algorithm>

#include "host/bridge.h"

namespace nicteam::host {

memory_side::memory_side(const sc_core::sc_object& o, const bridge_config& c, const clock_domain& clock, memory_bank& m)
    : config_(c), clock_(clock), memory_(m), gate_(o), read_bursts_(sim::bind_counter(o, bridge_info.metrics.rows[0])),
      write_bursts_(sim::bind_counter(o, bridge_info.metrics.rows[1])), read_bytes_(sim::bind_counter(o, bridge_info.metrics.rows[2])),
      written_bytes_(sim::bind_counter(o, bridge_info.metrics.rows[3])), full_(sim::bind_counter(o, bridge_info.metrics.rows[4])) {}

bool memory_side::claims(pci::command c, std::uint64_t address) const {
    return pci::is_memory(c) && address < memory_.size() && !gate_.silent(sim::now());
}

// Words of a write that find room when they enter at `first`, one each `stride`, while the buffer drains one each `drain`.
// An edge sees what was drained strictly before it.
std::uint64_t memory_side::words_that_fit(ps first, unsigned word_bytes, std::uint64_t most) const {
    const ps stride = (1 + config_.write_next_wait) * clock_.period(), drain = drain_time(word_bytes);
    const std::uint64_t room = static_cast<std::uint64_t>(config_.write_buffer) / word_bytes;
    ps drained = drained_;
    for (std::uint64_t n = 0; n < most; ++n) {
        const ps at = first + static_cast<ps>(n) * stride;
        const std::uint64_t held = drained < at ? 0 : static_cast<std::uint64_t>((drained - at) / drain) + 1;
        if (held >= room) return n;
        drained = std::max(drained, at) + drain;
    }
    return most;
}

pci::answer memory_side::decode(pci::access& a) {
    const ps at = sim::now();
    const unsigned word = a.bus->word_bytes;
    pci::answer answer;
    answer.select = static_cast<pci::devsel>(config_.devsel + 1);
    answer.first_wait = a.write() ? config_.write_wait : config_.read_wait;
    answer.next_wait = a.write() ? config_.write_next_wait : config_.read_next_wait;
    std::int64_t boundary = a.write() ? config_.write_boundary : config_.read_boundary;
    std::uint64_t end = memory_.size();               // what lies behind is not ours
    if (boundary) end = std::min(end, (a.address / static_cast<std::uint64_t>(boundary) + 1) * static_cast<std::uint64_t>(boundary));
    std::uint64_t words = (end + word - 1) / word - a.address / word;
    if (a.write() && config_.write_buffer) {
        const ps first = at + static_cast<ps>(config_.devsel + 1 + config_.write_wait) * clock_.period();
        words = words_that_fit(first, word, std::min<std::uint64_t>(words, a.bus->words));
    }
    if (words == 0) {
        full_.add();
        answer.how = pci::stop::retry;
        answer.words = 0;
    } else if (words < a.bus->words) {
        answer.how = pci::stop::with_data;
        answer.words = static_cast<std::uint32_t>(words);
    }
    gate_.apply(answer, at);
    open_ = answer.how != pci::stop::retry && answer.how != pci::stop::abort;
    if (!open_) return answer;
    const auto bytes = static_cast<std::uint32_t>(std::min<std::uint64_t>(a.bytes, memory_.size() - a.address));
    burst_ = {a.address, bytes, a.data, &a.bus->data, word, a.write(), config_.write_delay * clock_.period()};
    memory_.open(burst_, at);
    return answer;
}

void memory_side::ended(pci::access& a, ps at) {
    if (!open_) return;
    open_ = false;
    memory_.close(burst_, at);
    const std::uint32_t bytes = a.bytes_in(a.bus->done);
    (a.write() ? write_bursts_ : read_bursts_).add();
    (a.write() ? written_bytes_ : read_bytes_).add(bytes);
    if (!a.write() || bytes == 0) return;
    last_posted_ = a.bus->data.last() + burst_.delay;
    if (!config_.write_buffer) return;
    for (std::uint64_t n = 0; n < a.bus->done; ++n) drained_ = std::max(drained_, a.bus->data.when(n)) + drain_time(a.bus->word_bytes);
}

}  // namespace nicteam::host
