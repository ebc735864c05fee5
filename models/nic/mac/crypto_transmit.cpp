#include "nic/mac/crypto_transmit.h"

#include <algorithm>

#include "nic/mac/transmitter.h"

namespace nicteam::nic {

// Word w (from 0) is there at w + 1 clocks of the block; octet k leaves k octets behind the preamble, which begins more than an octet behind the
// word that the MAC waits for. When words are slower than octets, the last one is the latest.
std::uint32_t certain_from(std::uint32_t octets, unsigned word_octets, ps block, ps octet, unsigned preamble_octets) {
    const auto words = static_cast<ps>((octets + word_octets - 1) / word_octets);
    const ps first_of_last = (words - 1) * static_cast<ps>(word_octets);
    const ps behind = words * block - (first_of_last + 1 + static_cast<ps>(preamble_octets)) * octet;
    const ps needed = behind <= block ? 1 : (behind + block - 1) / block;
    return std::min(octets, static_cast<std::uint32_t>(needed) * word_octets);
}

crypto_transmit::crypto_transmit(transmitter& t, const offload::crypto_config& config, offload::receive_block& receive)
    : transmitter_(t), config_(config), block_("crypto_transmit", config, &receive, *this) {}

transmit_setup crypto_transmit::configured(const transmit_setup& s) {
    transmit_setup own = s;
    own.medium = nullptr;
    fifo_.setup(own);
    transmit_setup buffer = s;
    buffer.pci = clock_domain(config_.period);
    buffer.fifo_bytes = config_.frame_buffer;
    buffer.two_frames = config_.frame_buffer_frames;
    return buffer;
}

void crypto_transmit::left_fifo(ps at) {
    fifo_.hand_on(at);
    transmitter_.left_fifo(at);
}

ps crypto_transmit::room(std::uint32_t octets, ps edge) const { return transmitter_.room_for(octets, edge); }

void crypto_transmit::comes(const ref<frame>& f, std::uint32_t octets, const span& words, ps at) {
    const transmit_setup& s = transmitter_.path().current();
    const bool early = config_.frame_start == offload::frame_start::early;
    const std::uint32_t threshold = early ? certain_from(octets, config_.word_octets, config_.period, s.octet.period(), s.preamble_octets) : octets;
    transmitter_.buffer(f, octets, threshold, words, offload::word_to_frame_buffer(config_), at);
}

void crypto_transmit::reset(ps at, trace_id hosts) {
    fifo_.clear(at);
    block_.reset(at, hosts);
}

}  // namespace nicteam::nic
