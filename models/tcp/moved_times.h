// Instants as they cross: how far ahead, or how far back, from an owner's clock to another's.
#pragma once

#include "nicteam/state/part_format.h"

namespace nicteam::tcp {

constexpr std::uint16_t format_version = 1;

// `never` stays never.
inline void write_ahead(state::part_writer& w, ps at, ps now) { w.u64(static_cast<std::uint64_t>(at == never ? never : at - now)); }
inline void write_back(state::part_writer& w, ps at, ps now) { w.u64(static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(at)); }
inline ps read_back(state::part_reader& r, ps now) { return static_cast<ps>(static_cast<std::uint64_t>(now) - r.u64()); }

}  // namespace nicteam::tcp
