// What the crypto block of a device has: engines, buffers, priorities. Parameters, metrics, probes, stages and ends of packets are
// rows of crypto_info (kind "crypto", a part of a nic).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"
#include "nicteam/offload/choices.h"

namespace nicteam::ipsec {
enum class payload_kind : std::uint8_t;
}

namespace nicteam::offload {

struct crypto_config {
    bool enable = false;
    ps period = 30'000;
    unsigned word_octets = 4;
    std::vector<std::string> engines;            // rows of engine_cores, one each
    offload::coupling coupling = coupling::chained;
    unsigned places = 2;                         // packets inside 21a
    unsigned crossing = 2;                       // edges of the block from the last octet until a frame is seen whole
    // 21a is on one integrated circuit; on the other are all, or IP logic 22a and 22b, and the MAC with its buffers on a third. Each joint between
    // two has a lane of its own.
    unsigned chips = 1;
    unsigned link_word = 4;                      // octets
    ps link_period = 30'000;
    unsigned link_latency = 2;                   // clocks of the link
    unsigned lookup_clocks = 8, transport_clocks = 4;
    std::uint32_t buffer_142 = 4'096;            // octets; 0: none, 16b holds off
    std::uint32_t cut_through = 0;               // octets behind which 142 offers a frame; 0: when it is whole
    unsigned buffer_140 = 2;                     // datagrams; 0: none, 22b holds off
    offload::feedback_input feedback_input = feedback_input::mux_120;
    feedback_full when_140_full = feedback_full::hold_off;
    multiplexer_priority priority = multiplexer_priority::feedback_first;
    bool bubble_rule = false;
    offload::return_path return_path = return_path::feedback_110;
    bool bypass = false;                         // what needs no IPsec goes past 21a
    std::uint32_t bypass_room = 0;               // octets of buffer 142 that only such frames may take
    unsigned cache_entries = 0, cache_ways = 4;  // of associations; no entries: all are at hand
    offload::cache_replacement cache_replacement = cache_replacement::least_recently_used;
    unsigned cache_hysteresis = 8, cache_decay = 4'096;  // of most_packets: replacement_options
    offload::cache_miss cache_miss = cache_miss::clocks;
    unsigned cache_miss_clocks = 64;
    unsigned associations = 256;                 // that it has places for
    unsigned duplicates = 0;                     // choices "refused|taken"
    unsigned contexts = 16, fragments = 64;      // of reassembly
    unsigned when_full = 0;                      // choices "evict_oldest|refuse_new"
    unsigned least_first = 0;                    // octets behind the IP header of a first fragment; 0: any
    std::uint32_t reassembly_memory = 131'072;   // octets
    ps reassembly_timeout = 30 * second;
    offload::overlaps overlaps = overlaps::discard_all;
    std::uint32_t longest_to_host = 0;           // octets of a packet; 0: any
    // Transmit side.
    bool engines_shared = false;                 // with the receive side
    std::vector<std::string> transmit_engines;   // of its own; none: as many and as those of the receive side
    unsigned package_clocks = 4;                 // of 22a
    std::uint32_t frame_buffer = 4'096;          // octets
    unsigned frame_buffer_frames = 8;
    offload::frame_start frame_start = frame_start::whole;
    std::uint32_t longest_packet = 1'500;        // octets, behind protection
    // Of either direction's engines.
    std::uint32_t engine_watchdog = 1'024;       // clocks without a block until a packet is given up
    std::uint32_t self_test = 0;                 // before each so many packets; 0: none
    std::uint32_t engine_failures = 3;           // in a row until they are out of use; 0: never
    // Rings (docs/crypto-face.md).
    bool secondary_use = true;                   // jobs
    unsigned digest_octets = 0;                  // that a CRC-32c engine of its rings takes a clock; 0: none
    unsigned ring_places = 4;                    // entries inside
    unsigned command_depth = 256, completion_depth = 256;    // entries of the largest rings
    std::uint32_t longest_job = 2'048;           // octets, before and after
    ipsec::payload_kind payload{};               // what associations do to octets; no row: the run says
};
extern const block_info crypto_info;             // kind "crypto"
extern const block_info crypto_transmit_info;    // … metrics, probes, stages and ends of packets of the transmit side
extern const block_info crypto_step_info;        // … and the numbered steps of source document 004, in the order of flow_chart()
extern const block_info crypto_drop_info;        // … and the ways to be refused by IPsec (ipsec::drop_metrics)

// Octets of each unit of what passes from 21a to the frame buffer.
inline unsigned word_to_frame_buffer(const crypto_config& c) { return c.chips > 1 ? c.link_word : c.word_octets; }

struct crypto_problem {
    std::string parameter, message;
};
// What contradicts itself, though each value alone is good. Nothing while the block is not there.
std::vector<crypto_problem> check(const crypto_config&);

}  // namespace nicteam::offload
