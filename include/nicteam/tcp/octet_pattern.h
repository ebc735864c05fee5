// Octets that a receiver can tell from any others: a word of eight is a hash of its place and a key, so that no part of the pattern comes
// again, however long a connection lives; a shift by any number of octets is seen at once.
#pragma once

#include <cstdint>

#include "nicteam/packet/octets.h"

namespace nicteam::tcp {

class octet_pattern {
public:
    explicit octet_pattern(std::uint64_t key = 0) : key_(key) {}

    // Appends octets [at, at + n) of the pattern.
    void append(bytes& out, std::uint64_t at, std::size_t n) const;
    // How many of these octets are those from `at` on, before the first that is not.
    std::size_t same(std::uint64_t at, packet::octets) const;

private:
    std::uint64_t word(std::uint64_t number) const;
    std::uint64_t key_;
};

}  // namespace nicteam::tcp
