// A security association and a policy as people write them: rows of tables, and what they mean.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/ipsec/databases.h"

namespace nicteam::ipsec {

constexpr std::uint8_t inner_dscp = 64;           // left out: the inner packet's; a DSCP has 6 bits

enum class software_end : std::uint8_t { none, from, to, both };       // where a host's CPU does what else its nic does

struct association_config {
    std::string from, to;                        // components; who builds the system resolves them to addresses
    unsigned ip_version = 0;                     // "ipv4|ipv6", of these
    std::uint32_t spi = 0;
    unsigned protocol = 0;                       // "esp|ah"
    association_mode mode = association_mode::tunnel;                  // choices "transport|tunnel"
    cipher_kind cipher = cipher_kind::aes_cbc;                         // the names of cipher_info
    authentication_kind authentication = authentication_kind::hmac_sha1_96;
    std::string key, authentication_key;         // hexadecimal, "0x…", with the salt behind
    bool extended_sequence = false;
    std::uint64_t first_sequence = 1;
    std::uint32_t replay_window = 64;
    limits soft, hard;                           // 0: none
    bool udp = false;                            // RFC 3948
    udp_ports ports;
    fragment_bit dont_fragment = fragment_bit::copy;                   // choices "copy|set|clear"
    std::uint8_t hop_limit = 64;
    std::uint8_t dscp = inner_dscp;
    bool copy_congestion = true;                 // RFC 6040
    std::uint32_t path_mtu = 1'500;
    unsigned cut = 0;                            // "behind|before"
    bool fragments_in_transport = false;
    software_end software = software_end::none;
    std::string inner_source, inner_destination; // "192.0.2.0/24"; empty: any
};
extern const block_info association_info;        // kind "sa"

enum class policy_ends : std::uint8_t { both, sender, receiver };

struct policy_config {
    std::string from, to;
    unsigned ip_version = 0;                     // "ipv4|ipv6"
    std::string source_prefix, destination_prefix;                     // "192.0.2.0/24"; empty: the addresses of from and to
    int protocol = -1;                           // left out: any
    std::uint32_t source_port = 0, destination_port = 0;               // of UDP or TCP; 0: any
    policy_action action = policy_action::protect;                     // choices "protect|bypass|discard"
    std::vector<std::string> bundle;             // associations, the innermost first
    policy_ends held_by = policy_ends::both;     // choices "both|sender|receiver"
};
extern const block_info policy_info;             // kind "policy"

// Octets of keys as they are made when left out, salt included: the shortest that the algorithm takes.
std::size_t cipher_key_octets(cipher_kind);
std::size_t authentication_key_octets(authentication_kind);

// "0x0123…"; false: it is none.
bool parse_key(std::string_view hexadecimal, bytes& out);

// Between two addresses. Throws std::invalid_argument: a key that is no hexadecimal number, a prefix that is none. Whether there can be such an association
// refusal() tells.
association_parameters parameters_of(const association_config&, const std::string& name, const packet::ip_address& from, const packet::ip_address& to);
policy policy_of(const policy_config&, const std::string& name, const packet::ip_address& from, const packet::ip_address& to);

// A row of Wireshark's table of associations, the file esp_sa; empty: Wireshark does not know its algorithms, or it is AH.
std::string esp_sa_row(const association_parameters&);

}  // namespace nicteam::ipsec
