#include "nic/registers/configure_bytes.h"

#include <algorithm>

namespace nicteam::nic {
namespace {

// name, byte, lowest bit, bits, the only value that is there (-1: all), meaning, generation
// What an 82557 or an 82558 has not: SDM 6.4.2.3; FreeBSD if_fxpreg.h says of each bit which controllers have it
constexpr field_info fields[] = {
    {"byte_count", 0, 0, 6, -1, "bytes of the command"},
    {"rx_fifo_limit", 1, 0, 4, -1, "v: receive data ask for the bus at (16 - v) x 8 bytes"},
    {"tx_fifo_limit", 1, 4, 3, -1, "v: a transmit burst is asked for when the dual-port FIFO has run down to 4 x v bytes"},
    {"adaptive_ifs", 2, 0, 8, -1, "extra gap between transmitted frames, 8 PCI clocks a unit"},
    {"mwi_enable", 3, 0, 1, -1, "memory write and invalidate for whole cache lines of receive data", 1},
    {"type_enable", 3, 1, 1, -1, "status bit 5 tells type from length", 1},
    {"read_align", 3, 2, 1, -1, "a transmit burst that must stop early stops at a cache line", 1},
    {"terminate_on_line", 3, 3, 1, -1, "receive bursts end at a cache line", 1},
    {"rx_dma_limit", 4, 0, 7, -1, "receive DMA maximum, 4 data cycles a unit, valid with dma_limits_on"},
    {"tx_dma_limit", 5, 0, 7, -1, "transmit DMA maximum, 4 data cycles a unit, valid with dma_limits_on"},
    {"dma_limits_on", 5, 7, 1, -1, "a DMA burst that has had its maximum yields to the other channel"},
    {"late_scb", 6, 0, 1, 0, "82557: the SCB is updated late"},
    {"direct_dma_disable", 6, 1, 1, -1, "0: behind the header of a header descriptor the frame waits for the command RX DMA redirect", 1},
    {"tco_statistics", 6, 2, 1, -1, "statistics with TCO counters; 82557: an interrupt for a frame that was not transmitted, which is not there", 2},
    {"ci_interrupt", 6, 3, 1, -1, "1: interrupt when the command unit becomes idle; 0: whenever it leaves the active state"},
    {"standard_tcb", 6, 4, 1, -1, "0: extended transmit command blocks, 8 dwords fetched", 1},
    {"standard_statistics", 6, 5, 1, -1, "16 counters in a dump", 1},
    {"pass_overruns", 6, 6, 1, -1, "frames that overran are given to memory"},
    {"save_bad_frames", 6, 7, 1, -1, "frames with errors are given to memory"},
    {"discard_short", 7, 0, 1, -1, "frames below 64 octets never reach memory"},
    {"underrun_retry", 7, 1, 2, -1, "retries after an underrun: none; whole; 512, whole; 512, 1024, whole"},
    {"extended_rfd", 7, 5, 1, -1, "82550: receive frame descriptors of 32 bytes, with tag, parser and checksum status", 3},
    {"two_frames", 7, 6, 1, -1, "two frames may be in the transmit FIFO", 1},
    {"dynamic_tbd", 7, 7, 1, -1, "TBD count FFh: the array may still grow and ends with its EL bit", 1},
    {"mac_enable", 8, 0, 1, -1, "MII: nothing is sent or received before it is set"},
    {"csma_disable", 8, 7, 1, -1, "half duplex without carrier sense and collision detection", 1},
    {"checksum_word", 9, 0, 1, -1, "a checksum word behind received data", 2},
    {"vlan_filter", 9, 4, 1, 0, "VLAN tags in ARP and TCO filters"},
    {"link_wake", 9, 5, 1, -1, "a change of the link is a power event", 1},
    {"packet_wake", 9, 6, 2, 0, "wake on ARP or multicast"},
    {"source_from_memory", 10, 3, 1, -1, "0: the source address is inserted"},
    {"preamble_length", 10, 4, 2, 2, "preamble octets before the delimiter: 7"},
    {"loopback", 10, 6, 1, -1, "what is sent is received, inside the MAC unless external_loopback is set"},
    {"external_loopback", 10, 7, 1, -1, "with loopback: the loop is somewhere on the wire, the MAC sends and receives as ever"},
    {"linear_priority", 11, 0, 3, 0, "82557: slots that a station waits besides, in half duplex"},
    {"gap", 12, 4, 4, -1, "inter-frame gap, 16 bit times a unit"},
    {"promiscuous", 15, 0, 1, -1, "every frame is received"},
    {"broadcast_disable", 15, 1, 1, -1, "broadcast frames are not received"},
    {"wait_after_win", 15, 2, 1, -1, "half duplex: one slot more after a won collision", 1},
    {"crs_or_cdt", 15, 7, 1, -1, "collision detect counts as carrier; the PHY drives both"},
    {"ignore_universal_local", 15, 4, 1, -1, "the U/L bit of addresses is not compared", 1},
    {"crc16", 15, 5, 1, -1, "a CRC of 16 bits instead of 32", 2},
    {"stripping", 18, 0, 1, -1, "the padding of received frames is taken off"},
    {"padding", 18, 1, 1, -1, "frames are padded to 64 octets with FCS"},
    {"crc_to_memory", 18, 2, 1, -1, "the FCS is given to memory"},
    {"long_receive", 18, 3, 1, -1, "frames above 1518 octets are received", 1},
    {"priority_flow_control", 18, 4, 3, 7, "threshold of priority flow control, 7: off"},
    {"address_wake", 19, 0, 1, 0, "wake on the individual address"},
    {"flow_delay_low", 16, 0, 8, -1, "pause that is asked for, slot times, low byte"},
    {"flow_delay_high", 17, 0, 8, -1, "its high byte"},
    {"magic_disable", 19, 1, 1, -1, "a magic packet is no power event"},
    {"flow_ignore", 19, 2, 1, -1, "transmit flow control disable: received PAUSE frames do not stop the transmitter", 1},
    {"flow_restop", 19, 3, 1, -1, "PAUSE is sent when the receive FIFO fills, and again as long as it stays full", 1},
    {"flow_restart", 19, 4, 1, -1, "PAUSE is sent when the receive FIFO fills, and a PAUSE of 0 when it has room again", 1},
    {"flow_reject", 19, 5, 1, -1, "MAC control frames do not go to memory", 1},
    {"force_full_duplex", 19, 6, 1, -1, "full duplex whatever the PHY says"},
    {"full_duplex_pin", 19, 7, 1, -1, "full duplex if the PHY says so"},
    {"multiple_addresses", 20, 6, 1, -1, "several individual addresses by the hash table"},
    {"multicast_all", 21, 3, 1, -1, "every multicast frame is received"},
    {"receive_parser", 22, 0, 1, -1, "82550: received packets are parsed and their checksums verified", 3},
    {"vlan_stripping", 22, 1, 1, -1, "82550: VLAN tags are taken off", 3},
};
static_assert(sizeof fields / sizeof fields[0] == static_cast<unsigned>(field::count_), "one line for each field");

// After reset (SDM 6.4.2.3, default column; byte 8 bit 0 is clear: the MAC is off until configured).
using map = std::array<std::uint8_t, configuration::bytes>;
constexpr map defaults = {0x16, 0x08, 0x00, 0x00, 0x00, 0x00, 0x32, 0x03, 0x00, 0x00, 0x2E,
                                                         0x00, 0x61, 0x00, 0xF2, 0x48, 0x00, 0x40, 0xF2, 0x80, 0x3F, 0x05};   // 82550 bytes: 0

constexpr bool within_the_map() {
    for (const field_info& f : fields)
        if (f.byte >= configuration::bytes || f.low + f.bits > 8) return false;
    return true;
}
static_assert(within_the_map(), "each field lies within a byte of the map");

unsigned value(const map& of, const field_info& f) { return of[f.byte] >> f.low & ((1u << f.bits) - 1u); }

}  // namespace

const field_info& info_of(field f) { return fields[static_cast<unsigned>(f)]; }

void configuration::reset() {
    bytes_ = defaults;
}

unsigned configuration::get(field f) const {
    return value(bytes_, info_of(f));
}

unsigned configuration::load(const std::uint8_t* from, unsigned n, unsigned generation) {
    std::copy(from, from + std::min(n, bytes), bytes_.begin());
    unsigned refused = 0;
    for (unsigned i = 0; i < static_cast<unsigned>(field::count_); ++i) {
        const field_info& f = fields[i];
        const int only = f.since > generation ? static_cast<int>(value(defaults, f)) : f.only;
        if (f.byte >= n || only < 0 || get(static_cast<field>(i)) == static_cast<unsigned>(only)) continue;
        ++refused;
        const unsigned mask = (1u << f.bits) - 1u;
        bytes_[f.byte] = static_cast<std::uint8_t>((bytes_[f.byte] & ~(mask << f.low)) | static_cast<unsigned>(only) << f.low);
    }
    return refused;
}

}  // namespace nicteam::nic
