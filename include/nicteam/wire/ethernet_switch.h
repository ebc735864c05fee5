// An Ethernet switch: a learning bridge that stores a frame whole, checks it, and sends it where its destination was last seen, else
// everywhere else (IEEE 802.1D clause 7, without a spanning tree and without VLANs: tags are octets like others). docs/switch.md states
// the edges.
//
// Ports are full duplex and of any rates. Several ports may be a group: one way for two (IEEE 802.1AX), over which the switch spreads
// frames as its port choice has it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/sim/session.h"
#include "nicteam/wire/filtering_database.h"
#include "nicteam/wire/link.h"
#include "nicteam/wire/port_choice.h"

namespace nicteam::wire {

enum class lacp_mode : std::uint8_t { off, active, passive };        // choices "off|active|passive"

struct port_group_config {
    std::string name;
    std::vector<unsigned> ports;               // at least one; no port in two groups
    port_choice_kind choice = port_choice_kind::both_macs;
    lacp_mode lacp = lacp_mode::off;           // off: every port that is up carries frames; else those that LACP takes
    bool fast = false;                         // choices "slow|fast": LACPDUs that it asks its partner for
};
extern const block_info port_group_info;       // kind "port_group"

struct switch_config {
    std::int64_t ports = 8;
    ps latency = 4 * microsecond;              // from a frame's last octet in to its first octet out, at least
    std::int64_t queue = 256;                  // frames waiting at a port
    std::int64_t table_size = 8192;            // addresses
    ps ageing = 300 * second;
    std::int64_t max_frame = 2000;             // octets, destination address … FCS
    std::string mac = "02:00:00:00:01:01";     // of the switch itself: its name to LACP, the source of its LACPDUs
    // Who builds the system resolves them:
    std::vector<std::string> names;            // of the ports, "lan0": paths are SWITCH.port_lan0; missing: the number
    std::vector<port_group_config> groups;
    std::vector<std::pair<std::uint64_t, unsigned>> fixed;     // static entries: address, port
};
extern const block_info switch_info;           // kind "switch"
extern const block_info switch_port_info;      // its children port_*

class forwarding;
class switch_port;

class ethernet_switch : public sc_core::sc_module, private sim::agenda_user {
public:
    // Throws std::invalid_argument for what the tables' ranges or the comments above exclude.
    ethernet_switch(sc_core::sc_module_name, const switch_config&);
    ~ethernet_switch() override;

    wire_end_point& port(unsigned);            // 0 … ports - 1
    const filtering_database& table() const;   // places: ports, then groups
    const switch_config& config() const { return config_; }

    void start_of_simulation() override;

private:
    friend class switch_port;
    struct arrival { frame_ref frame; unsigned port; ps at; };
    enum slot : unsigned { decide_slot, first_port_slot };

    void due(unsigned slot, ps at) override;
    void arrived(const frame_ref&, unsigned port, ps at);      // whole and good
    void link_changed(unsigned port, bool up, ps at);
    void decide(ps at);
    void decide(const arrival&, ps at);
    void spread(const arrival&, const std::vector<unsigned>& to, ps at);
    void power(bool on, ps at);
    void flush(ps at);
    void forgotten(std::size_t, ps at);
    void entries_changed(ps at);
    void members_changed(unsigned port, ps at);
    unsigned age_slot() const { return first_port_slot + static_cast<unsigned>(ports_.size()); }
    unsigned lacp_slot(std::size_t group) const { return age_slot() + 1 + static_cast<unsigned>(group); }
    class group_lacp* lacp_of(unsigned port) const;            // null: none
    bool taken_by_lacp(const arrival&, ps at);
    void follow_lacp(std::size_t group, ps at);
    counter& count(unsigned m) { return *counters_[m]; }

    switch_config config_;
    std::vector<std::unique_ptr<switch_port>> ports_;
    std::unique_ptr<forwarding> forwarding_;
    sim::agenda agenda_;                       // one for all, so that what falls on one instant has an order
    std::vector<arrival> arrivals_, deciding_;
    sim::fault_count off_;
    bool is_off_ = false;
    ps last_off_ = -1;
    sim::station& station_;
    std::vector<counter*> counters_;
    level& entries_;
    sim::probe& entries_probe_;
    struct port_group;
    std::vector<std::unique_ptr<port_group>> groups_;
};

}  // namespace nicteam::wire
