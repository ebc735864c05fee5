#include "nicteam/tcp/scoreboard.h"

#include <algorithm>

namespace nicteam::tcp::scoreboard {

bool note(blocks& known, sack_block b, sequence una, sequence max) {
    if (!before(b.begin, b.end) || !after(b.begin, una) || after(b.end, max)) return false;
    auto first = std::find_if(known.begin(), known.end(), [&](const sack_block& k) { return at_or_after(k.end, b.begin); });
    if (first != known.end() && at_or_before(first->begin, b.begin) && at_or_after(first->end, b.end)) return false;
    auto last = first;
    while (last != known.end() && at_or_before(last->begin, b.end)) {
        b.begin = earlier(b.begin, last->begin);
        b.end = later(b.end, last->end);
        ++last;
    }
    if (first == last) {
        if (known.size() >= most_blocks) return false;
        known.insert(first, b);
    } else {
        *first = b;
        known.erase(first + 1, last);
    }
    return true;
}

void forget_before(blocks& known, sequence una) {
    const auto kept = std::find_if(known.begin(), known.end(), [&](const sack_block& k) { return after(k.end, una); });
    known.erase(known.begin(), kept);
    if (!known.empty()) known.front().begin = later(known.front().begin, una);
    else blocks().swap(known);
}

std::uint32_t octets(const blocks& known) {
    std::uint32_t n = 0;
    for (const sack_block& k : known) n += k.end - k.begin;
    return n;
}

std::uint32_t octets_before(const blocks& known, sequence at) {
    std::uint32_t n = 0;
    for (const sack_block& k : known)
        if (before(k.begin, at)) n += earlier(k.end, at) - k.begin;
    return n;
}

sequence skip(const blocks& known, sequence at) {
    for (const sack_block& k : known)
        if (at_or_before(k.begin, at) && after(k.end, at)) return k.end;
    return at;
}

sequence next_block(const blocks& known, sequence at, sequence otherwise) {
    for (const sack_block& k : known)
        if (after(k.begin, at)) return k.begin;
    return otherwise;
}

bool is_lost(const blocks& known, sequence at, std::uint32_t mss) {
    unsigned above = 0;
    std::uint32_t octets_above = 0;
    for (const sack_block& k : known) {
        if (!after(k.begin, at)) continue;
        ++above;
        octets_above += k.end - k.begin;
    }
    return above >= duplicates_of_a_loss || octets_above > (duplicates_of_a_loss - 1) * mss;
}

std::uint32_t pipe(const blocks& known, sequence una, sequence max, sequence high_rxt, std::uint32_t mss) {
    std::uint32_t n = 0;
    sequence at = una;
    const auto hole = [&](sequence end) {
        if (!before(at, end)) return;
        if (!is_lost(known, at, mss)) n += end - at;                       // not lost: still under way …
        if (before(at, high_rxt)) n += earlier(high_rxt, end) - at;        // … sent again: once more
    };
    for (const sack_block& k : known) {
        hole(k.begin);
        at = k.end;
    }
    hole(max);
    return n;
}

std::optional<sack_block> next_lost(const blocks& known, sequence una, sequence high_rxt, std::uint32_t mss) {
    sequence at = later(una, high_rxt);
    for (const sack_block& k : known) {
        if (before(at, k.begin)) return is_lost(known, at, mss) ? std::optional<sack_block>({at, k.begin}) : std::nullopt;
        at = later(at, k.end);
    }
    return std::nullopt;
}

}  // namespace nicteam::tcp::scoreboard
