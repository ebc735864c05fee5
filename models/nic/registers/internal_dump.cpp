#include "nic/registers/internal_dump.h"

#include <algorithm>

#include "nic/octets.h"

namespace nicteam::nic {
namespace {

// Byte offsets.
constexpr unsigned configure_at = 24, first_configure_byte = 8, address_at = 39, tx_status_at = 45, rx_status_at = 61, hash_at = 63, rx_length_at = 75;

}  // namespace

void internal_dump(std::uint8_t* to, const configuration& c, const address_filter& f, const latest_frames& l) {
    std::fill_n(to, internal_dump_bytes, std::uint8_t{0});
    for (unsigned i = first_configure_byte; i < configuration::dumped; ++i) to[configure_at + i - first_configure_byte] = c.byte(i);
    std::copy(f.individual().begin(), f.individual().end(), to + address_at);
    put16(to + tx_status_at, l.tx_status);
    put16(to + rx_status_at, l.rx_status);
    put32(to + hash_at, static_cast<std::uint32_t>(f.hash()));
    put32(to + hash_at + 4, static_cast<std::uint32_t>(f.hash() >> 32));
    put16(to + rx_length_at, l.rx_length);
}

}  // namespace nicteam::nic
