// What the crypto blocks did, and what was left to the CPUs of their hosts, for the summary.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/resolved.h"
#include "nicteam/sim/session.h"
#include "scenario/building/system.h"

namespace nicteam::scenario {

std::vector<std::string> crypto_notes(const resolved&, sim::session&);
// What devices did not take of the associations that drivers hold for them, and why.
std::vector<std::string> device_refusal_notes(const resolved&, const system&);
// What is to be audited of packets that were dropped, by reason (RFC 4301, 4303).
std::vector<std::string> audit_notes(const resolved&, const system&);

}  // namespace nicteam::scenario
