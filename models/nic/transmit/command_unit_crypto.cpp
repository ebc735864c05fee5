// Command blocks of a nic with the crypto block, formats of our own (docs/crypto-face.md): transmit through the block, and lend.
#include "nic/transmit/command_unit.h"

#include "nic/mac/crypto_transmit.h"
#include "nic/transmit/crypto_command.h"
#include "nicteam/rings/association_store.h"

namespace nicteam::nic {
namespace {

using offload::transmit_refusal;

rings::reason reason_of(transmit_refusal r) {
    switch (r) {
        case transmit_refusal::stale_handle: return rings::reason::stale_handle;
        case transmit_refusal::number_refused: return rings::reason::number_refused;
        case transmit_refusal::no_number: return rings::reason::no_number;
        case transmit_refusal::exhausted: return rings::reason::exhausted;
        case transmit_refusal::expired: return rings::reason::expired;
        case transmit_refusal::frozen: return rings::reason::frozen;
        case transmit_refusal::too_long: return rings::reason::too_long;
        case transmit_refusal::without_engines: return rings::reason::without_engines;
        default: return rings::reason::none;         // the verdict tells
    }
}

}  // namespace

// Extended blocks only; all buffers stand in the array.
void command_unit::transmit_through_block(ps at) {
    const ps next = at + chip_.clock();
    if (!transmitter_.crypto()) return refuse(next);
    const crypto_command c = crypto_command::of(cb_);
    tcb_ = transmit_block::of(cb_);
    tcb_.bytes = 0;
    assist_ = {};
    assist_.ip = assist_.transport = assist_.parse = assist_.either_version = c.checksums;
    order_.reset();
    if (c.protect) order_ = offload::protection_order{c.association, c.sequence};
    inside_ = {};
    delay_ = block_.delay;
    pieces_.clear();
    frame_bytes_ = 0;
    const bool array = tcb_.tbds != 0 && tcb_.tbds != transmit_block::dynamic;
    if (!c.known || !array || block_.no_crc || chip_.setup.get(field::standard_tcb) || chip_.setup.get(field::crc16)) return unsendable(next, true);
    gather(next);
}

void command_unit::lend(ps act) {
    if (!transmitter_.crypto() || chip_.setup.get(field::standard_tcb)) return refuse(act);
    const lend_command c = lend_command::of(cb_);
    const rings::reason why = rings::lend(transmitter_.crypto()->block().associations(), c.association, {c.first, c.last});
    if (why == rings::reason::none) return complete(command_block::complete | command_block::ok, act);
    chip_.count.refused_command.add();
    complete(static_cast<std::uint16_t>(command_block::complete | static_cast<unsigned>(why)), act);
}

std::uint16_t command_unit::hand_on(ps at) {
    ipsec::outcome verdict = ipsec::outcome::done;
    const transmit_refusal why = transmitter_.crypto()->block().add(frame_, frame_bytes_, order_, verdict);
    if (why == transmit_refusal::none) return command_block::complete | command_block::ok;
    transmitter_.crypto()->discard(at);
    mark(0);
    untold_ = 0;
    const unsigned status = command_block::complete | static_cast<unsigned>(reason_of(why)) | static_cast<unsigned>(verdict) << crypto_command::verdict_shift;
    return static_cast<std::uint16_t>(status);
}

}  // namespace nicteam::nic
