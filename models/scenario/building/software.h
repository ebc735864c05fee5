// What runs on a host: drivers, intermediary, stack, applications.
#pragma once

#include <set>

#include "nicteam/driver/crypto_card_driver.h"
#include "nicteam/secondary/adapter_engine.h"
#include "nicteam/secondary/crypto_load.h"
#include "nicteam/secondary/device_load.h"
#include "nicteam/secondary/pooled_associations.h"
#include "nicteam/stack/connection_applications.h"
#include "nicteam/team/augmentation_layer_250.h"
#include "scenario/building/raw_sockets.h"
#include "scenario/building/system.h"

namespace nicteam::scenario {

// A port that somebody has already is an error of the scenario.
stack::socket& open(stack::protocol_stack_100&, const component& who, std::uint16_t port, unsigned adapter);

struct system::host_software {
    std::map<std::string, std::unique_ptr<team::augmentation_layer_250>> teams;      // by path; drivers draw numbers from their pools
    std::vector<std::unique_ptr<driver::base_driver>> drivers;
    std::vector<std::unique_ptr<driver::pass_through>> pass_throughs;
    std::unique_ptr<driver::intermediary_102> intermediary;
    std::unique_ptr<stack::protocol_stack_100> stack;
    std::unique_ptr<raw_sockets> raw;
    std::vector<std::unique_ptr<sc_core::sc_module>> applications;
    std::set<std::string> sinks;               // by name: "sink_9"
    stack::streams* streams = nullptr;         // of its stack; null: no application has a connection
    std::set<std::int64_t> listening;          // TCP ports
    std::map<std::string, unsigned> adapters;  // by path of the nic or of the team
    std::map<std::string, driver::base_driver*> driver_of;      // likewise
    std::map<std::string, driver::adapter*> tops;              // of each nic: its driver, or what sits above it
    std::map<std::string, unsigned> cards;     // adapters of crypto cards, which carry no frames
    std::vector<std::unique_ptr<driver::crypto_card_driver>> card_drivers;
    std::vector<std::unique_ptr<secondary::engine>> engines;     // of the services below
    std::vector<std::unique_ptr<secondary::crypto_service>> services;
    std::vector<std::unique_ptr<secondary::crypto_load>> crypto_loads;
    std::vector<std::unique_ptr<secondary::device_load>> device_loads;
    std::map<std::string, driver::crypto_card_driver*> card_driver_of;      // by path of the card
};

}  // namespace nicteam::scenario
