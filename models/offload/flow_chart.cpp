#include "nicteam/offload/flow_chart.h"

namespace nicteam::offload {
namespace {

constexpr step_info rows[] = {
    {step::is_fragmented_200, "FIG. 5", "is the packet fragmented? Of what a tunnel hides this is known only behind its decryption"},
    {step::decrypt_202, "FIG. 5", "IPsec logic 21a decrypts a whole packet"},
    {step::complete_transport_204, "FIG. 5", "receiver IP logic 22b checks and unpacks"},
    {step::is_encrypted_206, "FIG. 5", "is the fragment encrypted?"},
    {step::reassemble_plain_208, "FIG. 5", "receiver IP logic 22b reassembles plain fragments"},
    {step::fragmented_before_encryption_210, "FIG. 5", "was it fragmented before it was encrypted?"},
    {step::decrypt_fragment_212, "FIG. 5", "IPsec logic 21a decrypts what turns out to be a fragment"},
    {step::all_fragmentation_after_encryption_214, "FIG. 5", "was all fragmentation after all encryption?"},
    {step::reassemble_encrypted_216, "FIG. 5", "receiver IP logic 22b reassembles fragments of an encrypted packet"},
    {step::feed_back_218, "FIG. 5", "the reassembled packet goes back to IPsec logic 21a"},
    {step::decrypt_tunnel_220, "FIG. 5", "IPsec logic 21a takes off a tunnel from around a fragment that is still encrypted"},
    {step::receive_700, "FIG. 7", "a packet is received"},
    {step::decrypt_702, "FIG. 7", "it is decrypted"},
    {step::complete_transport_704, "FIG. 7", "the transport offload engine reassembles plain fragments, checks and unpacks"},
    {step::fragmented_after_encryption_706, "FIG. 7", "was it fragmented after it was encrypted?"},
    {step::reassemble_in_host_708, "FIG. 7", "the host reassembles the encrypted packet"},
};

}  // namespace

table<step_info> flow_chart() { return table<step_info>(rows); }

std::optional<step> prior_art(step s) {
    switch (s) {
        case step::is_fragmented_200: return step::receive_700;
        case step::decrypt_202:
        case step::decrypt_fragment_212:
        case step::decrypt_tunnel_220: return step::decrypt_702;
        case step::reassemble_plain_208:
        case step::complete_transport_204: return step::complete_transport_704;
        case step::fragmented_after_encryption_706: return s;
        default: return std::nullopt;
    }
}

step_list prior_art(const step_list& way) {
    step_list out;
    for (const step s : way)
        if (const auto p = prior_art(s); p && (out.empty() || *p != step::complete_transport_704 || out.back() != *p)) out.push_back(*p);
    return out;
}

std::string to_text(const step_list& w) {
    std::string s;
    for (const step x : w) {
        if (!s.empty()) s += ' ';
        s += std::to_string(static_cast<unsigned>(x));
    }
    return s;
}

}  // namespace nicteam::offload
