// The model's side of the comparison: text out, as reference::pci::run() gives it.
#pragma once

#include <string>

#include "reference/pci/setup.h"

namespace compare {

// With `wave`, the pins are drawn into a file of that name.
std::string run_on_model(const reference::pci::setup&, const std::string& wave = {});

}  // namespace compare
