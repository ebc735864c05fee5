// Options of a TCP header: maximum segment size (RFC 9293, 3.2), window scale and timestamps (RFC 7323), SACK (RFC 2018).
#pragma once

#include <array>
#include <optional>

#include "nicteam/packet/octets.h"
#include "nicteam/tcp/sequence.h"

namespace nicteam::tcp {

namespace option {
constexpr std::uint8_t end = 0, no_operation = 1, maximum_segment_size = 2, window_scale = 3, sack_permitted = 4, sack = 5, timestamps = 8;
}
constexpr unsigned most_sack_blocks = 4;             // 40 octets hold no more
constexpr std::uint8_t most_window_scale = 14;       // RFC 7323, 2.3: more is taken as this

// [begin, end)
struct sack_block {
    sequence begin = 0, end = 0;
    friend bool operator==(const sack_block& a, const sack_block& b) { return a.begin == b.begin && a.end == b.end; }
};

struct timestamps_option {
    std::uint32_t value = 0, echo = 0;
};

// An option whose length is not its kind's is passed over as an unknown one is; one whose length is below 2 or runs out of the header
// ends the list (RFC 9293, 3.2, MUST-7): what stood before it holds.
struct options_read {
    std::optional<std::uint16_t> maximum_segment_size;
    std::optional<std::uint8_t> window_scale;        // as it came; above 14 too
    bool sack_permitted = false;
    std::optional<timestamps_option> timestamps;
    std::array<sack_block, most_sack_blocks> sack{};
    unsigned sack_blocks = 0;
    unsigned read = 0;                               // options, padding apart
    unsigned unknown = 0, wrong_length = 0;          // passed over; of a length that is not their kind's
    bool cut_short = false;                          // the list ended at an impossible length

    static options_read parse(packet::octets);
};

// Options in the order in which they are put in, aligned and padded with no-operations to four octets each.
class options_writer {
public:
    void maximum_segment_size(std::uint16_t);
    void window_scale(std::uint8_t);
    void sack_permitted();
    void timestamps(timestamps_option);
    // As many of the n as there is room for; how many.
    unsigned sack(const sack_block*, unsigned n);

    packet::octets octets() const { return {octets_.data(), size_}; }
    unsigned written() const { return written_; }

private:
    std::uint8_t* room(std::size_t n);

    std::array<std::uint8_t, 40> octets_{};
    std::size_t size_ = 0;
    unsigned written_ = 0;
};

}  // namespace nicteam::tcp
