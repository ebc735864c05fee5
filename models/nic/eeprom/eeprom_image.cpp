#include "nic/eeprom/eeprom_image.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <sstream>
#include <stdexcept>

#include "nicteam/nic/nic.h"

namespace nicteam::nic {
namespace {

constexpr std::uint16_t sum_of_all = 0xBABA;

struct word {
    std::size_t number;
    std::uint16_t value;
    const char* meaning;
};
// Words that are neither address nor checksum; all others are 0.
constexpr word usual[] = {
    {0x03, 0x0003, "compatibility: no work-around for the 82557's receive lock-up is needed"},
    {0x05, 0x0201, "controller 82558 or later, connector RJ-45"},
    {0x06, 0x4701, "primary PHY: 82555 class, at address 1"},
    {0x0A, 0x4800, "signature 01, no boot ROM, identity by the words of the subsystem, no wake-up, no standby"},
    {0x0B, 0x0040, "subsystem ID"},
    {0x0C, 0x8086, "subsystem vendor"},
};
constexpr unsigned boot_disable = 0x0800, id_valid = 0x2000;         // of the identity word
constexpr unsigned revision_shift = 8, revision_bits = 7;
constexpr std::size_t id_word = 0x0A, subsystem_id = 0x0B, subsystem_vendor = 0x0C;
constexpr std::uint16_t signature_mask = 0xC000, signature = 0x4000;

std::uint16_t sum(eeprom_image::const_iterator from, eeprom_image::const_iterator to) {
    return static_cast<std::uint16_t>(std::accumulate(from, to, 0u));
}

// A word as a message shows it: whatever file was taken for an EEPROM's, a terminal bears it.
std::string shown(const std::string& word) {
    constexpr std::size_t most = 12;
    std::string out;
    for (std::size_t n = 0; n < std::min(word.size(), most); ++n) {
        const auto c = static_cast<unsigned char>(word[n]);
        char escaped[5];
        std::snprintf(escaped, sizeof escaped, "\\x%02X", c);
        if (c > ' ' && c < 0x7F && c != '\\') out += word[n];
        else out += escaped;
    }
    return word.size() > most ? out + "…" : out;
}

}  // namespace

std::uint16_t checksum_word(const eeprom_image& i) { return static_cast<std::uint16_t>(sum_of_all - sum(i.begin(), i.end() - 1)); }
bool checksum_right(const eeprom_image& i) { return sum(i.begin(), i.end()) == sum_of_all; }

eeprom_image make_eeprom(const std::array<std::uint8_t, 6>& address, std::size_t words) {
    eeprom_image i(words);
    for (std::size_t n = 0; n < 3; ++n) i[n] = static_cast<std::uint16_t>(address[2 * n] | address[2 * n + 1] << 8);
    for (const word& w : usual) i[w.number] = w.value;
    i.back() = checksum_word(i);
    return i;
}

eeprom_image parse_eeprom(const std::string& text) {
    eeprom_image i;
    std::istringstream lines(text);
    std::string line;
    for (unsigned number = 1; std::getline(lines, line); ++number) {
        std::istringstream blanks(line.substr(0, line.find('#')));
        for (std::string w; blanks >> w;) {
            if (w.size() != 4 || w.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
                throw std::invalid_argument("line " + std::to_string(number) + ": \"" + shown(w) + "\" is no word of four hexadecimal digits");
            i.push_back(static_cast<std::uint16_t>(std::stoul(w, nullptr, 16)));
        }
    }
    if (i.size() != 64 && i.size() != 256)
        throw std::invalid_argument("an EEPROM has 64 or 256 words of 16 bits, the file has " + std::to_string(i.size()));
    return i;
}

std::array<std::uint8_t, 6> individual_address(const eeprom_image& i) {
    std::array<std::uint8_t, 6> a{};
    for (std::size_t n = 0; n < a.size(); ++n) a[n] = static_cast<std::uint8_t>(i[n / 2] >> 8 * (n % 2));
    return a;
}

std::uint32_t subsystem(const eeprom_image& i) {
    if ((i[id_word] & signature_mask) != signature) return 0;
    return static_cast<std::uint32_t>(i[subsystem_id]) << 16 | i[subsystem_vendor];
}

std::uint8_t revision(const eeprom_image& i, std::uint8_t of_the_chip) {
    if ((i[id_word] & signature_mask) != signature || !(i[id_word] & id_valid)) return of_the_chip;
    return static_cast<std::uint8_t>((of_the_chip & ~revision_bits) | (i[id_word] >> revision_shift & revision_bits));
}

eeprom_image image_of(const nic_config& c) {
    if (c.eeprom.empty()) return make_eeprom(parse_mac(c.mac), c.eeprom_words);
    if (std::filesystem::is_directory(c.eeprom)) throw std::invalid_argument(std::strerror(EISDIR));      // which opens, and throws when it is read
    std::ifstream file(c.eeprom);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) throw std::invalid_argument(std::strerror(errno));
    return parse_eeprom(text);
}

eeprom_image eeprom_of(const nic_config& c) {
    try {
        return image_of(c);
    } catch (const std::invalid_argument& e) {
        throw std::invalid_argument((c.eeprom.empty() ? "" : c.eeprom + ": ") + e.what());
    }
}

bool boots(const eeprom_image& i) { return !(i[id_word] & boot_disable); }

}  // namespace nicteam::nic
