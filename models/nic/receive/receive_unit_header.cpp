// Header descriptors: the header size, and the buffers that software names when it has seen the header
// (docs/decisions/0031-header-descriptors-and-early-receive.md).
#include "nic/receive/receive_unit.h"

#include <algorithm>

namespace nicteam::nic {
namespace {

constexpr std::uint32_t largest_header = 0x3FFF;         // 14 bits, SDM 6.3.2

}  // namespace

bool receive_unit::load_header_size(std::uint32_t v) {
    if (v == 0 || v % 2 != 0 || v > largest_header) return false;
    header_size_ = v;
    return true;
}

// The header is in memory. Without direct DMA the rest of the frame waits in the FIFO for software to say where it goes.
bool receive_unit::header_done(ps at) {
    if (chip_.setup.get(field::direct_dma_disable)) {
        own_ += descriptor_.size;            // which does not count the header, SDM 6.4.3.1.2
        area_ = {area_.address + area_.bytes, descriptor_.size, done_, false, false};
        return false;
    }
    chip_.irq.raise(at, er_cause);
    if (path_.whole_length(path_.front()) <= done_) return false;
    phase_ = phase::redirect;
    return true;
}

bool receive_unit::redirect(std::uint32_t pointer, ps at) {
    if (phase_ != phase::redirect) return false;
    phase_ = phase::none;
    listed_ = true;
    list_.clear();
    pending_buffers_ = false;
    list_.begin(base_, pointer, address_);
    lack_buffers(!list_.more(), at);
    if (!list_.more()) {
        truncate(at);
        receiver_.sample(at);
    }
    look(std::max(busy_until_, at + chip_.clock()));
    return true;
}

// The list that a redirect named for a simplified descriptor serves its frame alone.
void receive_unit::forget_redirect(ps at) {
    if (listed_ && !descriptor_.flexible) forget_buffers(at);
}

}  // namespace nicteam::nic
