// Applications: they run on a CPU, hold a socket, and charge what they do.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/packet/traffic.h"
#include "nicteam/packet/traffic_payload.h"
#include "nicteam/stack/socket.h"

namespace nicteam::stack {

// Sends what a traffic pattern says, when it says, with a marked payload (packet/traffic_payload.h).
struct traffic_application_config {
    bool wait_for_room = true;                    // an item that finds no room waits its turn; false: it is lost
};
extern const block_info traffic_application_info; // kind "traffic_application"

class traffic_application : public sc_core::sc_module, private socket_user {
public:
    traffic_application(sc_core::sc_module_name, const traffic_application_config&, host::cpu&, socket&, const packet::traffic_config&,
                        const packet::traffic_addresses&);
    ~traffic_application() override;

private:
    void start_of_simulation() override;
    void received(host::cpu&, socket&, const arrival&) override;
    void sent(host::cpu&, socket&, std::uint64_t tag, driver::status) override;
    void room(host::cpu&, socket&) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/stack/traffic_application.cpp
};

// Takes what arrives, verifies the payload if told how it was made, counts.
struct sink_application_config {
    bool verify = true;                           // payloads of traffic patterns are compared byte by byte
};
extern const block_info sink_application_info;    // kind "sink_application"

class sink_application : public sc_core::sc_module, private socket_user {
public:
    sink_application(sc_core::sc_module_name, const sink_application_config&, socket&);
    ~sink_application() override;

private:
    void received(host::cpu&, socket&, const arrival&) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/stack/sink_application.cpp
};

// Sends every datagram back to where it came from (RFC 862).
struct echo_application_config {
    std::int64_t port = 7;                        // of the socket; who opens it sees to that
};
extern const block_info echo_application_info;    // kind "echo"

class echo_application : public sc_core::sc_module, private socket_user {
public:
    echo_application(sc_core::sc_module_name, socket&);
    ~echo_application() override;

private:
    void received(host::cpu&, socket&, const arrival&) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/stack/echo_application.cpp
};

// Asks somebody with ICMP echo requests (RFC 792) and times the answers.
struct ping_application_config {
    std::string to;                               // who loads it resolves it
    ps start = 0, interval = second;
    std::int64_t count = 0;                       // 0: no limit
    std::int64_t data = 56;                       // octets
};
extern const block_info ping_application_info;    // kind "ping"

class ping_application : public sc_core::sc_module, private socket_user {
public:
    ping_application(sc_core::sc_module_name, const ping_application_config&, host::cpu&, socket&, ipv4_address to);
    ~ping_application() override;

private:
    void start_of_simulation() override;
    void received(host::cpu&, socket&, const arrival&) override;
    struct machinery;
    std::unique_ptr<machinery> machinery_;        // models/stack/ping_application.cpp
};

}  // namespace nicteam::stack
