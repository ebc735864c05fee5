#include "scenario/blocks.h"

#ifdef NICTEAM_HAS_check
#include "nicteam/check/breaches.h"
#endif
#ifdef NICTEAM_HAS_host
#include "nicteam/host/host.h"
#endif
#ifdef NICTEAM_HAS_nic
#include "nicteam/nic/nic.h"
#endif
#ifdef NICTEAM_HAS_packet
#include "nicteam/packet/traffic.h"
#endif
#ifdef NICTEAM_HAS_pci
#include "nicteam/pci/background_master.h"
#include "nicteam/pci/bus.h"
#include "nicteam/pci/copy_engine.h"
#endif
#ifdef NICTEAM_HAS_driver
#include "nicteam/driver/base_driver.h"
#include "nicteam/driver/intermediary.h"
#include "nicteam/driver/pass_through.h"
#endif
#ifdef NICTEAM_HAS_stack
#include "nicteam/stack/applications.h"
#include "nicteam/stack/protocol_stack.h"
#endif
#ifdef NICTEAM_HAS_peer
#include "nicteam/peer/peer.h"
#include "nicteam/peer/replay.h"
#endif
#ifdef NICTEAM_HAS_wire
#include "nicteam/wire/cable.h"
#include "nicteam/wire/repeater.h"
#endif

namespace nicteam::scenario {

std::vector<section> room_sections(std::string_view kind) {
#ifdef NICTEAM_HAS_host
    if (kind == "host")
        return {{"memory", &host::memory_info}, {"interrupts", &host::interrupt_info}, {"firmware", &host::firmware_info},
#ifdef NICTEAM_HAS_stack
                {"stack", &stack::stack_info},
#endif
        };
    if (kind == "cpu") return {{"", &host::cpu_info}};
#endif
#ifdef NICTEAM_HAS_pci
    if (kind == "bus")
        return {{"", &pci::bus_info},
#ifdef NICTEAM_HAS_host
                {"bridge", &host::bridge_info}
#endif
        };
    if (kind == "background") return {{"", &pci::background_master_info}};
    if (kind == "copy_engine") return {{"", &pci::copy_engine_info}};
#endif
#ifdef NICTEAM_HAS_nic
    if (kind == "nic")
        return {{"", &nic::nic_info},
#ifdef NICTEAM_HAS_driver
                {"driver", &driver::base_driver_info}
#endif
        };
#endif
#ifdef NICTEAM_HAS_driver
    if (kind == "pass_through") return {{"", &driver::pass_through_info}};
#endif
#ifdef NICTEAM_HAS_wire
    if (kind == "link") return {{"", &wire::cable_info}};
    if (kind == "repeater") return {{"", &wire::repeater_info}};
#endif
#ifdef NICTEAM_HAS_check
    if (kind == "check") return {{"", &check::check_info}};
#endif
#ifdef NICTEAM_HAS_packet
    if (kind == "traffic") return {{"", &packet::traffic_info},
#ifdef NICTEAM_HAS_stack
                {"", &stack::traffic_application_info}
#endif
        };
#endif
#ifdef NICTEAM_HAS_peer
    if (kind == "peer") return {{"", &peer::peer_info}};
    if (kind == "replay") return {{"", &peer::replay_info}};
#endif
    return {};
}

std::vector<section> room_insides(std::string_view kind) {
#ifdef NICTEAM_HAS_wire
    if (kind == "link") return {{"a_to_b", &wire::cable_info}, {"b_to_a", &wire::cable_info}};
#endif
#ifdef NICTEAM_HAS_stack
    if (kind == "host") return {{"intermediary", &driver::intermediary_info}, {"sink_*", &stack::sink_application_info}, {"*_bridge", &host::bridge_info}};
#endif
    return {};
}

std::vector<const block_info*> other_blocks() {
    return {
#ifdef NICTEAM_HAS_host
        &host::host_info,
#endif
#ifdef NICTEAM_HAS_stack
        &stack::echo_application_info,
#endif
    };
}

const std::vector<const host::operation*>& all_operations() {
    static const std::vector<const host::operation*> all = [] {
        std::vector<const host::operation*> rows;
#ifdef NICTEAM_HAS_host
        for (unsigned c = 0; c < host::cost_count; ++c) rows.push_back(&host::of(static_cast<host::cost>(c)));
#endif
        return rows;
    }();
    return all;
}

}  // namespace nicteam::scenario
