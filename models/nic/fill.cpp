#include "nic/fill.h"

#include <algorithm>

namespace nicteam::nic {

burst& fill::next() {
    if (used_ == bursts_.size()) bursts_.emplace_back();
    return bursts_[used_++];
}

void fill::plan(std::uint32_t first, std::uint32_t bytes, unsigned lead, unsigned word_bytes, const span& words) {
    while (used_ && bursts_[used_ - 1].first >= first) --used_;
    burst& b = next();
    b.first = first;
    b.bytes = bytes;
    b.lead = lead;
    b.word_bytes = word_bytes;
    b.words = words;
}

void fill::give(std::uint32_t first, ps at) {
    while (used_ && bursts_[used_ - 1].first >= first) --used_;
    burst& b = next();
    b.first = first;
    b.bytes = UINT32_MAX / 2;
    b.lead = 0;
    b.word_bytes = UINT32_MAX / 2;
    b.words.clear();
    b.words.append({at, 0, 1});
}

ps fill::when(std::uint32_t byte) const {
    for (std::size_t i = used_; i-- > 0;) {
        const burst& b = bursts_[i];
        if (b.first <= byte) return byte - b.first < b.bytes ? b.words.when(b.word_of(byte)) : never;
    }
    return never;
}

std::uint32_t fill::passed(ps t) const {
    std::uint32_t next = UINT32_MAX;         // where the burst behind begins
    for (const burst* b = bursts_.data() + used_; b != bursts_.data();) {
        --b;
        if (const std::uint64_t words = b->words.passed(t)) return std::min(b->end_of(words), next);
        next = b->first;
    }
    return 0;
}

std::uint32_t fill::first_late(ps start, ps stride, std::uint32_t bytes) const {
    std::uint32_t covered = 0;       // bytes before this one are planned in time
    for (std::size_t i = 0; i < used_; ++i) {
        const burst& b = bursts_[i];
        if (b.first > covered) return covered;
        const std::uint32_t end = std::min(bytes, i + 1 < used_ ? bursts_[i + 1].first : b.first + b.bytes);
        std::uint32_t word = 0;
        for (const run& r : b.words.runs()) {
            // How far word k of this run is ahead of its deadline; linear in k but for the first word of a burst.
            const auto late = [&](std::uint32_t k) {
                return r.first + r.stride * static_cast<ps>(k) >= start + stride * static_cast<ps>(b.byte_of(word + k));
            };
            if (late(0)) return std::min(end, b.byte_of(word));
            std::uint32_t low = 0, high = r.units - 1;
            if (high > 0 && late(1)) return std::min(end, b.byte_of(word + 1));
            if (high > 1 && r.stride > 4 * stride && late(high)) {       // words have four octets or more: faster than the line, none is late behind the second
                low = 1;
                while (high - low > 1) {
                    const std::uint32_t middle = (low + high) / 2;
                    (late(middle) ? high : low) = middle;
                }
                return std::min(end, b.byte_of(word + high));
            }
            word += r.units;
        }
        covered = word == 0 ? b.first : std::min(end, b.byte_of(word));
        if (covered >= bytes) return bytes;
    }
    return covered;
}

}  // namespace nicteam::nic
