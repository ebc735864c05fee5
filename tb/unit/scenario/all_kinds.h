#pragma once

#include <string>

#include "unit/scenario/text_scenario.h"
#include "source_dir.h"

namespace nicteam::test {

// One of each kind, and traffic of each sort.
inline const char* const each = R"(
[[host]]
name = "east"
[[cpu]]
name = "cpu0"
host = "east"
[[bus]]
name = "pci0"
host = "east"
[[nic]]
name = "nic0"
bus = "east.pci0"
[[nic]]
name = "nic1"
bus = "east.pci0"
[[link]]
name = "lan1"
a = "east.pci0.nic0"
b = "hub"
[[link]]
name = "lan2"
a = "hub"
b = "other"
[[peer]]
name = "other"
[[repeater]]
name = "hub"
[[link]]
name = "lan3"
a = "hub"
b = "outsider"
[[port]]
name = "outsider"
socket = "outsider.sock"
wait = false
[[switch]]
name = "office"
[[port_group]]
name = "team0"
switch = "office"
ports = ["lan4", "far"]
[[link]]
name = "lan4"
a = "near"
b = "office"
[[link]]
name = "lan5"
a = "office"
b = "far"
[[peer]]
name = "near"
[[peer]]
name = "far"
[[echo]]
name = "echo7"
host = "server"
[[ping]]
name = "pings"
from = "server"
to = "client"
[[pass_through]]
name = "shim"
nic = "server.pci0.nic0"
[[background]]
name = "disk"
bus = "server.pci0"
[[copy_engine]]
name = "copier"
bus = "server.pci0"
[[data_device]]
name = "camera"
bus = "server.pci0"
[[crypto_card]]
name = "card"
bus = "server.pci0"
[[crypto_service]]
name = "pool"
host = "server"
devices = ["server.pci0.card"]
software = "last_resort"
[[crypto_load]]
name = "load"
service = "server.pool"
[[job_server]]
name = "jobs"
service = "server.pool"
[[remote_load]]
name = "asks"
from = "east"
server = "server.pool.jobs"
in_the_clear = true
[[pci_bridge]]
name = "riser"
bus = "east.pci0"
[[bus]]
name = "pci1"
host = "east"
behind = "east.pci0.riser"
[[nic]]
name = "nic2"
bus = "east.pci1"
[[traffic]]
name = "down"
from = "client"
to = "server"
[[traffic]]
name = "raw_down"
from = "client"
to = "server.pci0.nic0"
protocol = "raw"
[[traffic]]
name = "up"
from = "server"
to = "client"
destination_port = 77
[[traffic]]
name = "across"
from = "east.pci0.nic0"
to = "other"
[[connections]]
name = "web"
from = "client"
to = "server"
[[connections]]
name = "bulk"
from = "server"
to = "client"
port = 5001
[[replay]]
name = "again"
peer = "other"
file = "%FILE%"
)";

inline std::string all_kinds() {
    std::string text = std::string(small) + each;
    return text.replace(text.find("%FILE%"), 6, NICTEAM_SOURCE_DIR "/scenarios/captures/web-and-ping.pcapng");
}

}  // namespace nicteam::test
