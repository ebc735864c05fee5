// Augmentation layer 250 (source documents 000/001, FIG. 2 and 3): virtual protocol stack 202 and virtual NIC driver 204 around the intermediary
// layer 102. To protocol stacks a team of adapters is one adapter that puts IPsec on and takes it off, although only some members can
// (FIG. 4 and 5). Base drivers are those that run without a team.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/driver/intermediary.h"
#include "nicteam/host/host.h"
#include "nicteam/secondary/crypto_service.h"
#include "nicteam/team/history.h"
#include "nicteam/team/mode.h"
#include "nicteam/team/monitor.h"
#include "nicteam/team/rehoming.h"

namespace nicteam::team {

// What becomes of a packet that a backup adapter has encrypted (¶31, its three embodiments).
enum class outbound : std::uint8_t {
    comes_back,                          // its destination adapter sends it
    transmits,                           // the backup sends it, under an address of its own; it comes back of one that has none
    transmits_as_destination,            // the backup sends it under the address of the destination adapter
};

struct team_config {
    unsigned layer = 0;                  // "around|monolithic": 202 and 204 around 102 (FIG. 2), or one module on the drivers themselves (¶22)
    unsigned check = 0;                  // "per_packet|mask": 314, or a transmission mask instead (¶37)
    team::outbound outbound = team::outbound::comes_back;
    unsigned returned_to = 0;            // "host_memory|nic_memory": where what comes back lies until it is sent; the latter: with its destination adapter (nic.memory)
    unsigned address_change = 0;         // "setup|frame": transmit_as_destination: the adapter's own address changes meanwhile, or only the frame's
    unsigned advertises = 0;             // "verified|union": when it says that it protects
    bool second_filter = false;          // members that lend engines also hear the other members' addresses
    bool plain_bypass = false;           // what is sent as it is goes through the layer unaugmented (¶36)
    unsigned buffers = 64;               // places for packets on their way to and from engines
    unsigned control_buffers = 64;       // … of each member for frames of the team's own
    std::vector<std::string> accepts;    // identities of members: "8086:1229", "8086:1229:08"; empty: all
    // CPU cycles of each; what they are for is in the table.
    std::uint64_t cost_send = 200, cost_check = 40, cost_mask = 4, cost_repackage = 120, cost_receive = 150, cost_identify = 60;
};
extern const block_info team_info;       // kind "team"
extern const block_info team_member_info;     // of each member, below the team

// A member, or a unit that has engines and no link (¶43: other crypto hardware in the host).
struct port_setup {
    std::string name;                    // of the component
    unsigned adapter = 0;                // its number at the intermediary
    driver::adapter* direct = nullptr;   // the same, for a monolithic layer
    secondary::pooled_associations::holder holds;       // how its driver takes an association; none: it has no engines
    bool digests = false;                // its unit has an engine for CRC-32c
    std::int64_t priority = 0;
    bool primary = false;
    mac_address permanent{};
    std::function<std::uint64_t()> memory;              // where its own lies on its bus, 0: nowhere yet; none: it has none
};

// What it takes of each member's own memory, from its beginning: a place for each packet that may come back.
std::size_t places_in_member(const team_config&);

// What it takes of the host's memory when it is built: places for packets.
std::uint64_t take_memory(host::memory&, const team_config&, unsigned members);

struct team_setup {
    team_config config;
    secondary::crypto_service_config sharing;
    rehoming_config rehoming;
    std::vector<port_setup> members, cards;
    std::unique_ptr<team::mode> mode;
    std::vector<std::unique_ptr<monitor>> monitors;
    mac_address mac{};                   // of the team
    std::vector<mac_address> groups;     // that members must take in for mode and monitors
    packet::ipv4_address address = 0;    // announced; 0: none
};

class augmentation_layer_250 : public sc_core::sc_module {
public:
    // Throws std::invalid_argument: fewer than one member or more than eight.
    augmentation_layer_250(sc_core::sc_module_name, team_setup, const host::place& home, driver::intermediary_102&);
    ~augmentation_layer_250() override;

    driver::adapter& nic_driver();       // 204
    secondary::crypto_service& sharing();             // its engines: members with a crypto block, then cards, then software if any; module `sharing`
    // Elaboration: the user of an association, of a team that moves them, adds it at that time, or deletes it. What is added later is not there before.
    void adds(state::handle name, ps at);
    void deletes(state::handle name, ps at);
    // Elaboration: whether the team can put this association on, while it says that it protects (306). To be read at any time.
    const bool& puts_on(state::handle name);
    const history& told() const;         // so far
    bool single_active() const;          // its mode has one active member, or none
    struct machinery;                    // models/team/machinery.h

private:
    void start_of_simulation() override;
    std::unique_ptr<machinery> machinery_;
};

}  // namespace nicteam::team
