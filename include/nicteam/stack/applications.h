// Applications: they run on a CPU, hold a socket, and charge what they do.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/stack/socket.h"

namespace nicteam::packet { class pattern; }

namespace nicteam::stack {

// Sends what a pattern says, when it says. An item that finds no room is counted and dropped, or waits its turn.
struct traffic_application_config {
    std::string to;                               // "10.0.0.2"; raw frames need none
    std::uint16_t port = 9;                       // discard, RFC 863
    bool wait_for_room = true;                    // false: an item that finds no room is lost
};
extern const block_info traffic_application_info; // kind "traffic_application"

class traffic_application : public sc_core::sc_module, private socket_user {
public:
    traffic_application(sc_core::sc_module_name, const traffic_application_config&, host::cpu&, socket&, std::unique_ptr<packet::pattern>);
    ~traffic_application() override;

private:
    void start_of_simulation() override;
    void received(host::cpu&, socket&, const arrival&) override;
    void sent(host::cpu&, socket&, std::uint64_t tag, driver::status) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/stack/traffic_application.cpp
};

// Takes what arrives, verifies the payload if told how it was made, counts.
struct sink_application_config {
    bool verify = true;                           // payloads made by traffic patterns name themselves; others count as foreign
};
extern const block_info sink_application_info;    // kind "sink_application"

class sink_application : public sc_core::sc_module, private socket_user {
public:
    sink_application(sc_core::sc_module_name, const sink_application_config&, host::memory&, socket&);
    ~sink_application() override;

private:
    void received(host::cpu&, socket&, const arrival&) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/stack/sink_application.cpp
};

// Sends every datagram back to where it came from (RFC 862).
extern const block_info echo_application_info;    // kind "echo_application"

class echo_application : public sc_core::sc_module, private socket_user {
public:
    echo_application(sc_core::sc_module_name, host::memory&, socket&);
    ~echo_application() override;

private:
    void received(host::cpu&, socket&, const arrival&) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/stack/echo_application.cpp
};

}  // namespace nicteam::stack
