// Where QEMU's i82559c is known to differ from the manual, each with its reason. A difference that no rule covers fails the test,
// and so does a bit that is covered and is not what the rule states of it.
#pragma once

#include <array>
#include <cstdint>

namespace qemu_oracle {

struct difference {
    const char* name;
    const char* reason;
};

enum rule : std::uint8_t {
    actual_count_flags, suspend_without_rnr, suspend_in_ci_mode, no_receive_fifo, receive_status_bits, truncated_frame, pin_after_partial_acknowledge, discarded_in_buffer,
    si_reads_back, mdi_after_reset, mdi_without_ie, revision_of_82550, fixed_latency_timer, fixed_command_bits, interrupt_status, general_status_by_byte, link_partner, data_out_by_dword, no_power_data, no_receive_byte_count, rule_count,
};

constexpr std::array<difference, rule_count> differences{{
    {"actual_count_flags", "QEMU writes the actual count without F and EOF (bits 14 and 15); SDM 6.4.3.1 has both set"},
    {"suspend_without_rnr", "QEMU enters the suspended state of the receive unit without RNR; SDM 6.4.3.4 requests it whenever ready is left"},
    {"suspend_in_ci_mode", "QEMU requests CNA on suspend in CI mode too; SDM 6.3.1 has CI on active to idle only"},
    {"no_receive_fifo", "without a ready receive unit QEMU drops at once, counts a resource error and requests RNR for each frame, in every state; the chip fills "
                        "its receive FIFO of 3 KiB first (DS 4.3.1), requests RNR once, and does not count while idle"},
    {"receive_status_bits", "QEMU does not set bit 1 (individual address did not match) for a unicast frame taken promiscuously; SDM 6.4.3.1 does"},
    {"truncated_frame", "QEMU reports a frame longer than its buffer as good; SDM 6.4.3.1 clears OK, sets bit 9 and counts no good frame"},
    {"pin_after_partial_acknowledge", "QEMU keeps INTA# asserted until every pending bit is acknowledged, masked ones too; SDM 6.3.3: until every unmasked one is"},
    {"discarded_in_buffer", "a long frame that is discarded in the end has been on its way to memory since its threshold, and leaves octets in the buffer that stays "
                            "current (SDM 6.4.3.4: the descriptor is reclaimed); QEMU looks at the length first"},
    {"si_reads_back", "QEMU gives back SI (bit 1 of the interrupt control byte) as written; SDM 6.3.2.3: it reads 0"},
    {"mdi_after_reset", "before the first cycle QEMU's MDI register holds PHY 1; the model's 0 but for Ready (SDM 6.3.5)"},
    {"mdi_without_ie", "QEMU sets the MDI cause after every cycle, without INTA#, and forgets it with any acknowledgement; SDM 6.3.5: with IE only"},
    {"revision_of_82550", "QEMU calls its i82559c revision 0Ch, for a Windows driver; an 82559 C is 08h (SDM table 3)"},
    {"fixed_latency_timer", "QEMU's latency timer cannot be written; PCI 2.2, 6.2.4: a master that bursts has one"},
    {"fixed_command_bits", "QEMU has no memory write and invalidate and no parity response (command register bits 4 and 6); SDM 4.1.3 has both"},
    {"interrupt_status", "QEMU's status register tells INTA# in bit 3, as PCI 2.3 has it; an 82559 is of PCI 2.2, where that bit is reserved (6.2.3)"},
    {"general_status_by_byte", "QEMU knows the general status register (1Dh) in reads of one byte only"},
    {"link_partner", "QEMU has a link partner of its own (PHY register 5), with a selector field of 1Eh; the far end here does not negotiate (IEEE 802.3 28.2.3.1)"},
    {"data_out_by_dword", "QEMU gives the EEPROM's data out (0Eh, bit 3) in the lower half of a read of four octets at 0Ch"},
    {"no_power_data", "QEMU has no power figures: data scale (E1h, bits 6:5) and data (E2h, E3h) read 0; SDM 4.1.16 and 4.1.17"},
    {"no_receive_byte_count", "QEMU has no receive DMA byte count (14h, bits 10:3); SDM 6.3.6: the size of the next receive buffer, less what is in it"},
}};

// What QEMU lacks or does otherwise in a way that would hide everything after it; the sequences leave it out.
constexpr std::array<difference, 21> not_generated{{
    {"more_than_16_blocks", "QEMU stops silently after 16 command blocks of one start; lists have at most 12"},
    {"resume_when_idle", "QEMU accepts CU resume in the idle state; SDM 6.3.2.2 ignores it"},
    {"resume_with_s_set", "QEMU does not read the S bit again; the sequences clear it first, as drivers do"},
    {"short_frames", "QEMU pads frames below 60 octets on reception and has no FCS to be bad; bad and short frames are tested against the wire model"},
    {"frames_of_1515_to_1518", "QEMU compares with 1518 octets without the FCS, the chip with 1518 including it"},
    {"long_frames_saved_as_bad", "a long frame that is not allowed (configure byte 18 bit 3) is a bad frame, which byte 6 bit 7 may save; QEMU drops it always"},
    {"tbd_number_below_2", "in extended mode QEMU reads both embedded buffer descriptors unless the first has EL, whatever the TBD number; sequences set EL"},
    {"array_after_el", "in extended mode QEMU goes on to the array after an embedded descriptor with EL; the array is zeroed"},
    {"immediate_data_in_extended_mode", "QEMU reads the embedded descriptors from where the immediate data lie"},
    {"broadcast_disable", "QEMU does not know configure byte 15 bit 1"},
    {"multiple_ia", "QEMU takes other bits of the CRC for multiple individual addresses than for multicast; SDM 6.4.2.3 has the same for both"},
    {"dump_commands", "QEMU knows neither the Dump command nor PORT dump nor CU static resume, load HDS, RU resume of buffers; its self-test writes other values at once"},
    {"nc_bit", "QEMU refuses a transmit block with NC; SDM 6.4.2.5: the MAC inserts no CRC then"},
    {"unknown_registers", "QEMU stores what is written to registers that it does not know; sequences read them and do not write them"},
    {"dword_to_the_scb", "QEMU has no write of four octets at offset 0"},
    {"other_phys", "QEMU answers 0 for another PHY's address, and no Ready; nobody drives MDIO there: all ones (IEEE 802.3 22.2.4.4)"},
    {"reset_under_an_interrupt", "QEMU leaves INTA# as it is at a software reset; sequences acknowledge first"},
    {"words_of_the_board", "QEMU writes words 0 to 6 and the checksum of its EEPROM anew at each reset, from the address of the latest IA setup; and WRITE clears bits only: words are erased first"},
    {"phy_through_reset", "QEMU's resets of the controller reset its PHY, the model's do not: register 4 is written before it is read"},
    {"phy_control", "QEMU's link stays up whatever is written to PHY register 0; the model's goes and comes (IEEE 802.3 22.2.4.1)"},
    {"statistics_layout", "QEMU dumps 16 dwords whatever configure byte 6 says; sequences keep the 82557 layout"},
}};

}  // namespace qemu_oracle
