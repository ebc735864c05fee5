// What was sealed, and its text, for whoever opens the same octets under the same keys. First in, first out; a find changes nothing, so
// that one who receives a packet twice finds it twice. Functions of octets: window, policy and faults are not its business.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "nicteam/packet/octets.h"

namespace nicteam::ipsec {

class transform_cache {
public:
    static constexpr std::size_t usual_limit = 16 * 1024 * 1024;
    explicit transform_cache(std::size_t limit = usual_limit) : limit_(limit) {}      // octets, sealed and text

    struct name {
        std::uint64_t transform = 0;              // keyed_transform::id
        std::optional<std::uint32_t> high;        // of a sequence number of 64 bits, which is authenticated and not in the packet
        std::size_t icv = 0;                      // octets, the last of `sealed`
    };

    // In two steps, as text is encrypted where it stands: the text, and then the packet from SPI to ICV that it became.
    void take_text(packet::octets text);
    void keep(const name&, packet::octets sealed);

    // The text of a packet that is the same in every octet; nullptr: nobody knows. It stands until the next take_text.
    const std::uint8_t* find(const name&, packet::octets sealed) const;
    bool may_know(const name& n, packet::octets sealed) const { return index_.count(key_of(n, sealed)) != 0; }

    std::size_t entries() const { return kept_.size(); }
    std::size_t used() const { return used_; }

private:
    struct entry {
        bytes octets;                             // text, sealed
        std::size_t text = 0;
        name of;
        std::uint64_t key = 0;
    };
    static std::uint64_t key_of(const name&, packet::octets sealed);
    void drop_first();

    std::size_t limit_, used_ = 0;
    std::uint64_t first_ = 0;                     // number of kept_.front()
    std::deque<entry> kept_;
    std::unordered_map<std::uint64_t, std::uint64_t> index_;      // key -> number of the latest
    bytes spare_, next_;
    std::size_t next_text_ = 0;
};

}  // namespace nicteam::ipsec
