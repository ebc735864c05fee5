// The system that a scenario describes, built. Paths of the modules are the paths of the components.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <systemc>

#include "nicteam/driver/base_driver.h"
#include "nicteam/driver/unit_associations.h"
#include "nicteam/driver/intermediary.h"
#include "nicteam/driver/pass_through.h"
#include "nicteam/host/host.h"
#include "nicteam/nic/nic.h"
#include "nicteam/pci/background_master.h"
#include "nicteam/pci/copy_engine.h"
#include "nicteam/peer/peer.h"
#include "nicteam/peer/replay.h"
#include "nicteam/rings/crypto_card.h"
#include "nicteam/scenario/resolved.h"
#include "nicteam/secondary/crypto_load.h"
#include "nicteam/stack/applications.h"
#include "nicteam/stack/protocol_stack.h"
#include "nicteam/wire/cable.h"
#include "nicteam/wire/ethernet_switch.h"
#include "nicteam/wire/external_port.h"
#include "nicteam/wire/repeater.h"
#include "scenario/building/build_error.h"
#include "scenario/building/interrupt_tee.h"

namespace nicteam::team {
class augmentation_layer_250;
}

namespace nicteam::scenario {

// Hardware is constructed in scenario order or, `reverse`, last to first. Software is loaded in scenario order: it
// allocates memory as it goes, as a booting system does.
class system {
public:
    system(const resolved&, bool reverse);
    ~system();

    pci::bus* bus(const std::string& path) const;
    std::vector<std::pair<std::string, pci::bus*>> buses() const;  // in scenario order
    wire::cable* cable(const std::string& path) const;
    const std::map<std::string, const peer::replay*>& replays() const { return replays_; }     // by path
    const nic::nic* controller(const std::string& path) const;     // of a nic
    wire::external_port* port(const std::string& path) const;
    peer::peer* peer_at(const std::string& path) const;               // null: none
    stack::protocol_stack_100* stack_of(const std::string& host) const;        // null: it has none
    offload::receive_block* crypto_of(const std::string& nic) const;  // null: it has none
    void watch_streams(tcp::stream_observer&);                                    // of all applications with connections
    void watch_work(const std::string& device, offload::work_observer&);        // of a nic with a crypto block, or a card
    // Likewise. A card's serve both ways.
    const offload::engine_health& engines_in(const std::string& device, offload::way) const;
    const driver::unit_associations* associations_in(const std::string& device) const;     // of a nic or a crypto card, by its driver; null: it has none
    const team::augmentation_layer_250& team_at(const std::string& path) const;
    std::vector<secondary::crypto_service*> services() const;           // teams' own among them
    void draw_interrupts(const std::string& bus, check::pci_pins*);  // null: not drawn

private:
    struct host_software;
    template <class Build>
    void each(std::string_view kind, Build);

    void build_hosts();
    void build_devices();
    void build_stations();
    void build_links();
    void hold_association(const component& sa);
    void install_security();      // models/scenario/security.cpp
    void load_software();
    void load_security();
    void load_cards(const component& host);
    void load_teams(const component& host);       // models/scenario/team_software.cpp
    void load_taking_off(const component& sa);
    void load_judgement();
    void load_services();         // models/scenario/building/services.cpp
    std::function<std::uint64_t()> memory_of(const std::string& device) const;      // of a nic or a card that has memory of its own: where it is now
    void load_job_servers(const std::map<std::string, secondary::crypto_service*>& by_path);      // models/scenario/building/remote_jobs.cpp
    void load_echoes();
    void load_pings();
    void start_traffic();
    void start_connections();     // models/scenario/building/connections.cpp
    void introduce(const std::string& host, const std::string& other);
    void start_host_traffic(const component& traffic, const component& from, std::int64_t stream);
    void open_sink(const component& traffic);
    wire::wire_end_point& end_point(const component& link, const char* key);
    void address_of(const std::string& path, packet::mac_address&, packet::ipv4_address&) const;

    const resolved& r_;
    bool reverse_;
    std::map<std::string, std::unique_ptr<host::host>> hosts_;
    std::map<std::string, std::pair<host::host*, unsigned>> buses_;     // host and number of the bus
    std::map<std::string, std::unique_ptr<interrupt_tee>> interrupts_;  // by bus
    std::map<std::string, std::unique_ptr<nic::nic>> nics_;
    std::map<std::string, std::unique_ptr<pci::device>> devices_;
    std::map<std::string, std::unique_ptr<peer::peer>> peers_;
    std::map<std::string, const peer::replay*> replays_;
    std::map<std::string, std::unique_ptr<wire::external_port>> externals_;
    std::map<std::string, std::unique_ptr<wire::repeater>> repeaters_;
    std::map<std::string, std::unique_ptr<wire::ethernet_switch>> switches_;
    std::map<std::string, unsigned> ports_;  // link path and key: port of the repeater or switch
    std::map<std::string, std::unique_ptr<wire::cable>> cables_;
    std::map<std::string, std::unique_ptr<host_software>> software_;  // by host
    std::map<std::string, state::handle> received_as_;                // names that drivers gave to associations that end at their nics
};

}  // namespace nicteam::scenario
