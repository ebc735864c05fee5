#include "stack/machinery.h"

namespace nicteam::stack {
namespace {
using c = stack_config;
constexpr parameter_info parameters[] = {
    {"address", quantity::text, "", nullptr, nullptr, nullptr, "IPv4 address and prefix length on the first adapter, \"10.0.0.1/24\"; empty: no IPv4",
     "RFC 791, RFC 4632 3.1", store<&c::address>},
    {"gateway", quantity::text, "", nullptr, nullptr, nullptr, "where other networks are reached; empty: nowhere", "RFC 1122 3.3.1", store<&c::gateway>},
    {"buffers", quantity::count, "128", "1", "65536", nullptr, "transmit buffers", "choice: two transmit rings", store<&c::buffers>},
    {"arp_timeout", quantity::time, "1 s", "1 us", "100 s", nullptr, "before an ARP request is repeated",
     "RFC 1122 2.3.2.1: at most one request per second and address", store<&c::arp_timeout>},
    {"arp_attempts", quantity::count, "3", "1", "100", nullptr, "ARP requests before an address counts as unreachable",
     "RFC 4861 10: MAX_MULTICAST_SOLICIT, taken over for ARP", store<&c::arp_attempts>},
    {"arp_lifetime", quantity::time, "60 s", "1 us", "100000 s", nullptr, "a learned address is asked for again after this", "RFC 1122 2.3.2.1: about a minute",
     store<&c::arp_lifetime>},
    {"arp_queue", quantity::count, "8", "1", "65536", nullptr, "datagrams that wait for one address", "RFC 1122 2.3.2.2: at least one", store<&c::arp_queue>},
    {"udp_checksum", quantity::flag, "true", nullptr, nullptr, nullptr, "UDP datagrams carry a checksum; over IPv6 they do in any case", "RFC 1122 4.1.3.4; RFC 8200 8.1", store<&c::udp_checksum>},
    {"answer_echo", quantity::flag, "true", nullptr, nullptr, nullptr, "ICMP echo requests are answered", "RFC 1122 3.2.2.6", store<&c::answer_echo>},
    {"time_to_live", quantity::count, "64", "1", "255", nullptr, "TTL of datagrams", "RFC 1122 3.2.1.7; IANA default 64", store<&c::time_to_live>},
    {"may_fragment", quantity::flag, "false", nullptr, nullptr, nullptr,
     "datagrams go without DF, so that routers may cut them; those that the stack itself cuts go without it in any case", "RFC 1191: senders set DF",
     store<&c::may_fragment>},
    {"reassembly_timeout", quantity::time, "30 s", "1 us", "100000 s", nullptr, "a datagram whose fragments have not all come is given up after this",
     "Linux: ipfrag_time; RFC 1122 3.3.2: 60 to 120 s", store<&c::reassembly_timeout>},
    {"reassembly_memory", quantity::size, "4 MiB", "64 KiB", "1 GiB", nullptr, "fragments that wait for others; one that finds no room is dropped, and counted in reassembly_drops",
     "Linux: ipfrag_high_thresh", store<&c::reassembly_memory>},
};
constexpr metric_info metrics[] = {
    {"sent", "packets", "packets that an adapter completed as done"},
    {"received", "packets", "packets taken in"},
    {"received_bytes", "B", "bytes of those packets, without FCS"},
    {"no_buffer", "packets", "sends that found no transmit buffer"},
    {"no_route", "packets", "sends to an address that no interface reaches"},
    {"unresolved", "packets", "packets dropped because no answer to ARP came in time, too many waited, or they were IPv6 for a neighbour that no [[traffic]] names"},
    {"arp_requests", "packets", "ARP requests sent"},
    {"arp_replies", "packets", "ARP replies sent"},
    {"echo_replies", "packets", "ICMP echo replies sent"},
    {"bad_header", "packets", "received packets with a header that makes no sense"},
    {"bad_checksum", "packets", "received packets with a wrong IPv4, ICMP or UDP checksum"},
    {"not_ours", "packets", "received datagrams for another address"},
    {"fragments", "fragments", "received fragments, taken for reassembly by the CPU"},
    {"no_socket", "packets", "received datagrams that no socket takes"},
    {"unknown_protocol", "packets", "received packets above IPv4 that are neither UDP nor an ICMP echo, nor TCP where applications have connections; above IPv6 neither these nor an ICMPv6 error"},
    {"failed", "packets", "packets that an adapter refused or failed"},
    {"bad_source", "packets", "received packets whose source address is a group address or zero: the controller looks at destinations only (SDM 6.4.3), IEEE 802.3 3.2.3 "
                              "allows only individual sources, and no receiver gets them, as Linux drops them at a bridge (is_valid_ether_addr)"},
    {"reassembled", "datagrams", "put together by the CPU"},
    {"reassembly_drops", "fragments", "refused by its reassembly: malformed, overlapping, or without room"},
    {"reassembly_timeouts", "datagrams", "given up: their fragments did not all come in time"},
    {"time_exceeded", "packets", "ICMP messages that told a source so; without the fragment at offset 0 none may"},
    {"cut", "datagrams", "longer than the link or the path: sent in pieces"},
    {"fragments_sent", "fragments", "those pieces"},
    {"too_big", "packets", "received ICMP messages that told of a shorter path"},
};
static_assert(sizeof metrics / sizeof *metrics == stack_metric_count);
constexpr stage_info stages[] = {
    {"host_post", "the packet lies in host memory and is handed to the intermediary"},
    {"delivered", "the stack handed the packet to its socket"},
};
constexpr outcome_info outcomes[] = {
    {"consumed", false, "the stack itself was its destination (ARP, ICMP)"},
    {"no_socket", true, "no socket takes it"},
    {"bad_header", true, "a header made no sense"},
    {"bad_checksum", true, "a checksum was wrong"},
    {"not_ours", true, "it was for another address"},
    {"reassembly_refused", true, "a fragment that the reassembly refused, or of a datagram that it gave up"},
    {"unknown_protocol", true, "a protocol above IPv4 that the stack does not know, TCP among them while no application has connections"},
    {"unresolved", true, "no answer to ARP came in time, too many waited, or it was IPv6 for an unknown neighbour"},
    {"send_refused", true, "the adapter refused it"},
    {"bad_source", true, "its source address was a group address or zero"},
    {"joined", false, "a fragment: it goes on as part of its datagram", true},
    {"duplicate", false, "a fragment that was there already"},
    {"cut", false, "longer than the link or the path: it goes on in pieces", true},
    {"segment", false, "its connection took it in, or a listener; of a segment that does not fit its connection: answered or passed over as RFC 9293 asks"},
};
}  // namespace

const block_info stack_info = {"stack", "protocol stack 100: ARP, IPv4, ICMP echo, UDP, UDP over IPv6, raw frames", parameters, metrics, {}, {}, {}, stages, outcomes};

}  // namespace nicteam::stack
