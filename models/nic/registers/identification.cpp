// What a controller says it is: vendor, device and revision.
#include "nic/registers/identification.h"

#include <cstdio>
#include <string_view>

#include "nic/eeprom/eeprom_image.h"
#include "nic/registers/identities.h"

namespace nicteam::nic {
namespace {

constexpr unsigned with_eeprom_revision = 2;         // generation: the 82559
constexpr std::uint16_t intel = 0x8086, ethernet_8255x = 0x1229;      // 82557/8/9, 82550: SDM 4.1

}  // namespace

std::optional<pci_identification> parse_pci_id(const std::string& s) {
    unsigned vendor = 0, device = 0, revision = 0;
    int end = 0;
    const bool digits = s.find_first_not_of("0123456789abcdefABCDEF:") == std::string::npos;
    if (!digits || std::sscanf(s.c_str(), "%4x:%4x%n:%2x%n", &vendor, &device, &end, &revision, &end) < 2) return {};
    const auto size = static_cast<std::size_t>(end);
    if (size != s.size() || (size != std::string_view("10ec:8139").size() && size != std::string_view("10ec:8139:10").size())) return {};
    if (vendor == 0xFFFF) return {};                           // nobody (PCI 2.2, 6.2.1)
    pci_identification id{static_cast<std::uint16_t>(vendor), static_cast<std::uint16_t>(device), {}};
    if (size > std::string_view("10ec:8139").size()) id.revision = static_cast<std::uint8_t>(revision);
    return id;
}

std::uint8_t revision_of(const eeprom_image& words, const nic_config& c) {
    if (const auto given = parse_pci_id(c.pci_id); given && given->revision) return *given->revision;
    const identity_info& id = info_of(c.identity);
    return id.generation < with_eeprom_revision ? id.revision : revision(words, id.revision);
}

pci_identification identification_of(const nic_config& c) {
    const auto given = parse_pci_id(c.pci_id);
    return {given ? given->vendor : intel, given ? given->device : ethernet_8255x, revision_of(eeprom_of(c), c)};
}

}  // namespace nicteam::nic
