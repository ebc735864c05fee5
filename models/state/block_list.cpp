#include "nicteam/state/block_list.h"

#include <unordered_map>

namespace nicteam::state {
namespace {

constexpr std::size_t next_at = 4, dependent_at = 8, target_at = 12, host_at = 20, lengths_at = 28, spare_at = 44;

std::size_t padded(std::size_t n) { return (n + 7) / 8 * 8; }
std::size_t octets_of(const block& b) { return padded(block_header + b.constant.size() + b.cached.size() + b.delegated.size() + b.data.size()); }

std::uint64_t get(const std::uint8_t* p, unsigned octets) {
    std::uint64_t v = 0;
    for (unsigned k = octets; k-- > 0;) v = v << 8 | p[k];
    return v;
}
void put(std::uint8_t* p, std::uint64_t v, unsigned octets) {
    for (unsigned k = 0; k < octets; ++k) p[k] = static_cast<std::uint8_t>(v >> 8 * k);
}

// From the wire up. What a driver inserts, and an association, stand between two of the others (002, ¶116, ¶139).
int height(layer l) { return l == layer::neighbor ? 0 : l == layer::path ? 1 : 2; }
bool in_between(layer l) { return l == layer::opaque || l == layer::security; }

}  // namespace

std::uint32_t block_list::add(block b, std::uint32_t beneath) {
    const std::uint32_t number = size();
    b.next = b.dependent = none;
    blocks_.push_back(std::move(b));
    if (number == 0) return number;
    std::uint32_t* last = beneath == none ? &blocks_[0].next : &blocks_[beneath].dependent;
    while (*last != none) last = &blocks_[*last].next;
    *last = number;
    return number;
}

std::uint32_t block_list::add_beside(block b, std::uint32_t last) {
    const std::uint32_t number = size();
    b.next = b.dependent = none;
    blocks_.push_back(std::move(b));
    blocks_[last].next = number;
    return number;
}

std::vector<std::uint32_t> block_list::blocks_of(layer l) const {
    std::vector<std::uint32_t> all;
    walk([&](std::uint32_t n, std::uint32_t) {
        if (blocks_[n].layer == l) all.push_back(n);
    });
    return all;
}

std::size_t block_list::octets() const {
    std::size_t all = 0;
    for (const block& b : blocks_) all += octets_of(b);
    return all;
}

bytes block_list::encode() const {
    std::vector<std::size_t> place;
    std::size_t end = 0;
    for (const block& b : blocks_) {
        place.push_back(end);
        end += octets_of(b);
    }
    bytes out(end);
    for (std::uint32_t n = 0; n < size(); ++n) {
        const block& b = blocks_[n];
        std::uint8_t* p = out.data() + place[n];
        p[0] = static_cast<std::uint8_t>(b.layer);
        p[1] = b.stays;
        put(p + 2, b.status, 2);
        put(p + next_at, b.next == none ? 0 : place[b.next], 4);
        put(p + dependent_at, b.dependent == none ? 0 : place[b.dependent], 4);
        put(p + target_at, b.target.index, 4);
        put(p + target_at + 4, b.target.generation, 4);
        put(p + host_at, b.host, 8);
        std::uint8_t* to = p + block_header;
        unsigned k = 0;
        for (const bytes* part : {&b.constant, &b.cached, &b.delegated, &b.data}) {
            put(p + lengths_at + 4 * k++, part->size(), 4);
            for (const std::uint8_t v : *part) *to++ = v;
        }
    }
    return out;
}

block_list block_list::decode(const std::uint8_t* from, std::size_t n, std::string& why, std::size_t most) {
    block_list list;
    const auto refuse = [&](const std::string& what) {
        why = what;
        return block_list{};
    };
    why.clear();
    if (n == 0) return refuse("an empty list");
    std::unordered_map<std::uint64_t, std::uint32_t> at;      // place: number
    std::vector<std::pair<std::uint64_t, std::uint64_t>> pointers;
    for (std::size_t place = 0; place < n;) {
        const std::uint8_t* p = from + place;
        const std::string here = "block at octet " + std::to_string(place) + ": ";
        if (n - place < block_header) return refuse(here + "its header does not fit");
        if (list.size() == most) return refuse("more than " + std::to_string(most) + " blocks");
        block b;
        if (p[0] > static_cast<std::uint8_t>(layer::opaque)) return refuse(here + "layer " + std::to_string(p[0]) + " is none");
        if (p[1] > 1 || get(p + spare_at, 4)) return refuse(here + "reserved octets are not 0");
        b.layer = static_cast<layer>(p[0]);
        b.stays = p[1];
        b.status = static_cast<std::uint16_t>(get(p + 2, 2));
        b.target = {static_cast<std::uint32_t>(get(p + target_at, 4)), static_cast<std::uint32_t>(get(p + target_at + 4, 4))};
        b.host = get(p + host_at, 8);
        std::size_t begin = place + block_header;
        unsigned k = 0;
        for (bytes* part : {&b.constant, &b.cached, &b.delegated, &b.data}) {
            const std::uint64_t length = get(p + lengths_at + 4 * k++, 4);
            if (length > n - begin) return refuse(here + "its parts do not fit");
            part->assign(from + begin, from + begin + length);
            begin += length;
        }
        at.emplace(place, list.size());
        pointers.emplace_back(get(p + next_at, 4), get(p + dependent_at, 4));
        list.blocks_.push_back(std::move(b));
        place = padded(begin);
    }
    std::vector<bool> named(list.size());
    named[0] = true;
    for (std::uint32_t k = 0; k < list.size(); ++k)
        for (const bool up : {false, true}) {
            const std::uint64_t to = up ? pointers[k].second : pointers[k].first;
            if (to == 0) continue;
            const std::string here = "block " + std::to_string(k) + (up ? ": Dependent " : ": Next ") + std::to_string(to) + ": ";
            const auto it = at.find(to);
            if (it == at.end()) return refuse(here + "no block begins there");
            if (named[it->second]) return refuse(here + "is part of the list already");
            named[it->second] = true;
            (up ? list.blocks_[k].dependent : list.blocks_[k].next) = it->second;
            const layer below = list.blocks_[k].layer, above = list.blocks_[it->second].layer;
            if (!up && below != above) return refuse(here + "is of another layer");
            if (up && !in_between(below) && !in_between(above) && height(above) <= height(below)) return refuse(here + "is not of a layer above");
        }
    // Each is named once, the first by nobody: what is not named is not reached, and a ring would be named from within only.
    std::uint32_t reached = 0;
    list.walk([&](std::uint32_t, std::uint32_t) { ++reached; });
    if (reached != list.size()) return refuse(std::to_string(list.size() - reached) + " blocks that no pointer leads to");
    return list;
}

}  // namespace nicteam::state
