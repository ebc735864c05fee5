// Every row of every table as something that `explain` can tell about.
#pragma once

#include <string>
#include <vector>

#include "nicteam/scenario/language.h"

namespace nicteam::scenario {

struct entry {
    std::string table;  // "nic.driver", "link.a_to_b"; "" for the keys outside all tables
    std::string name;   // "receive_ring"
    const char* what;   // "parameter", "metric", "probe", "fault", "capture point", "stage", "end", "operation"
    const char* meaning;
    std::string details;  // lines that follow the meaning

    std::string path() const { return table.empty() ? name : table + "." + name; }
};

const std::vector<entry>& catalogue();

// How a component of the kind could be called in a scenario, and a part of it: "server.pci0.nic0", "server.pci0.bridge".
std::string example_of(const std::string& table);

}  // namespace nicteam::scenario
