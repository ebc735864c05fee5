#include "nicteam/rings/offload_costs.h"

#include <iterator>

namespace nicteam::rings {
namespace {

constexpr const char* as_host = "as a host's CPU: the same instructions (docs/cpu.md)";
constexpr const char* logic = "choice: a few instructions; logic does it beside the rest, or in a clock or two";
constexpr const char* at_line = "choice: hardware at the line or at the bus does it while the octets pass";
constexpr const char* table_walk = "choice: a walk through a table in memory of its own; logic has it in a few accesses";
constexpr offload_cost rows[] = {
    {"segment_in", "segments", 40, 2, "a segment's header is read", as_host},
    {"checksum_octet", "bytes", 0, 0, "checksum of TCP", at_line},
    {"demultiplex", "segments", 60, 4, "a segment finds its connection", as_host},
    {"option_read", "options", 10, 1, "an option is read", as_host},
    {"acceptance", "segments", 30, 2, "acceptance test, PAWS, RFC 5961", as_host},
    {"acknowledgement", "segments", 40, 3, "the ACK field, the send window", as_host},
    {"sack_block", "blocks", 40, 4, "a SACK block", as_host},
    {"octet_taken", "bytes", 0, 0, "text goes into the receive queue", at_line},
    {"out_of_order", "segments", 200, 8, "text is kept for later", as_host},
    {"urgent", "segments", 50, 4, "an urgent pointer moves", as_host},
    {"rtt_sample", "samples", 20, 4, "SRTT, RTTVAR, RTO", as_host},
    {"congestion", "changes", 10, 1, "the congestion window changes", as_host},
    {"timer_set", "times", 10, 1, "a timer is set or stopped", as_host},
    {"timer_fired", "times", 200, 8, "a timer has run out", as_host},
    {"segment_out", "segments", 150, 6, "a header is built", as_host},
    {"option_written", "options", 10, 1, "an option is written", as_host},
    {"octet_sent", "bytes", 0, 0, "text goes from the send queue into a segment", at_line},
    {"retransmission", "segments", 100, 4, "a segment carries what was sent before", as_host},
    {"state_change", "changes", 100, 2, "the connection changes its state", as_host},
    {"connection_made", "connections", 2000, 64, "a connection is set up", as_host},
    {"octet_moved", "bytes", 1, 0, "state or buffered data comes or goes", "choice: a microcontroller moves a word of four in about four instructions; logic moves it as it crosses the bus"},
    {"path_read", "times", 50, 4, "a path has changed", as_host},
    {"question", "questions", 100, 4, "an entry of the ring of questions is decoded", logic},
    {"block", "blocks", 80, 8, "a block of a list: its handle, its count, the object beneath", table_walk},
    {"answer", "answers", 60, 2, "an answer is made ready for its ring", logic},
    {"frame_in", "frames", 40, 2, "a frame's headers are looked at", logic},
    {"frame_out", "frames", 60, 4, "IP and Ethernet headers are put in front of a segment", logic},
};
static_assert(std::size(rows) == tcp::step_kinds + offload_work_kinds, "a row for each step and each kind of work");

std::uint64_t cycles(offload_processor p, std::size_t row, std::uint64_t times) {
    return times * (p == offload_processor::microcontroller ? rows[row].microcontroller : rows[row].state_machine);
}

}  // namespace

table<offload_cost> offload_costs() { return rows; }
std::uint64_t cycles_of(offload_processor p, tcp::step s, std::uint64_t times) { return cycles(p, static_cast<std::size_t>(s), times); }
std::uint64_t cycles_of(offload_processor p, offload_work w, std::uint64_t times) { return cycles(p, tcp::step_kinds + static_cast<std::size_t>(w), times); }

}  // namespace nicteam::rings
