// What source document 004 leaves open in the crypto block: one enumeration each, in the order of the choices in its table.
#pragma once

#include <cstdint>

namespace nicteam::offload {

enum class coupling : std::uint8_t { chained, series };                         // how cipher and authentication engine work on a packet
enum class multiplexer_priority : std::uint8_t { feedback_first, feedforward_first, alternate };      // when both inputs of multiplexer 120 wait
// Where what was put together comes back into 21a: through multiplexer 120, by an input of its own, when both may pass at once, or over the transmit
// path 152, where a tag in front of it or a control signal beside it says that it was received.
enum class feedback_input : std::uint8_t { mux_120, separate_150, transmit_152_tag, transmit_152_control };
constexpr bool over_152(feedback_input f) { return f >= feedback_input::transmit_152_tag; }
enum class feedback_full : std::uint8_t { hold_off, drop };                     // when buffer 140 is full
enum class cache_miss : std::uint8_t { clocks, over_the_bus, to_host };     // what an association costs that is not at hand
enum class cache_replacement : std::uint8_t { least_recently_used, first_in_first_out, most_packets };     // what goes when a set is full
// Who gets a datagram back to decryption that was fragmented behind its encryption.
enum class return_path : std::uint8_t { feedback_110, host };
enum class frame_start : std::uint8_t { whole, early };     // when 16a begins: the frame is in the frame buffer, or its rest cannot be late
enum class overlaps : std::uint8_t { discard_all, first_wins, last_wins };      // octets that two fragments bring

}  // namespace nicteam::offload
