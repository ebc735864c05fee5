// Which tables of the rooms stand behind each table of the language.
#pragma once

#include <string_view>
#include <vector>

#include "nicteam/scenario/language.h"

namespace nicteam::scenario {

std::vector<section> room_sections(std::string_view kind);
std::vector<section> room_insides(std::string_view kind);
std::vector<const char*> names_taken(std::string_view kind);  // children without rows: ports, halves of a device
std::vector<const block_info*> other_blocks();  // observers and parts without a table of their own

}  // namespace nicteam::scenario
