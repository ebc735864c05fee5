// What the protocol stack keeps. output.cpp sends, arp.cpp finds neighbours, input.cpp takes what arrives, sockets.cpp serves applications;
// of IPv6 output_ipv6.cpp and input_ipv6.cpp.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "nicteam/driver/packet_lists.h"
#include "nicteam/host/costs.h"
#include "nicteam/packet/arp.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/icmp.h"
#include "nicteam/packet/icmp_error.h"
#include "nicteam/packet/identification.h"
#include "nicteam/packet/udp.h"
#include "nicteam/sim/session.h"
#include "nicteam/stack/buffers.h"
#include "nicteam/stack/protocol_stack.h"
#include "stack/path_mtus.h"
#include "stack/ring.h"
#include "stack/way_out.h"

namespace nicteam::stack {

using host::cost;

enum class stack_metric : unsigned {
    sent, received, received_bytes, no_buffer, no_route, unresolved, arp_requests, arp_replies, echo_replies, bad_header, bad_checksum, not_ours, fragments,
    no_socket, unknown_protocol, failed, bad_source, reassembled, reassembly_drops, reassembly_timeouts, time_exceeded, cut, fragments_sent, too_big, number_of
};
constexpr unsigned stack_metric_count = static_cast<unsigned>(stack_metric::number_of);
enum class stack_outcome : unsigned {
    consumed, no_socket, bad_header, bad_checksum, not_ours, reassembly_refused, unknown_protocol, unresolved, refused, bad_source, joined, duplicate, cut,
    segment
};

// Who gets the completion of a buffer.
class completion_user {
public:
    virtual ~completion_user() = default;
    virtual void complete(host::cpu&, std::uint64_t tag, driver::status) = 0;
    virtual void room(host::cpu&) = 0;            // a buffer is free again, after there was none
};

// Waits for so many buffers.
struct wish {
    completion_user* user = nullptr;
    unsigned frames = 1;
};

struct interface {
    unsigned adapter = 0;
    ipv4_address ip = 0;
    unsigned bits = 32;
    ipv4_address mask() const { return bits ? ~0u << (32 - bits) : 0; }
    bool local(ipv4_address a) const { return ((a ^ ip) & mask()) == 0; }
};

struct neighbour {
    driver::mac_address mac{};
    bool known = false, permanent = false, asking = false;
    ps since = 0;
    unsigned attempts = 0;
    std::vector<buffer*> waiting;
};

class udp_socket;
class echo_socket;
class raw_socket;
class reassembly;
class receive_security;
class put_on_by_ring;
class sent_back;
class send_security;
class receive_policy;
class transport;

// Hands buffers to one adapter; what finds no room there waits in order.
class outlet {
public:
    outlet(driver::intermediary_102& i, driver::protocol_user& u, unsigned adapter, unsigned buffers, sim::station& s)
        : below_(i), user_(u), adapter_(adapter), backlog_(buffers), station_(s) {}
    void send(host::cpu&, buffer&);
    bool keep(buffer&);               // the adapter had no room for it; always true
    void flush(host::cpu&);           // there may be room again
    bool waiting() const { return !backlog_.empty(); }
    void claim(const sim::station::claim&) const;

private:
    void pass(host::cpu&, buffer&);
    driver::intermediary_102& below_;
    driver::protocol_user& user_;
    unsigned adapter_;
    ring<buffer*> backlog_;
    sim::station& station_;
    bool flushing_ = false, came_back_ = false;
    driver::packet_lists lists_;
};

struct protocol_stack_100::machinery {
    machinery(protocol_stack_100&, driver::protocol_user& self, const stack_config&, driver::intermediary_102&, host::memory&);
    ~machinery();

    protocol_stack_100& stack;
    driver::protocol_user& self;
    stack_config config;
    driver::intermediary_102& below;
    host::memory& ram;
    buffer_pool pool;
    std::vector<interface> interfaces;
    std::map<unsigned, std::unique_ptr<outlet>> outlets;             // by adapter
    std::map<std::pair<unsigned, ipv4_address>, neighbour> neighbours;   // by interface and address
    std::map<ipv4_address, driver::mac_address> known_ipv6;          // by the IPv4 address in that of IPv6
    ipv4_address gateway = 0;
    std::uint16_t identification = 0;
    packet::identification_source identifications;                   // of IPv6 that is cut, and of outer headers
    std::vector<std::unique_ptr<udp_socket>> udp;
    std::vector<std::unique_ptr<echo_socket>> echo;
    std::vector<std::unique_ptr<raw_socket>> raw;
    std::unique_ptr<reassembly> again;
    std::unique_ptr<receive_security> security;   // none: what is encrypted is dropped
    std::unique_ptr<sent_back> back;              // none: the CPU decrypts all that is left to it
    std::unique_ptr<send_security> policies;      // none: everything is sent as it is
    std::unique_ptr<put_on_by_ring> rings;        // none: no ring puts anything on
    std::unique_ptr<receive_policy> inbound;      // none: everything is taken in as it comes
    std::unique_ptr<transport> tcp;               // none: no application has a connection
    delivery_observer* watcher = nullptr;
    std::map<const void*, service_user*> services;                   // by the request or job under way
    std::vector<buffer*> unreachable;             // nobody answered for them; about to be completed
    std::vector<buffer*> leaving;                 // pieces about to be handed down
    std::vector<wish> wanting;                    // found no buffer, in order of asking
    path_mtus paths;
    bytes out, in;                    // a packet being made, a packet being looked at
    bytes whole;                      // put together of fragments that came as they are
    std::vector<bytes> pieces;        // of a datagram being cut
    bool verified = false;            // the device has found the latter's checksums good
    sim::station& station;
    counter* counters[stack_metric_count];

    void count(stack_metric m, std::uint64_t n = 1) { counters[static_cast<unsigned>(m)]->add(n); }
    void end(trace_id id, stack_outcome o, ps at) const { station.ended(id, stack_info.outcomes.rows[static_cast<unsigned>(o)], at); }
    void posted(trace_id id, ps at) const { station.passed(id, stack_info.stages.rows[0], at); }
    const driver::mac_address& mac(const interface& i) const { return below.able(i.adapter).mac; }
    trace_id newborn(std::uint32_t octets, ps at);
    trace_id made_of(trace_id before, std::uint32_t octets, ps at);       // on the wire
    send_security& protecting();
    service_user& served(const void* what);       // its request or job has completed
    void claim(const sim::station::claim&) const;     // packets that wait here

    // output.cpp
    void add_interface(unsigned adapter, const std::string& address);
    int route(ipv4_address to, ipv4_address& next_hop) const;           // interface, -1: none
    buffer* take(completion_user*, std::uint64_t tag, unsigned frames = 1);       // the first of as many as are there
    void fill(host::cpu&, buffer&, trace_id);                          // `out` into the buffer
    // How a datagram of `octets` leaves; how many frames it takes is known before anything is spent on it.
    struct ports { std::uint16_t source = 0, destination = 0; };          // ICMP: type and code in the halves of the first
    way_out way(unsigned interface, packet::ipv4_fields&, const ports&, std::size_t octets, ps now) const;      // and DF
    // `out` holds the frame, its Ethernet addresses still open. It is everybody's: no time passes between making it and this.
    void send_ip(host::cpu&, unsigned interface, ipv4_address next_hop, buffer&, trace_id, const way_out&);      // IPv6: next_hop its destination
    void send_pieces(host::cpu&, unsigned interface, ipv4_address next_hop, buffer&, trace_id, const way_out&);
    void send_icmp(host::cpu&, unsigned interface, ipv4_address next_hop, packet::octets datagram);
    // Of either version: what it costs, and its frame, when there is a buffer.
    void send_message(host::cpu&, unsigned interface, ipv4_address next_hop, const way_out&, std::uint16_t ether_type, packet::octets message,
                      const std::function<void()>& append_header);
    packet::ipv4_fields unnumbered(unsigned interface, ipv4_address to, std::uint8_t protocol) const;       // its identification is still open
    void address(buffer&, const driver::mac_address&, ps at);           // of all its pieces
    void transmit(host::cpu&, unsigned interface, buffer&);             // likewise
    void lose(host::cpu&, buffer&, stack_outcome);                      // likewise
    void complete(host::cpu&, buffer&, driver::status);

    // arp.cpp
    bool resolve(host::cpu&, unsigned interface, ipv4_address, buffer&);   // false: the buffer waits
    void ask(host::cpu&, unsigned interface, ipv4_address);
    void asked_long_enough(host::cpu&, unsigned interface, ipv4_address);
    void learn(host::cpu&, unsigned interface, ipv4_address, const driver::mac_address&);
    void arp(host::cpu&, unsigned interface, packet::octets payload, trace_id);

    // input.cpp
    void sent(host::cpu&, unsigned adapter, const driver::packet_list&, driver::status);
    void received(host::cpu&, unsigned adapter, const driver::packet_list&);
    void take_in(host::cpu&, unsigned adapter, const driver::packet&);
    bool from_nobody(host::cpu&, packet::octets frame, trace_id);      // whole header; true: it has ended
    void ip(host::cpu&, unsigned interface, packet::octets payload, trace_id);
    void fragment(host::cpu&, unsigned interface, packet::octets, trace_id);
    void icmp_error(host::cpu&, const packet::icmp_error&);
    void icmp(host::cpu&, unsigned interface, const packet::ipv4_view&, trace_id);
    void segment(host::cpu&, packet::octets datagram, trace_id);         // of TCP; either version of IP

    // input_ipv6.cpp
    void ipv6(host::cpu&, unsigned interface, packet::octets payload, trace_id);
    void datagram(host::cpu&, unsigned interface, const packet::ip_view&, trace_id);
    void icmp(host::cpu&, const packet::ip_view&, trace_id);
    void either_ip(host::cpu&, unsigned interface, packet::octets, trace_id);      // that came to light here

    // output_ipv6.cpp
    packet::ip_fields unnumbered_ipv6(unsigned interface, ipv4_address to, std::uint8_t protocol) const;
    way_out way(unsigned interface, const packet::ip_fields&, const ports&, std::size_t octets, ps now) const;
    bool find_ipv6(host::cpu&, ipv4_address, buffer&);                 // false: the buffer is lost
    std::uint32_t next_identification(packet::octets datagram, ps at);     // 0: its pieces need none of their own
    void send_icmp_ipv6(host::cpu&, packet::octets datagram);
    void datagram(host::cpu&, unsigned interface, const packet::ipv4_view&, trace_id);
};

// Copies a packet out of host memory.
void copy_in(host::memory&, const driver::packet&, bytes& to, ps at);

}  // namespace nicteam::stack
