// What an Offload Target has: slots, queues, who runs it.
#pragma once

#include <cstdint>

#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"

namespace nicteam::rings {

enum class offload_processor : std::uint8_t { microcontroller, state_machine };       // choices "microcontroller|state_machine"

struct offload_unit_config {
    bool enable = false;
    offload_processor processor = offload_processor::microcontroller;
    ps period = 7'500;                           // of the processor's clock: 133 MHz
    std::uint32_t neighbours = 64, paths = 256, connections = 1024;      // slots
    std::uint32_t most_window = 1u << 30, send_capacity = 65'535;        // octets
    unsigned frames = 64;                        // received ones that wait for the processor at most, and ones that wait for the line
    unsigned questions = 8;                      // read ahead
    unsigned buffers = 16;                       // addresses of buffers read ahead
    unsigned ring_depth = 4'096;
    std::uint32_t longest_question = 1u << 20;   // octets
};
extern const block_info offload_unit_info;       // kind "chimney", a part of a nic

}  // namespace nicteam::rings
