// Cipher and hash engines as measured: how many clocks real register-transfer cores take. Each row is a public core that was
// simulated (Icarus Verilog 11.0, Verilator 5.006 or GHDL 2.0.0) and whose results were held to FIPS 197, FIPS 180, RFC 1321, NIST SP
// 800-67 and the GCM specification. No row says how fast its clock may be: that is the engine's clock domain.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"
#include "nicteam/bounds/fraction.h"
#include "nicteam/ipsec/algorithms.h"

namespace nicteam::offload {

enum class core_kind : std::uint8_t { des, des3, aes, md5, sha1, sha256, ghash, aes_gcm };

// All in clocks of the engine.
struct block_rate {
    std::uint16_t interval = 0;      // between the starts of two blocks that do not wait for each other; 0: it cannot
    std::uint16_t latency = 0;       // from the edge that samples a block to the edge that samples its result
    std::uint16_t key_setup = 0;     // before the first block under another key
};

struct engine_core {
    const char* name;                // in scenarios
    core_kind kind;
    std::uint8_t key;                // octets of the key; 0: no cipher
    std::uint8_t block;              // octets
    block_rate forward;              // encrypting, counter mode either way, hashing
    std::uint16_t chained;           // interval of CBC encryption, where a block waits for the one before; 0: none
    block_rate backward;             // CBC decryption; interval 0: it cannot
    std::uint16_t tag;               // from the start of the last block to the tag; 0: no tag
    const char* source;
};

extern const table<engine_core> engine_cores;
const engine_core* core_named(std::string_view);      // nullptr: none
std::string core_names(core_kind);                     // "3des-area, 3des-pipelined, …"

// The engine's clock where a scenario gives none: that of the PCI bus. Choice: the cores' own limits depend on what they are built in.
constexpr ps engine_period = 30'000;

// Bits per second of many blocks one behind the other, at a clock of this period.
enum class block_use : std::uint8_t { forward, chained, backward };
bounds::fraction rate(const engine_core&, block_use, ps period);

}  // namespace nicteam::offload
