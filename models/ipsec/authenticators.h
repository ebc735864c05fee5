// Keyed hashes and AES-XCBC-MAC behind one face.
#pragma once

#include <memory>

#include "nicteam/ipsec/transform.h"

namespace nicteam::ipsec {

// nullptr for null and for aes-gmac, which is no hash of its own.
std::unique_ptr<authenticator> make_authenticator(authentication_kind, const bytes& key);

// A keyed checksum for runs where only lengths and times count: wrong keys and changed octets are noticed, forgers are not kept out.
std::unique_ptr<authenticator> make_checksum_authenticator(const bytes& key);

}  // namespace nicteam::ipsec
