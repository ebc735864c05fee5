#include "nic/registers/statistics.h"

#include "nic/octets.h"

namespace nicteam::nic {

unsigned statistics::dump(std::uint8_t* to, unsigned size, std::uint32_t completion) const {
    for (unsigned i = 0; i < size; ++i) put32(to + 4 * i, values_[i]);
    put32(to + 4 * size, completion);
    return 4 * (size + 1);
}

}  // namespace nicteam::nic
