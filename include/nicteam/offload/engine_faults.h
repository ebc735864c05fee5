// What can be wrong with the engines of a direction, as faults of the block, and what it costs in clocks.
#pragma once

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/offload/crypto_config.h"
#include "nicteam/offload/engine_health.h"
#include "nicteam/offload/engine_pool.h"
#include "nicteam/offload/engine_set.h"

namespace nicteam::offload {

constexpr fault_info engine_fault_rows[] = {
    {"engines_stuck", "", "the engines (of a nic: of this direction) do not finish what they begin while it lasts: the watchdog gives up each packet or job"},
    {"engines_wrong", "", "the engines (of a nic: of this direction) are wrong in one bit while it lasts: whoever checks the packet finds a bad ICV"},
    {"engines_slow", "times", "the engines (of a nic: of this direction) take so many times their clocks for each packet that begins while it lasts; the watchdog looks at blocks and does not mind", 2},
};
constexpr table<fault_info> engine_faults = engine_fault_rows;

inline engine_health::setup health_of(const crypto_config& c) { return {c.engine_failures, c.self_test}; }
void bind_engine_faults(const sc_core::sc_object&, engine_health&);

// The clocks of a packet: of the self-test in front of it, if there was one, and its own, or those until the watchdog ends it.
void append_engine_work(std::vector<engine_work>&, const engine_health::judgement&, const engine_work& self_test, const engine_work& own, std::uint32_t watchdog);

// What a self-test works on.
inline ipsec::work self_test_work() { return {64, 64, 0}; }

// What comes of engines that are wrong: the last octet of the packet is, which the ICV is or covers.
inline void spoil(bytes& packet) { packet.back() ^= 1; }

}  // namespace nicteam::offload
