// Random bus configurations for the comparison of model and clocked reference.
#pragma once

#include <cstdint>

#include "reference/pci/setup.h"

namespace compare {

// The same seed and index give the same configuration everywhere.
reference::pci::setup random_bus(std::uint64_t seed, unsigned index);

}  // namespace compare
