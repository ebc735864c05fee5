// The rows of [[replay]].
#include "nicteam/peer/replay.h"
#include "peer/replay_content.h"

namespace nicteam::peer {
namespace {

using c = replay_config;

const parameter_info parameters[] = {
    {"peer", quantity::text, nullptr, nullptr, nullptr, nullptr, "The peer that sends the frames.", "scenario", store<&c::peer>},
    {"file", quantity::text, nullptr, nullptr, nullptr, nullptr, "A pcap or pcapng file of link type Ethernet.", "draft-ietf-opsawg-pcapng",
     store<&c::file>},
    {"timing", quantity::choice, "file", nullptr, nullptr, "file|scaled|fast",
     "When frames are due: as in the file, with its gaps times `scale`, or each as soon as the line is free. A time that runs backwards counts as that of the frame before, and is noted.", "scenario", store<&c::timing>},
    {"scale", quantity::ratio, "1", "0", "9", nullptr, "Factor on the file's gaps; for timing `scaled`.", "scenario", store<&c::scale>},
    {"start", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "When the first frame is due.", "scenario", store<&c::start>},
    {"repeat", quantity::count, "1", "1", "1000000000", nullptr,
     "How often the file is sent; each round starts when the one before has ended, one mean gap later.", "scenario", store<&c::repeat>},
    {"count", quantity::count, "0", "0", nullptr, nullptr, "Frames in all; 0: no limit.", "scenario", store<&c::count>},
    {"only_from", quantity::text, "", nullptr, nullptr, nullptr,
     "MAC or IPv4 address of the side whose frames are sent; empty: all frames of the file.", "scenario", store<&c::only_from>},
    {"source_mac", quantity::text, "", nullptr, nullptr, nullptr, "Replaces the source MAC address; empty: as in the file.", "scenario",
     store<&c::source_mac>},
    {"destination_mac", quantity::text, "", nullptr, nullptr, nullptr,
     "Replaces the destination MAC address of frames to one station; empty: as in the file.", "scenario", store<&c::destination_mac>},
    {"source_ip", quantity::text, "", nullptr, nullptr, nullptr,
     "Replaces the source IPv4 address, checksums corrected; empty: as in the file.", "RFC 1624", store<&c::source_ip>},
    {"destination_ip", quantity::text, "", nullptr, nullptr, nullptr,
     "Replaces the destination IPv4 address, checksums corrected; empty: as in the file.", "RFC 1624", store<&c::destination_ip>},
    {"fcs", quantity::choice, "as_file", nullptr, nullptr, "as_file|append|included",
     "Whether the file's records end with the FCS: as the file says (without a word: they do not), never, or always. An FCS that is there is sent as it is.",
     "draft-ietf-opsawg-pcapng 4.2, if_fcslen", store<&c::fcs>},
    {"as_is", quantity::flag, "false", nullptr, nullptr, nullptr,
     "Send every record as it is: no padding, no limit, no new addresses, cut records as far as they go.", "scenario", store<&c::as_is>},
    {"max_frame", quantity::size, "1518 B", "64 B", "16 KiB", nullptr, "Longer frames, destination address to FCS, are refused and counted.",
     "IEEE 802.3 3.2.7", store<&c::max_frame>},
};

}  // namespace

const metric_info replay_metrics[] = {
    {"frames", "frames", "Frames sent from the file.", metric_info::counter},
    {"octets", "B", "Their octets, destination address to FCS.", metric_info::counter},
    {"refused_long", "frames", "Frames of the file longer than max_frame, when their turn comes.", metric_info::counter},
    {"refused_cut", "frames", "Records that the file holds only in part (snap length), when their turn comes.", metric_info::counter},
    {"refused_empty", "frames", "Records without an octet, when their turn comes.", metric_info::counter},
    {"padded", "frames", "Frames of the file padded to 60 octets before the FCS, when their turn comes.", metric_info::counter},
};

const block_info replay_info = {"replay", "A capture file sent by a peer.", parameters, replay_metrics, {}, {}, {}, {}, {}};

}  // namespace nicteam::peer
