#include "nicteam/tcp/reassembly_queue.h"

#include <algorithm>
#include <iterator>

namespace nicteam::tcp {

bool reassembly_queue::put(sequence at, packet::octets text, sequence next) {
    const sequence end = at + static_cast<sequence>(text.size);
    if (before(at, next)) {
        text = text.from(next - at);
        at = next;
    }
    bool any = false;
    while (before(at, end)) {
        const auto p = std::find_if(pieces_.begin(), pieces_.end(), [&](const piece& x) { return after(x.end(), at); });
        if (p != pieces_.end() && at_or_before(p->begin, at)) {
            p->touched = ++touches_;
            const sequence skipped = earlier(p->end(), end) - at;
            text = text.from(skipped);
            at += skipped;
            continue;
        }
        const sequence stop = p == pieces_.end() ? end : earlier(p->begin, end);
        if (!add(at, text.first(stop - at), static_cast<std::size_t>(p - pieces_.begin()))) return any;
        any = true;
        text = text.from(stop - at);
        at = stop;
    }
    return any;
}

// Octets that overlap nothing, before piece number `place`.
bool reassembly_queue::add(sequence at, packet::octets text, std::size_t place) {
    const sequence end = at + static_cast<sequence>(text.size);
    if (place > 0 && pieces_[place - 1].end() == at) {
        --place;
        pieces_[place].octets.insert(pieces_[place].octets.end(), text.data, text.data + text.size);
    } else {
        if (pieces_.size() >= most_pieces) return false;
        piece p;
        p.begin = at;
        p.octets.assign(text.data, text.data + text.size);
        pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(place), std::move(p));
    }
    piece& here = pieces_[place];
    here.touched = ++touches_;
    if (place + 1 < pieces_.size() && pieces_[place + 1].begin == end) {
        const bytes& more = pieces_[place + 1].octets;
        here.octets.insert(here.octets.end(), more.begin(), more.end());
        pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(place) + 1);
    }
    return true;
}

bytes reassembly_queue::take(sequence next) {
    bytes out;
    while (!pieces_.empty() && at_or_before(pieces_.front().begin, next)) {
        piece& p = pieces_.front();
        if (after(p.end(), next)) {
            p.octets.erase(p.octets.begin(), p.octets.begin() + static_cast<std::ptrdiff_t>(next - p.begin));
            next += static_cast<sequence>(p.octets.size());
            if (out.empty()) out = std::move(p.octets);
            else out.insert(out.end(), p.octets.begin(), p.octets.end());
        }
        pieces_.erase(pieces_.begin());
    }
    if (pieces_.empty()) clear();
    return out;
}

unsigned reassembly_queue::blocks(sack_block* out, unsigned n) const {
    std::uint32_t below = UINT32_MAX;
    unsigned written = 0;
    for (; written < n; ++written) {
        const piece* latest = nullptr;
        for (const piece& p : pieces_)
            if (p.touched < below && (!latest || p.touched > latest->touched)) latest = &p;
        if (!latest) break;
        out[written] = {latest->begin, latest->end()};
        below = latest->touched;
    }
    return written;
}

std::size_t reassembly_queue::octets() const {
    std::size_t n = 0;
    for (const piece& p : pieces_) n += p.octets.size();
    return n;
}

std::size_t reassembly_queue::memory() const {
    std::size_t n = pieces_.capacity() * sizeof(piece);
    for (const piece& p : pieces_) n += p.octets.capacity();
    return n;
}

}  // namespace nicteam::tcp
