// What random sequences exercise. Each is counted; a count below its least is a failure of the generator.
#pragma once

#include <array>
#include <cstdint>

namespace qemu_oracle {

enum feature : std::uint8_t {
    nop_block, individual_address_block, configure_block, multicast_block, simplified_transmit, flexible_transmit, extended_transmit, immediate_data, microcode_block, diagnose_block,
    block_with_interrupt, block_with_suspend, list_end, list_once_more, cu_start_while_suspended, cu_resume_act, cu_base_anew,
    ru_start_act, ru_resume_act, ru_abort_act, ru_base_anew, frame_taken, frame_refused, frame_truncated, ring_end, frame_without_descriptor, on_after_exhaustion,
    dump_act, dump_and_reset_act, software_reset, selective_reset, reset_at_work, acknowledge_act, mask_act, software_interrupt,
    eeprom_read, eeprom_write, eeprom_erase, eeprom_all_words, eeprom_disabled_write, mdi_read, mdi_write, mdi_interrupt,
    byte_access, word_access, dword_access, register_read_by_memory, register_read_by_io, register_in_pieces, configuration_read, configuration_write, base_address_size,
    feature_count,
};

struct feature_info {
    const char* name;
    unsigned least;                     // in 1,000 sequences
};

constexpr std::array<feature_info, feature_count> features{{
    {"NOP blocks", 300}, {"IA setup blocks", 300}, {"configure blocks", 300}, {"multicast setup blocks", 300}, {"simplified transmit blocks", 1500},
    {"flexible transmit blocks", 1500}, {"extended transmit blocks", 500}, {"immediate data before descriptors", 200}, {"load microcode blocks", 100}, {"diagnose blocks", 100},
    {"blocks with I", 1000}, {"blocks with S", 500}, {"lists ended by EL", 500}, {"lists run again over used blocks", 200}, {"CU start while suspended", 50}, {"CU resume", 300},
    {"CU base loaded anew", 50},
    {"RU start", 500}, {"RU resume", 60}, {"RU abort", 50}, {"RU base loaded anew", 50}, {"frames taken", 700}, {"frames not for us", 250}, {"frames longer than their buffer", 50},
    {"rings exhausted", 120}, {"frames without a descriptor", 200}, {"sequences that go on after exhaustion", 50},
    {"counter dumps", 200}, {"counter dumps with reset", 500}, {"software resets", 100}, {"selective resets", 100}, {"resets of a chip at work", 150}, {"acknowledgements", 1000}, {"interrupt masks", 500},
    {"software interrupts", 50},
    {"EEPROM READ", 200}, {"EEPROM WRITE", 80}, {"EEPROM ERASE", 100}, {"EEPROM ERAL and WRAL", 20}, {"EEPROM WRITE while disabled", 30}, {"MDI reads", 300}, {"MDI writes", 50},
    {"MDI cycles with IE", 50},
    {"accesses of a byte", 1000}, {"accesses of two bytes", 1000}, {"accesses of four bytes", 1000}, {"registers read by memory accesses", 500}, {"registers read by I/O accesses", 500},
    {"registers written in pieces", 200}, {"configuration space reads", 500}, {"configuration space writes", 200}, {"base address registers sized", 50},
}};

}  // namespace qemu_oracle
