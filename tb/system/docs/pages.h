// The generated parts of the documentation, as Markdown.
#pragma once

#include <string>

namespace nicteam::docs {

std::string timing();        // every parameter and operation with default, range and source
std::string costs();         // what software costs on the modelled CPU
std::string offload_costs(); // what an Offload Target's processor takes for a step
std::string engines();       // cipher and hash cores, and what packets take in them
std::string language();      // the tables of a scenario and their keys
std::string observables();   // metrics, probes, faults, capture points, stages, outcomes

std::string scenarios(const std::string& directory);     // every shipped scenario; throws std::runtime_error if one cannot be read
std::string qemu();          // what the comparison with QEMU overlooks and leaves out

}  // namespace nicteam::docs
