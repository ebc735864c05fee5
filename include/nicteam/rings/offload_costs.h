// What a step costs who runs an Offload Target: one TCP (room tcp), two tables of cycles.
#pragma once

#include "nicteam/base/tables.h"
#include "nicteam/rings/offload_config.h"
#include "nicteam/tcp/step.h"

namespace nicteam::rings {

struct offload_cost {
    const char* name;
    const char* unit;
    std::uint32_t microcontroller, state_machine;    // cycles of its clock
    const char* meaning;
    const char* source;
};
enum class offload_work : std::uint8_t { question, block, answer, frame_in, frame_out };      // what is no step of TCP
constexpr std::size_t offload_work_kinds = static_cast<std::size_t>(offload_work::frame_out) + 1;

// Steps of TCP in the order of enum class step, then the above in theirs.
table<offload_cost> offload_costs();

std::uint64_t cycles_of(offload_processor, tcp::step, std::uint64_t times);
std::uint64_t cycles_of(offload_processor, offload_work, std::uint64_t times);

}  // namespace nicteam::rings
