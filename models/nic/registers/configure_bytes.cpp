#include "nic/registers/configure_bytes.h"

#include <algorithm>
#include <iterator>

namespace nicteam::nic {
namespace {

// SDM 6.4.2.3; FreeBSD's if_fxpreg.h says of each bit which controllers have it (docs/decisions/0051).
constexpr controllers only_82557{0b0001}, from_82558{0b1110}, from_82559{0b1100}, only_82550{0b1000}, every{0b1111};
constexpr std::int16_t any = -1;

// name, byte, lowest bit, bits, controllers that have it, the one value that they honour, meaning
constexpr field_info fields[] = {
    {"byte_count",               0, 0, 6, every,      any, "bytes of the command"},
    {"rx_fifo_limit",            1, 0, 4, every,      any, "v: receive data ask for the bus at (16 - v) x 8 bytes, of an 82557 x 4"},
    {"tx_fifo_limit",            1, 4, 3, every,      any, "v: a transmit burst is asked for when the dual-port FIFO has run down to 4 x v bytes"},
    {"adaptive_ifs",             2, 0, 8, every,      any, "extra gap between transmitted frames, 8 PCI clocks a unit"},
    {"mwi_enable",               3, 0, 1, from_82558, any, "memory write and invalidate for whole cache lines of receive data"},
    {"type_enable",              3, 1, 1, from_82558, any, "status bit 5 tells type from length"},
    {"read_align",               3, 2, 1, from_82558, any, "a transmit burst that must stop early stops at a cache line"},
    {"terminate_on_line",        3, 3, 1, from_82558, any, "receive bursts end at a cache line"},
    {"rx_dma_limit",             4, 0, 7, every,      any, "receive DMA maximum, 4 data cycles a unit, valid with dma_limits_on"},
    {"tx_dma_limit",             5, 0, 7, every,      any, "transmit DMA maximum, 4 data cycles a unit, valid with dma_limits_on"},
    {"dma_limits_on",            5, 7, 1, every,      any, "a DMA burst that has had its maximum yields to the other channel"},
    {"late_scb",                 6, 0, 1, only_82557, any, "the SCB is updated when the first transfers of a command are over, not when it is accepted"},
    {"direct_dma_disable",       6, 1, 1, from_82558, any, "0: behind the header of a header descriptor the frame waits for the command RX DMA redirect"},
    {"tno_interrupt",            6, 2, 1, only_82557, any, "CX for a frame that was not transmitted, whatever its I bit"},
    {"tco_statistics",           6, 2, 1, from_82559, any, "statistics with TCO counters"},
    {"ci_interrupt",             6, 3, 1, every,      any, "1: interrupt when the command unit becomes idle; 0: whenever it leaves the active state"},
    {"standard_tcb",             6, 4, 1, from_82558, any, "0: extended transmit command blocks, 8 dwords fetched"},
    {"standard_statistics",      6, 5, 1, from_82558, any, "16 counters in a dump"},
    {"pass_overruns",            6, 6, 1, every,      any, "frames that overran are given to memory"},
    {"save_bad_frames",          6, 7, 1, every,      any, "frames with errors are given to memory"},
    {"discard_short",            7, 0, 1, every,      any, "frames below 64 octets never reach memory"},
    {"underrun_retry",           7, 1, 2, every,      any, "retries after an underrun: none; whole; 512, whole; 512, 1024, whole"},
    {"extended_rfd",             7, 5, 1, only_82550, any, "receive frame descriptors of 32 bytes, with tag, parser and checksum status"},
    {"two_frames",               7, 6, 1, from_82558, any, "two frames may be in the transmit FIFO"},
    {"dynamic_tbd",              7, 7, 1, from_82558, any, "TBD count FFh: the array may still grow and ends with its EL bit"},
    {"mac_enable",               8, 0, 1, every,      any, "MII: nothing is sent or received before it is set"},
    {"csma_disable",             8, 7, 1, from_82558, any, "half duplex without carrier sense and collision detection"},
    {"checksum_word",            9, 0, 1, from_82559, any, "a checksum word behind received data"},
    {"vlan_filter",              9, 4, 1, from_82558,   0, "VLAN tags in ARP and TCO filters"},
    {"link_wake",                9, 5, 1, from_82558, any, "a change of the link is a power event"},
    {"packet_wake",              9, 6, 2, from_82558,   0, "wake on ARP or multicast"},
    {"source_from_memory",      10, 3, 1, every,      any, "0: the source address is inserted"},
    {"preamble_length",         10, 4, 2, every,      any, "preamble octets before the delimiter: 1, 3, 7, 15"},
    {"loopback",                10, 6, 1, every,      any, "what is sent is received, inside the MAC unless external_loopback is set"},
    {"external_loopback",       10, 7, 1, every,      any, "with loopback: the loop is somewhere on the wire, the MAC sends and receives as ever"},
    {"linear_priority",         11, 0, 3, only_82557, any, "half duplex: slots that a station leaves to others behind its own frames and back-off, besides the gap"},
    {"linear_priority_mode",    12, 0, 1, every,      any, "82557: those of linear priority pass behind received frames too; the others store it"},
    {"gap",                     12, 4, 4, every,      any, "inter-frame gap, 16 bit times a unit"},
    {"promiscuous",             15, 0, 1, every,      any, "every frame is received"},
    {"broadcast_disable",       15, 1, 1, every,      any, "broadcast frames are not received"},
    {"wait_after_win",          15, 2, 1, from_82558, any, "half duplex: one slot more after a won collision"},
    {"ignore_universal_local",  15, 4, 1, from_82558, any, "the U/L bit of addresses is not compared"},
    {"crc16",                   15, 5, 1, from_82559, any, "a CRC of 16 bits instead of 32"},
    {"crs_or_cdt",              15, 7, 1, every,      any, "collision detect counts as carrier; the PHY drives both"},
    {"flow_delay_low",          16, 0, 8, every,      any, "pause that is asked for, slot times, low byte"},
    {"flow_delay_high",         17, 0, 8, every,      any, "its high byte"},
    {"stripping",               18, 0, 1, every,      any, "the padding of received frames is taken off"},
    {"padding",                 18, 1, 1, every,      any, "frames are padded to 64 octets with FCS"},
    {"crc_to_memory",           18, 2, 1, every,      any, "the FCS is given to memory"},
    {"long_receive",            18, 3, 1, from_82558, any, "frames above 1518 octets are received"},
    {"priority_flow_control",   18, 4, 3, from_82558, any, "threshold of priority flow control: a PAUSE above it stops the low priority queue alone; 7: none is"},
    {"address_wake",            19, 0, 1, from_82558,   0, "wake on the individual address"},
    {"magic_disable",           19, 1, 1, every,      any, "a magic packet is no power event"},
    {"flow_ignore",             19, 2, 1, from_82558, any, "transmit flow control disable: received PAUSE frames do not stop the transmitter"},
    {"flow_restop",             19, 3, 1, from_82558, any, "PAUSE is sent when the receive FIFO fills, and again as long as it stays full"},
    {"flow_restart",            19, 4, 1, from_82558, any, "PAUSE is sent when the receive FIFO fills, and a PAUSE of 0 when it has room again"},
    {"flow_reject",             19, 5, 1, from_82558, any, "MAC control frames do not go to memory"},
    {"force_full_duplex",       19, 6, 1, every,      any, "full duplex whatever the PHY says"},
    {"full_duplex_pin",         19, 7, 1, every,      any, "full duplex if the PHY says so"},
    {"priority_location",       20, 5, 1, every,      any, "where a PAUSE frame has its priority: 1: octet 31, 0: octet 19; an 82557 stores it"},
    {"multiple_addresses",      20, 6, 1, every,      any, "several individual addresses by the hash table"},
    {"multicast_all",           21, 3, 1, every,      any, "every multicast frame is received"},
    {"receive_parser",          22, 0, 1, only_82550, any, "received packets are parsed and their checksums verified"},
    {"vlan_stripping",          22, 1, 1, only_82550, any, "VLAN tags are taken off"},
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

// Does this controller read the bits of a field that it has not as another one (byte 6 bit 2)?
bool read_otherwise(const field_info& f, std::uint8_t generation) {
    return std::any_of(std::begin(fields), std::end(fields), [&](const field_info& g) {
        return g.on.has(generation) && g.byte == f.byte && g.low < f.low + f.bits && f.low < g.low + g.bits;
    });
}

}  // namespace

const field_info& info_of(field f) { return fields[static_cast<unsigned>(f)]; }

void configuration::reset() {
    bytes_ = defaults;
}

unsigned configuration::get(field which) const {
    const field_info& f = info_of(which);
    return value(f.on.has(generation_) ? bytes_ : defaults, f);
}

unsigned configuration::load(const std::uint8_t* from, unsigned n) {
    std::copy(from, from + std::min(n, bytes), bytes_.begin());
    unsigned refused = 0;
    for (const field_info& f : fields) {
        const bool there = f.on.has(generation_);
        if (f.byte >= n || (there ? f.only == any : read_otherwise(f, generation_))) continue;
        const unsigned only = there ? static_cast<unsigned>(f.only) : value(defaults, f);
        if (value(bytes_, f) == only) continue;
        ++refused;
        const unsigned mask = (1u << f.bits) - 1u;
        bytes_[f.byte] = static_cast<std::uint8_t>((bytes_[f.byte] & ~(mask << f.low)) | only << f.low);
    }
    return refused;
}

}  // namespace nicteam::nic
