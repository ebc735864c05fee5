// The 82559 as software sees it: registers, command blocks, receive frame descriptors (SDM = 8255x software developer manual 1.3).
#pragma once

#include <cstdint>

namespace nicteam::driver::i82559 {

// Registers, offsets from base address register 0 (SDM 6.3).
enum reg : unsigned { scb_status = 0x00, scb_ack = 0x01, scb_command = 0x02, scb_mask = 0x03, scb_pointer = 0x04, port = 0x08, flow_threshold = 0x19, eeprom = 0x0E, management = 0x10, general = 0x1C };

// … all four bytes of the first as a dword; the receive unit's state in bits 5:2 (SDM 6.3.1).
constexpr unsigned event_shift = 8, command_shift = 16, mask_shift = 24;
constexpr std::uint32_t receive_state = 0x3C, receive_ready = 0x10;

// A dword of which the host bridge reads nothing: the access was aborted (PCI 2.2, 3.3.3.1).
constexpr std::uint32_t no_answer = 0xFFFF'FFFF;

// STAT/ACK bits (SDM 6.3.1).
enum event : unsigned { cx = 0x80, fr = 0x40, cna = 0x20, rnr = 0x10, mdi = 0x08, swi = 0x04, early = 0x02, pause = 0x01 };

// The dword at 1Ch: general status in byte 1 (SDM 6.3.8), the link's rate in bytes 2 and 3 where the identity is `extended`:
// 11:0 times 10^15:12 bit/s. An 82559 has nothing there and reads 0: its rate is what byte 1 says.
enum general_bits : std::uint32_t { link_up = 0x0100, link_fast = 0x0200, link_full_duplex = 0x0400 };
constexpr unsigned rate_shift = 16, rate_mantissa = 0xFFF, rate_exponent_shift = 12;
constexpr std::int64_t fast_rate = 100'000'000, slow_rate = 10'000'000;

// Byte 3: M, and masks in the places of the events (SDM 6.3.2.1).
enum mask : unsigned { mask_all = 0x01, mask_cna = 0x20, mask_early = 0x08, mask_pause = 0x04 };

// Commands in byte 2 (SDM 6.3.2.2, 6.3.2.3).
enum command : unsigned {
    cu_start = 0x10, cu_resume = 0x20, cu_load_dump_address = 0x40, cu_load_base = 0x60, cu_dump_and_reset = 0x70,
    ru_start = 0x01, ru_abort = 0x04, ru_load_base = 0x06,
};
enum port_function : std::uint32_t { port_software_reset = 0, port_self_test = 1, port_selective_reset = 2 };

// EEPROM control (SDM 6.3.4); all words of the EEPROM add up to BABAh.
enum eeprom_pin : unsigned { eeprom_clock = 1, eeprom_select = 2, eeprom_in = 4, eeprom_out = 8 };
constexpr unsigned eeprom_sum = 0xBABA;

// MDI control (SDM 6.3.5), and of the PHY what a start looks at (IEEE 802.3 22.2.4). Nobody there: all ones.
constexpr std::uint32_t management_read = 2u << 26, management_write = 1u << 26, management_ready = 1u << 28, first_phy = 1u << 21;
constexpr unsigned phy_register_shift = 16, phy_control = 0, phy_identifier = 2, no_phy = 0xFFFF;
constexpr unsigned phy_status = 1, phy_82555_status = 16, phy_link = 0x0004, phy_fast = 0x0002, phy_full_duplex = 0x0001;
constexpr int first_of_82558 = 4;                           // revision of its A step: extended blocks, write and invalidate, two frames (SDM table 3)
constexpr int first_with_packet_assist = 12;                // revision of the 82550
constexpr int first_with_general_status = 6;                // revision of the 82559 A (SDM table 3)
enum phy_control_bit : unsigned { phy_negotiates = 0x1000, phy_off = 0x0800, phy_restart = 0x0200 };

// Command block: status word, command word, link, body (SDM 6.4.2).
enum block_status : unsigned { complete = 0x8000, okay = 0x2000, underrun = 0x1000 };
enum block_command : unsigned {
    end_of_list = 0x8000, suspend = 0x4000, ask_interrupt = 0x2000, flexible = 0x0008,
    nop = 0, individual_address = 1, configure = 2, multicast = 3, transmit = 4, assisted_transmit = 9, through_block = 10, lend_numbers = 11,
};
constexpr unsigned block_link = 4, block_body = 8;
constexpr unsigned transmit_array = 8, transmit_count = 12, transmit_buffers = 16;   // embedded descriptors: extended blocks only
constexpr unsigned end_of_frame = 0x8000, last_buffer = 0x0001'0000;
constexpr unsigned embedded_buffers = 2, buffer_descriptor = 8;
constexpr std::uint32_t no_array = 0xFFFF'FFFF;

// Through the crypto block: flags at 12, the buffers behind the block (docs/crypto-face.md).
enum protection_flag : unsigned { protects = 1, inserts_checksums = 2 };
constexpr unsigned protected_bytes = 32;
constexpr unsigned reason_mask = 0x1F;           // of its status without OK

// IPCB, in the place of the first embedded descriptor, and extended receive frame descriptors (docs/nic-82550.md).
enum assist : std::uint32_t { insert_ip_checksum = 0x0010'0000, insert_transport_checksum = 0x0020'0000, hardware_parse = 0x0100'0000 };
constexpr unsigned assist_bytes = 8;
constexpr unsigned rfd_checksums = 22, rfd_extended_data = 32, parsed = 0x0008;
enum checksum_status : unsigned { checksums_checked = 0x11, checksums_right = 0x22 };

// Receive frame descriptor, simplified: the frame follows (SDM 6.4.3).
constexpr unsigned rfd_command = 2, rfd_link = 4, rfd_reserved = 8, rfd_count = 12, rfd_size = 14, rfd_data = 16;
enum receive_status : unsigned { crc_error = 0x0800, alignment_error = 0x0400, no_resources = 0x0200, overrun = 0x0100, too_short = 0x0080 };
constexpr unsigned count_mask = 0x3FFF, count_filled = 0x4000, count_end_of_frame = 0x8000;

// Receive buffer descriptor of the flexible mode: the list begins where the first frame descriptor says (docs/decisions/0016).
constexpr unsigned rbd_link = 4, rbd_buffer = 8, rbd_size = 12, rbd_bytes = 16;
constexpr unsigned rbd_end_of_list = 0x8000;

constexpr unsigned crypto_window = 3;            // base address register of the one face

// The record of a crypto block (docs/crypto-block.md), read from its end.
constexpr unsigned record_tail = 4, record_entry = 16, record_entries = 8, most_record = record_tail + record_entry * record_entries;
enum record_flag : unsigned { record_checked = 0x04, record_good = 0x08 };

// Counters in the order of the dump, and the word behind them (SDM 6.3.2.2, table of statistical counters).
constexpr const char* counters[] = {
    "tx_good_frames",      "tx_maximum_collisions", "tx_late_collisions",   "tx_underruns",
    "tx_lost_carrier",     "tx_deferred",           "tx_single_collisions", "tx_multiple_collisions",
    "tx_total_collisions", "rx_good_frames",        "rx_crc_errors",        "rx_alignment_errors",
    "rx_resource_errors",  "rx_overruns",           "rx_collision_detect",  "rx_short_frames",
};
constexpr unsigned counter_bytes = 64;
constexpr std::uint32_t dumped_and_reset = 0xA007;

}  // namespace nicteam::driver::i82559
