// The receive side of the crypto block put together around a case that says what octets would decide.
#pragma once

#include <cstdint>
#include <string>

#include "reference/offload/crypto_case.h"

namespace compare {

nicteam::test::crypto_case random_crypto(std::uint64_t seed, std::uint64_t index);
std::string run_crypto(const nicteam::test::crypto_case&);       // the reference's lines
std::string text_of(const nicteam::test::crypto_case&);

}  // namespace compare
