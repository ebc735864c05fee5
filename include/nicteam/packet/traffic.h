// Traffic patterns: when the next frame is due and how long it is. Plain integer code, used alike by peers and by host
// applications. Sizes count a frame from destination address to FCS.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/base/random_stream.h"
#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"

namespace nicteam::packet {

enum class traffic_pace : std::uint8_t { line_rate, rate, frames };
enum class traffic_arrivals : std::uint8_t { regular, poisson, on_off };
enum class traffic_sizes : std::uint8_t { fixed, imix, uniform };
enum class traffic_protocol : std::uint8_t { udp, raw, udp_ipv6 };
enum class traffic_framing : std::uint8_t { ethernet_ii, llc_snap };

struct traffic_config {
    std::string from, to;                     // components; who builds the system resolves them to addresses
    traffic_protocol protocol = traffic_protocol::udp;
    traffic_framing framing = traffic_framing::ethernet_ii;    // of protocol `raw`
    std::int64_t source_port = 9000, destination_port = 9;

    traffic_pace pace = traffic_pace::line_rate;
    std::int64_t rate = 0;                    // bit/s of frames, pace `rate`
    std::int64_t frames_per_second = 0;       // pace `frames`
    traffic_arrivals arrivals = traffic_arrivals::regular;
    ps on_time = millisecond, off_time = millisecond;

    traffic_sizes sizes = traffic_sizes::fixed;
    std::int64_t frame_size = 1518;
    std::int64_t least_size = 64, greatest_size = 1518;

    ps start = 0;
    ps duration = 0;                          // 0: no limit
    std::int64_t count = 0;                   // frames; 0: no limit

    std::int64_t stream = 0;                  // number in the payload mark; who builds the system numbers them
};
extern const block_info traffic_info;         // kind "traffic"
constexpr std::int64_t longest_frame = 16'384;          // octets that a station sends at once
constexpr std::int64_t longest_datagram = 61'000;       // of a host's, which it cuts: octets of the frame that it would be

// All reasons why a configuration makes no sense (pace `rate` without a rate, least above greatest …); none if it does.
std::vector<std::string> problems_of(const traffic_config&);

struct departure {
    ps at = never;                            // `never`: no more frames
    std::uint32_t octets = 0;
    std::uint64_t sequence = 0;               // 0, 1, 2 …
};

// Open loop: due times do not depend on when frames really leave, but for `line_rate`, where a frame is due as soon as
// the one before has been taken.
class traffic_source {
public:
    // Throws std::invalid_argument with the first of problems_of() when there is one.
    traffic_source(const traffic_config&, random_stream);

    // The frame that is due next. `now`: when the frame before was taken; matters for `line_rate` only.
    departure next(ps now);
    std::uint64_t departures() const { return sequence_; }

private:
    std::uint32_t draw_size();
    ps due(std::uint32_t octets, ps now);
    ps to_wall(ps active) const;

    traffic_config config_;
    random_stream random_;
    std::uint64_t sequence_ = 0;
    unsigned __int128 units_ = 0;             // bits or frames offered so far
    ps active_ = 0;                           // time since the start, pauses left out
    bool over_ = false;
};

}  // namespace nicteam::packet
