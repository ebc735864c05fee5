// Who asks for work of engines, and from where: applications of a pool's host and devices there ([[crypto_load]]), and of other hosts ([[remote_load]]).
#pragma once

#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/secondary/crypto_load.h"

namespace nicteam::scenario {

struct load {
    const component* of;
    const component* service;                            // a crypto_service or a team; null: told elsewhere
    unsigned number;                                     // of its session in the run
    secondary::crypto_load_config config;
};
// In the order in which their sessions are opened: those of the hosts themselves first.
std::vector<load> loads_of(const resolved&);

// Of the load whose jobs a data_device asks for; of one that none names, one place.
secondary::crypto_load_config device_load_of(const component& data_device, const resolved&);
// The load's, or null.
const component* server_of(const component& remote_load, const resolved&);

}  // namespace nicteam::scenario
