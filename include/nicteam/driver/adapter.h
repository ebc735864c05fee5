// The one interface between a protocol stack and what carries its frames. A base driver, a team, a VLAN device, a filter and
// a pass-through are all adapters; whoever uses one is an adapter_user. Source documents 000/001, FIG. 1: 102, 104-108.
//
// Everything is asynchronous and completes exactly once, with a status. Buffers are addresses and lengths in host memory.
// All calls are made on a CPU's thread and may spend its cycles.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/host/cpu.h"
#include "nicteam/state/handle.h"

namespace nicteam::driver {

using mac_address = std::array<std::uint8_t, 6>;

enum class status : std::uint8_t {
    done,
    not_done,        // halted before it was tried
    refused,         // unknown or unsupported request; `detail` says why
    failed,          // tried, the device reported an error
    no_room,         // queue full: try again after a completion
};
const char* name_of(status);

// What a device with a crypto block did to a received packet (docs/crypto-block.md).
enum class security_verdict : std::uint8_t { plain, verified, fragment, no_association, refused, engines_failed };
struct security_status {
    struct seen {
        state::handle association;            // by the name that the driver gave it
        std::uint64_t sequence = 0;           // its number in that one, whole
    };
    security_verdict verdict = security_verdict::plain;
    std::uint8_t reason = 0, flags = 0;
    std::vector<seen> associations;           // taken off, the outermost first; at last the one that refused
};

struct piece { std::uint64_t address; std::uint32_t bytes; };

// What a device found of a received packet's IPv4 and TCP or UDP checksums.
enum class checksum_verdict : std::uint8_t { unknown, good, bad };

// A frame in host memory: destination address … last payload octet, no FCS.
struct packet {
    std::vector<piece> pieces;
    std::uint32_t bytes = 0;          // sum of the pieces
    // Received: of Ethernet II, or of a SNAP header with organisation 0 (RFC 1042); below 0600h: the length field of any other LLC frame.
    std::uint16_t ether_type = 0;
    trace_id id = 0;                  // for observers
    void* owner = nullptr;            // the sender's own use; comes back untouched
    // To be sent: the device inserts the checksums of IPv4 and of TCP or UDP; the field of the latter holds the sum of the pseudo header. Only if `able` says so.
    bool insert_checksums = false;
    state::handle protection;         // to be sent: the device puts this association of its own on; nothing: as it is. Only if `able` says so
    checksum_verdict checksums = checksum_verdict::unknown;      // received
    security_status security;         // received
};
using packet_list = std::vector<packet*>;

struct capabilities {
    mac_address mac{};
    std::uint32_t mtu = 1500;                 // bytes of payload behind the Ethernet header
    std::int64_t link_rate = 0;               // bit/s, 0 while down
    std::uint32_t transmit_pieces = 8;        // most pieces in one packet
    bool protects = false;                    // puts associations on what is sent
    bool checksums = false;                   // inserted when sending, verified when receiving, by the device
    std::vector<std::string> services;        // names of control kinds and job kinds that it accepts
};

// `ready`: the device answers, and its driver has set it up; without, the link is down whatever the cable does.
struct link_state { bool up; std::int64_t rate; bool full_duplex; ps since; bool ready = true; };

struct send_how { bool more_follows = false; };

// Typed, open requests: derive, and name the kind. An adapter that does not know the kind completes it as `refused`.
struct control {
    explicit control(std::string k) : kind(std::move(k)) {}
    virtual ~control() = default;
    const std::string kind;                   // "set_mac", "set_filter", "statistics", …
    status result = status::not_done;
    std::string detail;
};
struct set_filter : control {
    set_filter() : control("set_filter") {}
    bool promiscuous = false, broadcast = true, all_multicast = false;
    std::vector<mac_address> multicast;       // groups; individual addresses among them are heard beside its own
};
struct set_mac : control { set_mac() : control("set_mac") {} mac_address mac{}; };
struct read_statistics : control {
    read_statistics() : control("statistics") {}
    std::vector<std::pair<std::string, std::uint64_t>> counters;   // hardware counters since the last read, by name
};

// Secondary use: work for the adapter's engines that is no frame of its own. Open like control.
struct job {
    explicit job(std::string k) : kind(std::move(k)) {}
    virtual ~job() = default;
    const std::string kind;
    status result = status::not_done;
    std::string detail;
};

enum class halt_reason : std::uint8_t { shutdown, reset, removed };

class offload_port;                               // driver/offload_port.h

class adapter_user {
public:
    virtual ~adapter_user() = default;
    virtual void sent(host::cpu&, const packet_list&, status) = 0;
    virtual void received(host::cpu&, const packet_list&) = 0;        // give_back() each exactly once
    virtual void completed(host::cpu&, control&) = 0;
    virtual void finished(host::cpu&, job&) = 0;
    virtual void changed(host::cpu&, const link_state&) = 0;
};

class adapter {
public:
    virtual ~adapter() = default;
    virtual const char* adapter_name() const = 0;
    virtual void bind(adapter_user&) = 0;                             // elaboration; one user
    virtual const capabilities& able() const = 0;
    virtual void send(host::cpu&, const packet_list&, const send_how& = {}) = 0;
    virtual void request(host::cpu&, control&) = 0;
    virtual void submit(host::cpu&, job&) = 0;
    virtual void give_back(host::cpu&, const packet_list&) = 0;
    // Everything outstanding completes first, marked done or not_done; afterwards every call completes as not_done.
    virtual void halt(host::cpu&, halt_reason) = 0;
    virtual offload_port* offload() { return nullptr; }               // connections in its device; nullptr: it runs none
};

}  // namespace nicteam::driver
