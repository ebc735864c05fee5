#include "nic/phy.h"

namespace nicteam::nic {
namespace {

constexpr std::uint32_t ready = 0x10000000;
constexpr unsigned write_op = 1, read_op = 2, address = 1;
enum phy_register : unsigned { control = 0, status = 1, id_high = 2, id_low = 3, advertise = 4, partner = 5, special = 16 };

std::uint16_t read(unsigned reg, phy_status s) {
    switch (reg) {
    case control: return 0x3000;                                              // autonegotiation, 100 Mb/s
    case status: return static_cast<std::uint16_t>(0x7809 | (s.link ? 0x24 : 0));   // link 2, autonegotiation complete 5
    case id_high: return 0x02A8;
    case id_low: return 0x0154;
    case advertise: return 0x05E1;
    case partner: return s.link ? 0x41E1 : 0;
    case special: return static_cast<std::uint16_t>(s.link ? 1u | (s.fast ? 2u : 0u) : 0u);
    default: return 0;
    }
}

}  // namespace

std::uint32_t mdi_cycle(std::uint32_t v, phy_status s, bool& refused) {
    const unsigned op = v >> 26 & 3, phy = v >> 21 & 31, reg = v >> 16 & 31;
    refused = op == write_op || op == 0 || op == 3;
    const std::uint32_t kept = v & 0x2FFF0000;
    if (op != read_op) return kept | ready | (v & 0xFFFF);
    return kept | ready | (phy == address ? read(reg, s) : 0xFFFF);
}

}  // namespace nicteam::nic
