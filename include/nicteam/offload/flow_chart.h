// The numbered steps of source document 004: FIG. 5, a NIC with a feedback path, and FIG. 7, the prior art.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nicteam/base/tables.h"

namespace nicteam::offload {

// The values are the documents' numbers.
enum class step : std::uint16_t {
    is_fragmented_200 = 200,
    decrypt_202 = 202,
    complete_transport_204 = 204,
    is_encrypted_206 = 206,
    reassemble_plain_208 = 208,
    fragmented_before_encryption_210 = 210,
    decrypt_fragment_212 = 212,
    all_fragmentation_after_encryption_214 = 214,
    reassemble_encrypted_216 = 216,
    feed_back_218 = 218,
    decrypt_tunnel_220 = 220,
    receive_700 = 700,
    decrypt_702 = 702,
    complete_transport_704 = 704,
    fragmented_after_encryption_706 = 706,
    reassemble_in_host_708 = 708,
};

struct step_info {
    step number;
    const char* figure;      // "FIG. 5"
    const char* meaning;     // one sentence
};
table<step_info> flow_chart();

// The steps that a packet took, in order: "200 206 210 214 216 218 202 204".
using step_list = std::vector<step>;
std::string to_text(const step_list&);

// The same as FIG. 7 numbers it, for a NIC without a feedback path; nothing: a question that it does not ask.
std::optional<step> prior_art(step);
step_list prior_art(const step_list&);

}  // namespace nicteam::offload
