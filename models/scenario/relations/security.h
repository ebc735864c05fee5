// [[sa]] and [[policy]]: who has which.
#pragma once

#include <string>
#include <vector>

#include "nicteam/ipsec/association_config.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

// A peer or router: puts associations on and takes them off at no cost.
bool is_outside(const component&);
// Of a peer, router or port, of a nic or team, of a host's first interface; 0.0.0.0 where nothing can be told yet. `ip_version`: 1 for IPv6.
packet::ip_address address_of(const std::string& path, const resolved&, std::int64_t ip_version = 0);

// A peer whose traffic passes policies or routers before it comes to its link.
bool protects(const component& peer, const resolved&);

// A host whose datagrams pass policies before they are sent.
bool has_policies(const component& host, const resolved&);
// A host that judges what it receives: by policies, or by what a crypto block says.
bool judges(const component& host, const resolved&);
bool held_by_sender(const component& policy);
bool held_by_receiver(const component& policy, const resolved&);      // a host
// The nic that puts an association on, its host's first; null: a peer does.
const component* sender_of(const component& sa, const resolved&);

// The nic that takes an association off: what `to` names, or its host's first. Null: a peer does, or there is none.
const component* receiver_of(const component& sa, const resolved&);
bool left_to_host(const component& sa, const resolved&);       // what its nic leaves encrypted, or all
// Which end of an association is a host's CPU and no nic.
bool put_on_by_cpu(const component& sa);
bool taken_off_by_cpu(const component& sa);
bool put_on_by_card(const component& sa, const resolved&);
packet::ip_address end_of(const component& sa_or_policy, const char* key, const resolved&);      // "from" or "to", in its version of IP
ipsec::association_parameters parameters_of(const component& sa, const resolved&);
ipsec::association_parameters outbound_parameters_of(const component& sa, const resolved&);      // as its sender has it
bool has_prefixes(const component& policy);      // false: what it gives as one is none, as has been told, and policy_of() throws
ipsec::policy policy_of(const component& policy, const resolved&);
// As its receiver asks for it: through those associations of its bundle that end at it.
ipsec::policy inbound_policy_of(const component& policy, const resolved&);
ipsec::payload_kind payload_of(const resolved&);              // what associations do to octets

// The file esp_sa, with which Wireshark decrypts what the run captured; empty: no association that it could.
std::string esp_sa(const resolved&);

}  // namespace nicteam::scenario
