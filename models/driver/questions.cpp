#include "nicteam/driver/questions.h"

#include "nicteam/rings/registers.h"

namespace nicteam::driver {

void read_identity(host::cpu& c, const host::place& p, identify& i) {
    const unsigned device = p.bus << 5 | p.device;
    i.vendor = static_cast<std::uint16_t>(c.read_configuration(device, 0x00, 2));
    i.device = static_cast<std::uint16_t>(c.read_configuration(device, 0x02, 2));
    i.revision = static_cast<std::uint8_t>(c.read_configuration(device, 0x08, 1));
}

void lends(std::uint32_t uses, identify& i) {
    i.secondary_out = uses & rings::secondary_out;
    i.secondary_in = uses & rings::secondary_in;
    i.transmits = uses & rings::transmits;
}

}  // namespace nicteam::driver
