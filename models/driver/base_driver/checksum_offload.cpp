// Checksums that an 82550 inserts and verifies (docs/nic-82550.md).
#include "driver/base_driver/machinery.h"

namespace nicteam::driver {
using namespace i82559;

// Good: of the IPv4 header and of what is behind it. A packet that the device's parser does not know is not judged.
checksum_verdict base_driver::machinery::verdict_of(const receive_place& p, unsigned status, ps at) const {
    if (!offloads() || !(status & parsed)) return checksum_verdict::unknown;
    std::uint8_t found;
    ram.read(p.address + rfd_checksums, &found, 1, at);
    const unsigned checked = found & checksums_checked, right = found & checksums_right;
    if (right == checksums_right && checked == checksums_checked) return checksum_verdict::good;
    return (right >> 1) != checked ? checksum_verdict::bad : checksum_verdict::unknown;
}

}  // namespace nicteam::driver
