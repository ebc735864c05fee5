// Which station is reached where: what a bridge learns from source addresses (IEEE 802.1D 7.8, 7.9). Plain C++, no kernel.
//
// A place is a port or a group of ports. Addresses are 48 bits, first octet on the wire in bits 47:40. Times must not run backwards.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "nicteam/base/time.h"

namespace nicteam::wire {

// Six octets on the wire, as a number.
inline std::uint64_t address_of(const std::uint8_t* octets) {
    std::uint64_t a = 0;
    for (unsigned i = 0; i < 6; ++i) a = a << 8 | octets[i];
    return a;
}
constexpr bool is_group_address(std::uint64_t a) { return a >> 40 & 1; }

class filtering_database {
public:
    using place = unsigned;
    enum class lesson : std::uint8_t {
        refreshed,      // was known there
        learned,
        moved,          // was learned elsewhere
        full,           // no room: not learned
        pinned,         // a static entry says otherwise: not learned
        no_station,     // a group address is nobody's
    };
    struct entry {
        std::uint64_t address = 0;
        place at = 0;
        ps seen = 0;            // last; a static entry: never
        bool fixed = false;     // static: neither ages nor moves
    };

    // capacity: entries, static ones among them. A learned entry goes `ageing` after it was last seen.
    filtering_database(std::size_t capacity, ps ageing) : capacity_(capacity), ageing_(ageing) {}

    // Throws std::length_error when there is no room, std::invalid_argument for a group address.
    void fix(std::uint64_t address, place);
    lesson learn(std::uint64_t source, place from, ps now);
    std::optional<place> where(std::uint64_t address) const;

    std::size_t forget(place);                  // learned there; how many
    std::size_t forget_all();                   // all that was learned
    std::size_t age(ps now);                    // those last seen at now - ageing or before; how many
    ps next_to_age() const { return order_.empty() ? never : order_.front().seen + ageing_; }

    std::size_t size() const { return index_.size(); }
    std::vector<entry> entries() const;         // by address

private:
    using iterator = std::list<entry>::iterator;
    void drop(iterator);

    std::size_t capacity_;
    ps ageing_;
    std::list<entry> order_, fixed_;            // learned: the one longest unseen first
    std::unordered_map<std::uint64_t, iterator> index_;
};

}  // namespace nicteam::wire
