// The rows of [[peer]].
#include "peer/peer_table.h"

#include "nicteam/peer/peer.h"

namespace nicteam::peer {
namespace {

using c = peer_config;

const parameter_info parameters[] = {
    {"mac", quantity::text, "02:00:00:00:00:01", nullptr, nullptr, nullptr, "MAC address.", "IEEE 802, 8.2: locally administered", store<&c::mac>},
    {"ip", quantity::text, "192.0.2.1", nullptr, nullptr, nullptr, "IPv4 address.", "RFC 5737: for documentation", store<&c::ip>},
    {"promiscuous", quantity::flag, "false", nullptr, nullptr, nullptr, "Take frames for other stations as well.", "IEEE 802.3 4.2.9",
     store<&c::promiscuous>},
    {"answer_arp", quantity::flag, "true", nullptr, nullptr, nullptr, "Answer ARP requests for the own address.", "RFC 826", store<&c::answer_arp>},
    {"answer_echo", quantity::flag, "true", nullptr, nullptr, nullptr, "Answer ICMP echo requests.", "RFC 792, RFC 1122 3.2.2.6",
     store<&c::answer_echo>},
    {"answer_udp_echo", quantity::flag, "false", nullptr, nullptr, nullptr, "Send UDP datagrams to `udp_echo_port` back.", "RFC 862",
     store<&c::answer_udp_echo>},
    {"udp_echo_port", quantity::count, "7", "1", "65535", nullptr, "The UDP echo service's port.", "RFC 862", store<&c::udp_echo_port>},
    {"response_time", quantity::time, "0 ps", "0 ps", "100 s", nullptr,
     "From one octet time after a request's last octet to when its answer is ready.", "choice: the peer costs nothing", store<&c::response_time>},
    {"max_frame", quantity::size, "1518 B", "64 B", "16 KiB", nullptr, "Longest frame taken, destination address to FCS.", "IEEE 802.3 3.2.7",
     store<&c::max_frame>},
    {"autonegotiation", quantity::flag, "true", nullptr, nullptr, nullptr,
     "Its PHY negotiates; else it is set to one mode, the other end finds only its rate, and stays in half duplex.", "IEEE 802.3 28.2.3.1: parallel detection",
     store<&c::autonegotiation>},
    {"duplex", quantity::choice, "full", nullptr, nullptr, "half|full", "The best mode that it offers, or the one that it is set to.", "IEEE 802.3 annex 28B.3",
     store<&c::duplex>},
    {"pause", quantity::flag, "false", nullptr, nullptr, nullptr, "It offers to take PAUSE frames.", "IEEE 802.3 annex 28B.2, 31B", store<&c::pause>},
    {"resequence", quantity::count, "0", "0", "65536", nullptr,
     "Packets of each association that may wait in front of its replay window for one whose number comes before theirs; when more would wait, it is given up. 0: there is no such buffer.",
     "what-if Q16: spray and reorder buffer", store<&c::resequence>},
    {"resequence_wait", quantity::time, "1 ms", "0 ps", "100 s", nullptr, "How long one waits at most, with `resequence`.", "choice", store<&c::resequence_wait>},
};

const capture_info captures[] = {{"port", "Frames sent and received, stamped with their first octet behind the preamble."}};

}  // namespace

const metric_info peer_metrics[] = {
    {"sent_frames", "frames", "Frames sent, answers included.", metric_info::counter},
    {"sent_octets", "B", "Their octets, destination address to FCS.", metric_info::counter},
    {"collisions", "collisions", "Half duplex: transmissions that met another.", metric_info::counter},
    {"lost_collisions", "frames", "Half duplex: frames given up after 16 collisions or a late one.", metric_info::counter},
    {"lost_arp", "frames", "Half duplex: of these, ARP requests and answers: who waits for them waits in vain.", metric_info::counter},
    {"waited", "ps", "Half duplex: time that it had something to send and waited for the medium: deferral, gap, back-off.", metric_info::counter},
    {"queue", "frames", "Frames that its traffic, replays and answers made by their own clocks and that wait for their turn; line-rate traffic makes none before the line is free.",
     metric_info::level},
    {"pauses", "frames", "PAUSE frames that were taken.", metric_info::counter},
    {"frames", "frames", "Good frames for this station.", metric_info::counter},
    {"octets", "B", "Their octets, destination address to FCS.", metric_info::counter},
    {"bad_fcs", "frames", "Frames received with a bad FCS.", metric_info::counter},
    {"cut", "frames", "Frames received only in part.", metric_info::counter},
    {"short", "frames", "Frames received with fewer than 64 octets and a good FCS.", metric_info::counter},
    {"long", "frames", "Frames received with more than max_frame octets and a good FCS.", metric_info::counter},
    {"filtered", "frames", "Good frames for other stations.", metric_info::counter},
    {"reassembled", "datagrams", "Put together of fragments for this station.", metric_info::counter},
    {"bad_checksum", "frames", "Good frames with a wrong IPv4, ICMP or UDP checksum.", metric_info::counter},
    {"arp_replies", "frames", "ARP requests answered.", metric_info::counter},
    {"echo_replies", "frames", "ICMP echo requests answered.", metric_info::counter},
    {"udp_echoes", "frames", "UDP datagrams sent back.", metric_info::counter},
    {"answers_seen", "frames", "ARP and ICMP echo replies received.", metric_info::counter},
    {"verified", "frames", "Generated frames received with every payload octet as sent.", metric_info::counter},
    {"verified_octets", "B", "Their payload octets.", metric_info::counter},
    {"payload_damaged", "frames", "Generated frames received with other payload than sent.", metric_info::counter},
    {"skipped", "frames", "Sequence numbers skipped; those that come later count as out_of_order too.", metric_info::counter},
    {"out_of_order", "frames", "Generated frames that come after a later one.", metric_info::counter},
    {"duplicates", "frames", "Generated frames seen before (within the last 1,024 of their stream).", metric_info::counter},
    {"latency", "ps", "From a generated frame's mark (its sender's time) to its last octet here.", metric_info::histogram},
    {"resequenced", "packets", "With `resequence`: packets that waited for their order, or that others waited for.", metric_info::counter},
    {"gaps_given_up", "gaps", "With `resequence`: times that packets went on although one before them had not come: it took too long, or too many waited.", metric_info::counter},
    {"resequencing", "packets", "With `resequence`: packets that wait for their order.", metric_info::level},
};

const outcome_info peer_outcomes[] = {
    {"delivered", false, "Received by the station that it was for."},
    {"bad_fcs", true, "Dropped by a peer: bad FCS."},
    {"cut", true, "Dropped by a peer: only a part arrived."},
    {"short", true, "Dropped by a peer: fewer than 64 octets."},
    {"long", true, "Dropped by a peer: longer than it takes."},
    {"not_addressed", true, "Passed over by a peer: for another station.", false, false, false, true},
    {"mac_control", false, "A PAUSE frame: for the MAC."},
    {"fragment", false, "The rest of an attempt that collided arrived at a peer: its sender goes on with a copy.", true},
    {"max_collisions", true, "Given up by a peer after 16 collisions."},
    {"late_collision", true, "Given up by a peer: it met another frame later than one slot after its begin."},
    {"not_opened", true, "Came whole to a peer that speaks IPsec, which has no association for it, or it fits none."},
    {"not_authentic", true, "Came whole to a peer that speaks IPsec, and its integrity check value does not verify."},
    {"replayed", true, "Came whole to a peer that speaks IPsec, for which its sequence number has been or is too old."},
};

const block_info peer_info = {"peer", "An ideal end point: sends, answers, counts and verifies at no CPU cost.",
                              parameters, peer_metrics, {}, {}, captures, {}, peer_outcomes};

}  // namespace nicteam::peer
