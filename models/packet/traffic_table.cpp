// The rows of [[traffic]].
#include "nicteam/packet/traffic.h"

namespace nicteam::packet {
namespace {

using c = traffic_config;

const parameter_info parameters[] = {
    {"from", quantity::text, nullptr, nullptr, nullptr, nullptr, "Who sends: the name of a peer or host.", "scenario", store<&c::from>},
    {"to", quantity::text, nullptr, nullptr, nullptr, nullptr, "Who receives: the name of a peer or host.", "scenario", store<&c::to>},
    {"protocol", quantity::choice, "udp", nullptr, nullptr, "udp|raw|udp_ipv6",
     "What the frames are: UDP over IPv4, bare frames with the local experimental EtherType 88B5h, or UDP over IPv6, between addresses "
     "2001:db8:: with the IPv4 address in the last 32 bits; neighbours are known.",
     "RFC 768; IEEE 802, 9.2.3; RFC 8200, RFC 3849",
     store<&c::protocol>},
    {"framing", quantity::choice, "ethernet_ii", nullptr, nullptr, "ethernet_ii|llc_snap",
     "Where a bare frame has its EtherType: in the Ethernet II header, or in a SNAP header behind IEEE 802.3 length and LLC; for protocol `raw`.",
     "IEEE 802.3 3.2.6; RFC 1042", store<&c::framing>},
    {"source_port", quantity::count, "9000", "0", "65535", nullptr, "UDP port of the sender.", "RFC 768", store<&c::source_port>},
    {"ports", quantity::choice, "next", nullptr, nullptr, "next|drawn",
     "What `source_port` is where it is not given: the first free from 9000, or one from 1024 to 65535, drawn anew with each seed.", "RFC 6335, 6", nullptr},
    {"destination_port", quantity::count, "9", "0", "65535", nullptr, "UDP port of the receiver; 9 is the discard service.", "RFC 863",
     store<&c::destination_port>},
    {"pace", quantity::choice, "line_rate", nullptr, nullptr, "line_rate|rate|frames",
     "What sets the speed: the line or the sending host (as fast as it goes), `rate`, or `frames_per_second`.", "RFC 2544, 26.1",
     store<&c::pace>},
    {"rate", quantity::rate, "0 bps", "0 bps", "1000 Gbps", nullptr,
     "Offered bits per second, destination address to FCS, while on; for pace `rate`.", "RFC 2544, 26.1", store<&c::rate>},
    {"frames_per_second", quantity::count, "0", "0", "1000000000", nullptr, "Offered frames per second while on; for pace `frames`.",
     "RFC 2544, 26.1", store<&c::frames_per_second>},
    {"arrivals", quantity::choice, "regular", nullptr, nullptr, "regular|poisson|on_off",
     "How frames follow each other: evenly, with exponential gaps, or evenly in bursts with pauses.", "RFC 2544, 21", store<&c::arrivals>},
    {"on_time", quantity::time, "1 ms", "1 ns", "1000 s", nullptr, "Length of a burst; for arrivals `on_off`.", "choice", store<&c::on_time>},
    {"off_time", quantity::time, "1 ms", "0 ps", "1000 s", nullptr, "Length of a pause; for arrivals `on_off`.", "choice", store<&c::off_time>},
    {"sizes", quantity::choice, "fixed", nullptr, nullptr, "fixed|imix|uniform",
     "Frame sizes: `frame_size`; 64, 594 and 1518 B as 7:4:1 (simple IMIX); or uniform from `least_size` to `greatest_size`.",
     "RFC 6985; simple IMIX: 40, 576 and 1500 B of IP", store<&c::sizes>},
    {"frame_size", quantity::size, "1518 B", "64 B", "61000 B", nullptr, "Octets of a frame, destination address to FCS. A host's UDP datagram may be longer than a frame, up to 61000 B: its stack cuts it; all else ends at 16384 B.",
     "IEEE 802.3 3.2.7, 4.4.2", store<&c::frame_size>},
    {"least_size", quantity::size, "64 B", "64 B", "61000 B", nullptr, "Shortest frame; for sizes `uniform`.", "IEEE 802.3 4.4.2",
     store<&c::least_size>},
    {"greatest_size", quantity::size, "1518 B", "64 B", "61000 B", nullptr, "Longest frame; for sizes `uniform`.", "IEEE 802.3 4.4.2",
     store<&c::greatest_size>},
    {"start", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "When the first frame is due.", "scenario", store<&c::start>},
    {"duration", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "No frame is due later than this after the start; 0: no limit.", "scenario",
     store<&c::duration>},
    {"count", quantity::count, "0", "0", nullptr, nullptr, "Frames in all; 0: no limit.", "scenario", store<&c::count>},
};

const metric_info metrics[] = {
    {"frames", "frames", "Frames that this traffic sent.", metric_info::counter},
    {"octets", "B", "Their octets, destination address to FCS.", metric_info::counter},
    {"late", "ps", "From when a frame was due to when its first preamble octet passed.", metric_info::histogram},
};

}  // namespace

const block_info traffic_info = {"traffic", "Generated frames with a verifiable payload, from a peer or a host application.",
                                 parameters, metrics, {}, {}, {}, {}, {}};

}  // namespace nicteam::packet
