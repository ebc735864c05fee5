// Applications that talk over connections: they run on a CPU, and charge what they do.
#pragma once

#include <memory>

#include <systemc>

#include "nicteam/stack/streams.h"
#include "nicteam/tcp/connections.h"

namespace nicteam::stack {

// Opens connections and asks.
class opening_application : public sc_core::sc_module, private stream_user {
public:
    opening_application(sc_core::sc_module_name, const tcp::connections_config&, std::uint16_t group, host::cpu&, streams&, const packet::ip_address& to);
    ~opening_application() override;
    void watch(tcp::stream_observer&);

private:
    void start_of_simulation() override;
    void happened(host::cpu&, state::handle, std::uint32_t events) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/stack/connection_applications.cpp
};

// Listens at a port and answers.
class listening_application : public sc_core::sc_module, private stream_user {
public:
    // Throws std::invalid_argument: the port is taken.
    listening_application(sc_core::sc_module_name, std::uint16_t port, streams&);
    ~listening_application() override;
    void watch(tcp::stream_observer&);

private:
    void accepted(host::cpu&, state::handle) override;
    void happened(host::cpu&, state::handle, std::uint32_t events) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // likewise
};

}  // namespace nicteam::stack
