// Protocol stack 100 (source documents 000/001, FIG. 1): ARP, IPv4, ICMP echo and UDP above the intermediary; UDP over IPv6 (RFC 8200) between
// packet::documentation_address() of the IPv4 addresses.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/driver/intermediary.h"
#include "nicteam/host/memory.h"
#include "nicteam/packet/addresses.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/stack/chimney_config.h"
#include "nicteam/stack/socket.h"
#include "nicteam/stack/streams.h"

namespace nicteam::ipsec {
struct association_parameters;
class audit_trail;
struct policy;
enum class payload_kind : std::uint8_t;
}

namespace nicteam::tcp {
struct endpoint_config;
}

namespace nicteam::stack {

struct stack_config {
    std::string address;                          // "10.0.0.1/24" of the first adapter; empty: no IPv4
    std::string gateway;                          // where other networks are; empty: nowhere
    unsigned buffers = 128;                       // transmit buffers
    ps arp_timeout = 1'000 * millisecond;         // before a request is repeated
    unsigned arp_attempts = 3;
    ps arp_lifetime = 60 * second;
    unsigned arp_queue = 8;                       // datagrams that wait for one address
    bool udp_checksum = true;
    bool answer_echo = true;
    unsigned time_to_live = 64;
    bool may_fragment = false;                    // its datagrams go without DF, whole ones too
    ps reassembly_timeout = 30 * second;
    std::size_t reassembly_memory = 4u << 20;     // octets
};
extern const block_info stack_info;               // kind "stack"
extern const block_info stack_protection_info;    // kind "stack": of one with policies for what it sends
extern const block_info stack_judgement_info;     // kind "stack": of one with policies for what it receives, or a device that takes off IPsec
extern const block_info stack_rings_info;         // kind "stack": of one for which rings put associations on
extern const block_info stack_sent_back_info;     // kind "stack": of one that hands what is encrypted to a ring
extern const block_info stack_security_info;      // kind "stack": of one that takes off IPsec

// Who asks an adapter, through the stack, for something that is no packet.
class service_user {
public:
    virtual ~service_user() = default;
    virtual void completed(host::cpu&, driver::control&) {}
    virtual void finished(host::cpu&, driver::job&) {}
};

struct outbound_association;          // stack/outbound_association.h
struct inbound_association;           // stack/inbound_association.h

// Who watches what rises above IPsec: a whole datagram on its way to a socket, or to the stack itself.
class delivery_observer {
public:
    virtual ~delivery_observer() = default;
    virtual void rises(packet::octets datagram, trace_id, ps) = 0;      // of either version of IP
};

class protocol_stack_100 : public sc_core::sc_module, private driver::protocol_user {
public:
    protocol_stack_100(sc_core::sc_module_name, const stack_config&, driver::intermediary_102&, host::memory&);
    ~protocol_stack_100() override;

    // A further adapter with an address of its own.
    void add_interface(unsigned adapter, const std::string& address);

    socket& open_udp(std::uint16_t port, unsigned adapter = driver::any_adapter);   // throws when the port is taken
    socket& open_echo_client(std::uint16_t identifier);                             // ICMP echo requests out, replies in
    socket& open_raw(driver::protocol, unsigned adapter = 0);                       // whole frames

    // TCP; elaboration, once. Its module "tcp" stands where the caller constructs.
    streams& open_streams(const tcp::endpoint_config&, const chimney_config& = {});

    // Typed, open requests and jobs for an adapter (driver/adapter.h). Each completes exactly once, with a status.
    void request(host::cpu&, service_user&, unsigned adapter, driver::control&);
    void submit(host::cpu&, service_user&, unsigned adapter, driver::job&);

    // Elaboration. Received fragments are put together and associations taken off by the CPU (source document 004, FIG. 7: 706, 708), for
    // what no device below does. Throws std::invalid_argument: there can be no such association.
    void take_off(const ipsec::association_parameters&, ipsec::payload_kind);

    // The same, but a ring decrypts: packets of this association are handed as jobs to that adapter, which knows it as `name`.
    void send_back(const ipsec::association_parameters&, ipsec::payload_kind, unsigned adapter, state::handle name);

    // Elaboration. With the first policy nothing of IP is sent any more that no policy selects (RFC 4301, 5.1). Of a policy's associations
    // the last may be an adapter's: what it is to protect goes through that one, or not at all. The others the CPU puts on, with sequence
    // numbers of its own. Throws std::invalid_argument: there can be no such association.
    void protect(const ipsec::policy&);
    void protect(const outbound_association&);
    void protect(const ipsec::association_parameters&, std::uint64_t iv_seed, ipsec::payload_kind);

    // Elaboration. What a device below refused ends in the stack. With the first policy nothing of IP is taken in any more that no policy selects
    // (RFC 4301, 5.2); selectors are those of what arrives. What came through an association that is not told has no name and fits none.
    void judge();
    void judge(const ipsec::policy&);
    void judge(const inbound_association&);
    void watch(delivery_observer&);
    const ipsec::audit_trail* audited() const;    // of what its policies dropped; null: it judges nothing

    ipv4_address address(unsigned interface = 0) const;
    struct machinery;                 // models/stack/machinery.h

    void add_neighbour(ipv4_address, const driver::mac_address&, unsigned interface = 0);   // a static ARP entry
    void add_neighbour_ipv6(ipv4_address, const driver::mac_address&);       // where documentation_address() of it is: nobody is asked

private:
    void sent(host::cpu&, unsigned adapter, const driver::packet_list&, driver::status) override;
    void received(host::cpu&, unsigned adapter, const driver::packet_list&) override;
    void completed(host::cpu&, unsigned adapter, driver::control&) override;
    void finished(host::cpu&, unsigned adapter, driver::job&) override;
    void changed(host::cpu&, unsigned adapter, const driver::link_state&) override;
    std::unique_ptr<machinery> machinery_;
};

}  // namespace nicteam::stack
