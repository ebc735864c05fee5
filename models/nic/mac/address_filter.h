// Which frames are for this NIC (SDM 6.4.3.2).
#pragma once

#include <array>
#include <cstdint>

#include "nic/registers/configure_bytes.h"

namespace nicteam::nic {

// Status bits 2 and 1 of a receive descriptor come from here.
enum class address_match : std::uint8_t { none, individual, broadcast, multicast, promiscuous };

class address_filter {
public:
    using mac = std::array<std::uint8_t, 6>;
    void reset(const mac& individual) { individual_ = individual, clear_multicast(); }
    void set_individual(const mac& m) { individual_ = m; }
    const mac& individual() const { return individual_; }
    void clear_multicast() { hash_ = 0; }
    void add_multicast(const std::uint8_t* address);       // individual ones too: Configure byte 20 bit 6 has them compared by the same table
    std::uint64_t hash() const { return hash_; }

    // `destination`: 6 octets.
    address_match match(const std::uint8_t* destination, const configuration&) const;

private:
    bool is_individual(const std::uint8_t* destination, const configuration&) const;
    mac individual_{};
    std::uint64_t hash_ = 0;
};

}  // namespace nicteam::nic
