#include "scenario/language/blocks.h"

#include "nicteam/check/breaches.h"
#include "nicteam/driver/base_driver.h"
#include "nicteam/driver/chimney_driver.h"
#include "nicteam/driver/intermediary.h"
#include "nicteam/driver/crypto_card_driver.h"
#include "nicteam/driver/pass_through.h"
#include "nicteam/driver/ring_driver.h"
#include "nicteam/host/host.h"
#include "nicteam/ipsec/association_config.h"
#include "nicteam/nic/nic.h"
#include "nicteam/packet/traffic.h"
#include "nicteam/pci/background_master.h"
#include "nicteam/pci/bus.h"
#include "nicteam/pci/copy_engine.h"
#include "nicteam/pci/pci_bridge.h"
#include "nicteam/peer/peer.h"
#include "nicteam/peer/protection.h"
#include "nicteam/peer/replay.h"
#include "nicteam/rings/crypto_card.h"
#include "nicteam/rings/offload_unit.h"
#include "nicteam/rings/ring_unit.h"
#include "nicteam/secondary/crypto_load.h"
#include "nicteam/secondary/data_device.h"
#include "nicteam/stack/chimney_config.h"
#include "nicteam/stack/applications.h"
#include "nicteam/stack/protocol_stack.h"
#include "nicteam/stack/remote_jobs.h"
#include "nicteam/tcp/connections.h"
#include "nicteam/tcp/endpoint.h"
#include "nicteam/team/augmentation_layer_250.h"
#include "nicteam/team/mode_config.h"
#include "nicteam/team/monitor_config.h"
#include "nicteam/team/rehoming.h"
#include "nicteam/wire/cable.h"
#include "nicteam/wire/ethernet_switch.h"
#include "nicteam/wire/external_port.h"
#include "nicteam/wire/repeater.h"

namespace nicteam::scenario {

std::vector<section> room_sections(std::string_view kind) {
    if (kind == "host")
        return {{"memory", &host::memory_info},
                {"interrupts", &host::interrupt_info},
                {"firmware", &host::firmware_info},
                {"hot_plug", &host::hot_plug_info},
                {"stack", &stack::stack_info},
                {"stack", &stack::stack_security_info},
                {"stack", &stack::stack_sent_back_info},
                {"stack", &stack::stack_rings_info},
                {"stack", &stack::stack_protection_info},
                {"stack", &stack::stack_judgement_info},
                {"chimney", &stack::chimney_info},
                {"tcp", &tcp::endpoint_info}};
    if (kind == "cpu") return {{"", &host::cpu_info}};
    if (kind == "bus") return {{"", &pci::bus_info}, {"bridge", &host::bridge_info}};
    if (kind == "background") return {{"", &pci::background_master_info}};
    if (kind == "pci_bridge") return {{"", &pci::pci_bridge_info}};
    if (kind == "copy_engine") return {{"", &pci::copy_engine_info}};
    if (kind == "data_device") return {{"", &secondary::data_device_info}};
    if (kind == "crypto_card")
        return {{"", &rings::crypto_card_info},
                {"", &rings::crypto_card_engines_info},
                {"", &offload::engine_use_info},
                {"driver", &driver::crypto_card_driver_info}};
    if (kind == "nic")
        return {{"", &nic::nic_info}, {"driver", &driver::base_driver_info}, {"chimney", &rings::offload_unit_info}, {"crypto", &offload::crypto_info},
                {"crypto", &offload::crypto_step_info}, {"crypto", &offload::crypto_drop_info},
                {"crypto", &offload::engine_use_info}, {"crypto_transmit", &offload::crypto_transmit_info}, {"crypto_transmit", &offload::engine_use_info}};
    if (kind == "sa") return {{"", &ipsec::association_info}};
    if (kind == "policy") return {{"", &ipsec::policy_info}};
    if (kind == "team") return {{"", &team::team_info}, {"", &team::mode_info}, {"", &team::monitor_info}, {"sharing", &secondary::crypto_service_info},
                                {"rehoming", &team::rehoming_info}};
    if (kind == "pass_through") return {{"", &driver::pass_through_info}};
    if (kind == "link") return {{"", &wire::cable_info}};
    if (kind == "repeater") return {{"", &wire::repeater_info}};
    if (kind == "switch") return {{"", &wire::switch_info}};
    if (kind == "port_group") return {{"", &wire::port_group_info}};
    if (kind == "port") return {{"", &wire::external_port_info}};
    if (kind == "echo") return {{"", &stack::echo_application_info}};
    if (kind == "ping") return {{"", &stack::ping_application_info}};
    if (kind == "traffic") return {{"", &packet::traffic_info}, {"", &stack::traffic_application_info}};
    if (kind == "connections") return {{"", &tcp::connections_info}};
    if (kind == "peer") return {{"", &peer::peer_info}, {"", &peer::protection_info}, {"tcp", &tcp::endpoint_info}};
    if (kind == "router") return {{"", &peer::router_info}};
    if (kind == "replay") return {{"", &peer::replay_info}};
    if (kind == "crypto_service") return {{"", &secondary::crypto_service_info}};
    if (kind == "crypto_load") return {{"", &secondary::crypto_load_info}, {"", &secondary::requester_info}};
    if (kind == "job_server") return {{"", &stack::job_server_info}, {"", &secondary::requester_info}};
    if (kind == "remote_load") return {{"", &secondary::crypto_load_info}, {"", &stack::remote_requests_info}};
    if (kind == "check") return {{"", &check::check_info}};
    return {};
}

std::vector<section> room_insides(std::string_view kind) {
    if (kind == "link") return {{"a_to_b", &wire::direction_info}, {"b_to_a", &wire::direction_info}};
    if (kind == "switch") return {{"port_*", &wire::switch_port_info}};
    if (kind == "nic") return {{"crypto_rings", &rings::ring_unit_info}, {"driver.rings", &driver::ring_driver_info},
                {"driver.chimney", &driver::chimney_driver_info}};
    if (kind == "team")
        return {{"member*", &team::team_member_info},
                {"sharing.engine_*", &secondary::service_engine_info},
                {"own", &secondary::requester_info},
                {"users", &secondary::requester_info}};
    if (kind == "crypto_card") return {{"driver.rings", &driver::ring_driver_info}};
    if (kind == "crypto_service") return {{"engine_*", &secondary::service_engine_info}};
    if (kind == "pci_bridge") return {{"downstream", &pci::bridge_way_info}, {"upstream", &pci::bridge_way_info}};
    if (kind == "host")
        return {{"intermediary", &driver::intermediary_info}, {"sink_*", &stack::sink_application_info}, {"listener_*", &tcp::listener_info},
                {"tcp.chimney_*", &stack::chimney_over_info}};
    if (kind == "peer") return {{"listener_*", &tcp::listener_info}};
    return {};
}

// Two children of one name cannot be; a test holds this to the built model.
std::vector<const char*> names_taken(std::string_view kind) {
    if (kind == "bus") return {"timer", "masters*", "targets*"};
    if (kind == "nic") return {"pci", "timers", "crypto_rings", "chimney"};
    if (kind == "crypto_card") return {"unit", "master", "target", "words"};
    if (kind == "peer" || kind == "port" || kind == "switch") return {"agenda"};
    return {};
}

std::vector<const block_info*> other_blocks() { return {&host::host_info}; }

const std::vector<const host::operation*>& all_operations() {
    static const std::vector<const host::operation*> all = [] {
        std::vector<const host::operation*> rows;
        for (unsigned c = 0; c < host::cost_count; ++c) rows.push_back(&host::of(static_cast<host::cost>(c)));
        return rows;
    }();
    return all;
}

}  // namespace nicteam::scenario
