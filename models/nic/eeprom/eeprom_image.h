// What the EEPROM of a controller holds, word by word (SDM 3; DS 4.5).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/nic/eeprom.h"

namespace nicteam::nic {

struct nic_config;

using eeprom_image = std::vector<std::uint16_t>;      // 64 or 256 words

// What a board maker would have written: this individual address, our identity words, a checksum.
eeprom_image make_eeprom(const std::array<std::uint8_t, 6>& address, std::size_t words);
// A text file of 64 or 256 words, each of four hexadecimal digits, separated by blanks; # begins a comment. Throws std::invalid_argument "line N: …".
eeprom_image parse_eeprom(const std::string& text);

// Of the file that a configuration names, or made. Throws std::invalid_argument with the reason alone; eeprom_of() puts the file before it.
eeprom_image image_of(const nic_config&);

// The last word makes the sum of all words right: nicteam/nic/eeprom.h.
std::uint16_t checksum_word(const eeprom_image&);

std::array<std::uint8_t, 6> individual_address(const eeprom_image&);
// Subsystem vendor and ID as the controller loads them: those of the image if its signature is valid, else 0 (DS table 6).
std::uint32_t subsystem(const eeprom_image&);
// The chip's revision, its lower three bits from the image if signature and ID bit say so (DS table 6).
std::uint8_t revision(const eeprom_image&, std::uint8_t of_the_chip);
// Whether there is an expansion ROM's base address register: unless bit 11 of word 0Ah says not.
bool boots(const eeprom_image&);
}  // namespace nicteam::nic
