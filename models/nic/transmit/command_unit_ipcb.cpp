// The IPCB transmit command of the 82550: a transmit block whose first TBD made room for what is to be done to the packet
// (SDM appendix B, docs/nic-82550.md).
#include "nic/registers/identities.h"
#include "nic/transmit/command_unit.h"

namespace nicteam::nic {

void command_unit::transmit_ipcb(ps at) {
    const ps next = at + chip_.clock();
    if (info_of(chip_.config.identity).generation < packet_assist::since) return refuse(next);
    tcb_ = transmit_block::of(cb_);
    assist_ = packet_assist::of(cb_);
    order_.reset();
    inside_ = {packet_assist::first_buffer, 1};
    delay_ = block_.delay;
    pieces_.clear();
    frame_bytes_ = 0;
    // Extended blocks and addresses from memory are asked for by SDM B.1 and B.2.2.3; of the rest nothing is published that could be done.
    const bool there = !chip_.setup.get(field::standard_tcb) && chip_.setup.get(field::source_from_memory) && !assist_.scheduled && !assist_.security && !assist_.large_send;
    if (!there || growing_unasked()) return unsendable(next, true);
    if (tcb_.bytes) add_buffer({address_ + packet_assist::immediate, tcb_.bytes, false});
    gather(next);
}

// The frame is in the FIFO, and not on its way: it had to be whole for that.
void command_unit::assist() {
    const packet_assist::outcome o = assist_.apply(frame_->data, frame_bytes_);
    if (o == packet_assist::outcome::nothing_found) chip_.count.tx_assist_missed.add();
    else if (assist_.checksums()) chip_.count.tx_checksums.add();
}

}  // namespace nicteam::nic
