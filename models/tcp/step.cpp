#include "nicteam/tcp/step.h"

namespace nicteam::tcp {
namespace {

constexpr step_info rows[] = {
    {"tcp_segment_in", "segments", "a segment's header is read"},
    {"tcp_checksum_byte", "bytes", "Internet checksum over pseudo header, header and text, in and out"},
    {"tcp_demultiplex", "segments", "a segment finds its connection or listener by its addresses and ports"},
    {"tcp_option_read", "options", "an option of a segment is read"},
    {"tcp_acceptance", "segments", "acceptance test, PAWS, the rules of RFC 5961"},
    {"tcp_acknowledgement", "segments", "the ACK field is judged; the send window is brought up to date"},
    {"tcp_sack_block", "blocks", "a SACK block is entered into the scoreboard"},
    {"tcp_byte_taken", "bytes", "text goes into the receive queue"},
    {"tcp_out_of_order", "segments", "text is kept for later in the reassembly queue"},
    {"tcp_urgent", "segments", "an urgent pointer moves"},
    {"tcp_rtt_sample", "samples", "SRTT, RTTVAR and RTO are computed"},
    {"tcp_congestion", "changes", "the congestion window changes"},
    {"tcp_timer_set", "times", "a timer is set or stopped"},
    {"tcp_timer_fired", "times", "a timer has run out"},
    {"tcp_segment_out", "segments", "a header is built"},
    {"tcp_option_written", "options", "an option is written"},
    {"tcp_byte_sent", "bytes", "text is taken from the send queue into a segment"},
    {"tcp_retransmission", "segments", "a segment carries what was sent before"},
    {"tcp_state_change", "changes", "the connection changes its state"},
    {"tcp_connection_made", "connections", "a connection is set up"},
    {"tcp_byte_moved", "bytes", "state or buffered data goes to another owner or comes from one"},
    {"tcp_path_read", "times", "a path has changed: the effective MSS is computed anew"},
};
static_assert(sizeof rows / sizeof *rows == step_kinds, "a row for each step");

}  // namespace

table<step_info> steps() { return rows; }

}  // namespace nicteam::tcp
