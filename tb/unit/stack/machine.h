// A whole host for tests: CPU, memory, bridge, bus, one 82559, its driver and a protocol stack.
#pragma once

#include <memory>
#include <string>

#include "nicteam/driver/base_driver.h"
#include "nicteam/driver/intermediary.h"
#include "nicteam/driver/pass_through.h"
#include "nicteam/host/host.h"
#include "nicteam/nic/nic.h"
#include "nicteam/sim/session.h"
#include "nicteam/stack/applications.h"
#include "nicteam/stack/protocol_stack.h"
#include "nicteam/wire/cable.h"
#include "unit/fresh_kernel.h"

namespace nicteam::test {

struct machine_config {
    host::host_config host;
    nic::nic_config nic;
    driver::base_driver_config driver;
    stack::stack_config stack;
    std::int64_t pass_through = -1;               // cycles; below 0: none
};

inline machine_config numbered(unsigned n) {
    machine_config c;
    c.nic.mac = c.driver.mac = "02:00:00:00:00:0" + std::to_string(n);
    c.stack.address = "10.0.0." + std::to_string(n) + "/24";
    return c;
}

struct machine {
    machine(const char* name, const machine_config& c)
        : host(name, c.host), nic((std::string(name) + "_nic").c_str(), c.nic, host.bus(), &host.interrupt_sink()),
          driver((std::string(name) + "_driver").c_str(), c.driver, host.place_of(0, static_cast<unsigned>(c.nic.slot))),
          intermediary((std::string(name) + "_intermediary").c_str()) {
        host.install(nic.pci_device(), 0, static_cast<unsigned>(c.nic.slot));
        if (c.pass_through >= 0) between = std::make_unique<driver::pass_through>((std::string(name) + "_pass_through").c_str(), driver::pass_through_config{static_cast<std::uint64_t>(c.pass_through)}, driver);
        intermediary.attach(between ? static_cast<driver::adapter&>(*between) : driver);
        stack = std::make_unique<stack::protocol_stack_100>((std::string(name) + "_stack").c_str(), c.stack, intermediary, host.ram());
    }
    host::host host;
    nic::nic nic;
    driver::base_driver driver;
    driver::intermediary_102 intermediary;
    std::unique_ptr<driver::pass_through> between;
    std::unique_ptr<stack::protocol_stack_100> stack;
};

inline std::uint64_t metric(const std::string& path) {
    for (const sim::bound_metric& m : sim::session::current().metrics()) {
        if (m.path != path) continue;
        if (m.settle) m.settle(sim::now());
        return m.as_counter ? m.as_counter->value() : m.as_level ? static_cast<std::uint64_t>(m.as_level->value()) : m.as_histogram->count();
    }
    throw std::out_of_range("no metric " + path);
}

inline void simulate(ps t) {
    sc_core::sc_start(sim::to_sc_time(t));
}

}  // namespace nicteam::test
