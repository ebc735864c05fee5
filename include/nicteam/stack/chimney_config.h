// When a protocol stack hands connections to a device that runs them (source document 002; ¶62 leaves it to the host).
#pragma once

#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"

namespace nicteam::stack {

enum class offload_when : std::uint8_t { never, established, after_octets };     // choices "never|established|after_octets"

struct chimney_config {
    offload_when when = offload_when::never;
    std::uint64_t after = 65'536;                // octets handed over and consumed
};
extern const block_info chimney_info;            // kind "chimney", a part of a host
extern const block_info chimney_over_info;       // metrics, of each adapter whose device runs connections

}  // namespace nicteam::stack
