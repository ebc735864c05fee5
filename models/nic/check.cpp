// What an identity cannot do.
#include <cstdio>
#include <stdexcept>

#include "nic/eeprom/eeprom_image.h"
#include "nic/registers/identities.h"
#include "nicteam/base/units.h"
#include "nicteam/nic/nic.h"

namespace nicteam::nic {
namespace {

constexpr std::uint32_t real_fifo = 3072;                          // DS 1.1
constexpr std::int64_t real_rates[] = {10'000'000, 100'000'000};   // DS 1.1
constexpr std::uint32_t least_memory = 4'096;
const char* const hint = "; identity = \"extended\" is free to";

}  // namespace

std::array<std::uint8_t, 6> parse_mac(const std::string& s) {
    std::array<std::uint8_t, 6> m{};
    unsigned v[6];
    char rest = 0;
    if (s.size() != 17 || std::sscanf(s.c_str(), "%2x:%2x:%2x:%2x:%2x:%2x%c", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &rest) != 6)
        throw std::invalid_argument("mac \"" + s + "\" is no address of six octets such as 02:00:00:00:00:01");
    for (unsigned i = 0; i < 6; ++i) m[i] = static_cast<std::uint8_t>(v[i]);
    return m;
}

bool runs_at_66_mhz(const nic_config& c) { return c.identity == nic_identity::extended; }

std::vector<problem> check(const nic_config& c, std::int64_t plugged_rate) {
    std::vector<problem> found;
    try {
        if (parse_mac(c.mac)[0] & 1u) found.push_back({"mac", "mac \"" + c.mac + "\" is a group address"});
    } catch (const std::invalid_argument& e) {
        found.push_back({"mac", e.what()});
    }
    if (c.eeprom_words != 64 && c.eeprom_words != 256) found.push_back({"eeprom_words", "an EEPROM has 64 or 256 words, not " + std::to_string(c.eeprom_words)});
    else if (found.empty()) {
        try {
            if (individual_address(image_of(c))[0] & 1u) found.push_back({"eeprom", "its individual address is a group address"});
        } catch (const std::invalid_argument& e) {
            found.push_back({"eeprom", e.what()});
        }
    }
    if (c.self_test < 1) found.push_back({"self_test", "must be above 0"});
    if (!c.pci_id.empty() && !parse_pci_id(c.pci_id)) found.push_back({"pci_id", "\"" + c.pci_id + "\" is no identification such as 10ec:8139 or 10ec:8139:10"});
    if (c.eeprom_programming < 1) found.push_back({"eeprom_programming", "must be above 0"});
    if (c.cid_unit < 1 || c.mdi_frame < 1) found.push_back({c.cid_unit < 1 ? "cid_unit" : "mdi_frame", "must be above 0"});
    if (c.bundle_frames < 1 || c.bundle_time < 1) found.push_back({c.bundle_frames < 1 ? "bundle_frames" : "bundle_time", "must be above 0"});
    if (c.tbd_poll < 1) found.push_back({"tbd_poll", "must be above 0"});
    if (c.cu_accept < 1 || c.ru_accept < 1 || c.port_accept < 1) found.push_back({"cu_accept", "acceptance takes at least 1 clock"});
    for (const offload::crypto_problem& p : offload::check(c.crypto)) found.push_back({"crypto." + p.parameter, p.message});
    if (c.chimney.enable && c.crypto.enable)
        found.push_back({"chimney.enable", "a nic has an Offload Target or a crypto block: the target's frames do not go through the block"});
    if (c.crypto.enable && c.rx_stage_clocks) found.push_back({"rx_stage_clocks", "the crypto block is in the place of the identity stage"});
    if (c.memory && (c.memory < least_memory || c.memory & (c.memory - 1)))
        found.push_back({"memory", "a memory of " + std::to_string(c.memory) + " B; it is a power of two, 4 KiB at least, or there is none"});
    const problem too_fast{"link_rate", "the PHY's highest rate is below that of its link, " + format_quantity(quantity::rate, plugged_rate)};
    if (!info_of(c.identity).bounded) {
        if (plugged_rate > c.link_rate) found.push_back(too_fast);
        return found;
    }
    const auto can_do = [](std::int64_t r) { return r == real_rates[0] || r == real_rates[1]; };
    const std::string an = std::string("an ") + info_of(c.identity).name, rate = an + " runs at 10 or 100 Mbps, not at ";
    if (!can_do(c.link_rate)) found.push_back({"link_rate", rate + format_quantity(quantity::rate, c.link_rate) + hint});
    if (plugged_rate && !can_do(plugged_rate))
        found.push_back({"identity", rate + format_quantity(quantity::rate, plugged_rate) + " as its link does" + hint});
    else if (plugged_rate > c.link_rate)
        found.push_back(too_fast);
    if (c.tx_fifo != real_fifo)
        found.push_back({"tx_fifo", an + " has a transmit FIFO of 3 KiB, not " + format_quantity(quantity::size, c.tx_fifo) + hint});
    if (c.rx_fifo != real_fifo)
        found.push_back({"rx_fifo", an + " has a receive FIFO of 3 KiB, not " + format_quantity(quantity::size, c.rx_fifo) + hint});
    if (c.bundle_frames > 1 && c.identity == nic_identity::i82557)
        found.push_back({"bundle_frames", "for an 82557 there is no microcode that bundles frames; later controllers have it"});
    if (!c.pci_id.empty()) found.push_back({"pci_id", an + " is 8086:1229" + hint});
    if (c.crypto.enable) found.push_back({"crypto.enable", an + " has no crypto block; identity = \"extended\" may have one"});
    if (c.chimney.enable) found.push_back({"chimney.enable", an + " runs no connections; identity = \"extended\" may"});
    if (c.memory) found.push_back({"memory", an + " has no memory of its own" + hint});
    if (c.bus_width != 0) found.push_back({"bus_width", an + " is a 32-bit device" + hint});
    if (c.rx_burst != rx_burst_mode::configure)
        found.push_back({"rx_burst", an + " asks for the bus at the threshold of Configure byte 1, not per frame" + hint});
    return found;
}

}  // namespace nicteam::nic
