// Random loads of a switch, and the model under them: lines that write down what the switch does, without cables.
#pragma once

#include <string>

#include "reference/wire/learning_switch.h"

namespace compare {

reference::wire::switch_case random_switch(std::uint64_t seed, unsigned index);
// reversed: who is constructed, and so runs, first.
reference::wire::switch_result run_model(const reference::wire::switch_case&, bool reversed);
std::string text_of(const reference::wire::switch_case&);
std::string text_of(const reference::wire::switch_result&);

}  // namespace compare
