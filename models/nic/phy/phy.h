// The PHY: the registers of an 82555 (IEEE 802.3 22.2.4 and 28.2.4), and how they treat the line. Plain C++: no kernel, no time.
#pragma once

#include <array>
#include <cstdint>

#include "nicteam/base/tables.h"
#include "nicteam/wire/negotiation.h"

namespace nicteam::nic {

struct phy_register {
    std::uint8_t number;
    std::uint16_t reset;
    std::uint16_t writable;             // 0: read only
    std::uint16_t self_clearing;        // of the writable bits: acted upon, read 0
    const char* meaning;
    const char* source;
};
extern const table<phy_register> phy_registers;

enum phy_register_number : unsigned {
    phy_control = 0, phy_status = 1, phy_advertisement = 4, phy_partner = 5, phy_expansion = 6, phy_82555_status = 16,
};
// Register 0.
enum phy_control_bit : std::uint16_t {
    phy_reset = 0x8000, phy_loopback = 0x4000, phy_fast = 0x2000, phy_negotiate = 0x1000, phy_power_down = 0x0800, phy_isolate = 0x0400,
    phy_restart = 0x0200, phy_full_duplex = 0x0100,
};

class phy {
public:
    static constexpr unsigned address = 1;       // on the management bus, SDM 6.3.5

    // abilities: modes and pause, in the places of register 4.
    explicit phy(std::uint16_t abilities) : abilities_(abilities) { reset(); }
    void reset();
    void power(bool on) { powered_ = on; }       // without: silent

    static bool has(unsigned number);
    // Reading clears what is latched. `line`: what it has come to.
    std::uint16_t read(unsigned number, const wire::negotiated& line);
    enum class written : std::uint8_t { nothing_there, taken, begins_anew };     // anew: tell the line setting()
    written write(unsigned number, std::uint16_t);
    void changed(const wire::negotiated& line);  // the line came up or went down

    wire::phy_setting setting() const;
    bool looped() const { return registers_[phy_control] & phy_loopback; }
    bool isolated() const { return registers_[phy_control] & phy_isolate; }

private:
    std::uint16_t abilities_;
    std::uint16_t offered_ = 0;                  // when it last began
    std::array<std::uint16_t, 32> registers_{};
    bool powered_ = true;
    bool lost_ = false;                          // the link, since register 1 was read
    bool page_received_ = false;                 // since register 6 was read
};

}  // namespace nicteam::nic
