// The parts of a connection's state as octets, and what cannot be a state.
#pragma once

#include "nicteam/state/state_object.h"
#include "nicteam/tcp/state.h"

namespace nicteam::tcp {

void write_state(const transport_constant&, bytes&);
void write_state(const transport_cached&, bytes&);
void write_state(const transport_delegated&, ps now, bytes&);

// false: octets that are no such part, or fields that no connection has; what is read into is not to be used then.
bool read_state(transport_constant&, const std::uint8_t* from, std::size_t n);
bool read_state(transport_cached&, const std::uint8_t* from, std::size_t n);
bool read_state(transport_delegated&, ps now, const std::uint8_t* from, std::size_t n);

}  // namespace nicteam::tcp
