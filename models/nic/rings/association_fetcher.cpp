#include "nic/rings/association_fetcher.h"

#include <algorithm>

#include "nicteam/ipsec/association_state.h"

namespace nicteam::nic {

void association_fetcher::fetch(state::handle h, ps at) {
    awaited_ = h;
    if (busy_) {
        next_ = at;
        return;
    }
    bytes parts;
    const ipsec::association* a = in_.associations().find(h);
    ipsec::write_constant(a->constants(), parts);
    ipsec::write_cached(a->cached(), parts);
    read_.assign(parts.size(), 0);
    std::fill(parts.begin(), parts.end(), std::uint8_t{0});
    busy_ = true;
    transfer_ = pci::transfer{};
    transfer_.tag = ring_channel;
    transfer_.priority = priority_of[ring_channel];
    transfer_.address = where_.image_of(h);
    transfer_.bytes = static_cast<std::uint32_t>(read_.size());
    transfer_.data = read_.data();
    transfer_.command = pci::read_command(transfer_.address, transfer_.bytes, chip_.bus.configuration().cache_line_bytes());
    chip_.bus.start(transfer_, chip_.bus.clock().after(at, chip_.config.crypto.crossing));
}

// What the host keeps there is what it installed; else nobody's keys are used.
bool association_fetcher::as_installed() const {
    const ipsec::association* a = in_.associations().find(awaited_);
    if (!a) return false;
    bytes constant;
    ipsec::write_constant(a->constants(), constant);
    const bool same = std::equal(constant.begin(), constant.end(), read_.begin());
    std::fill(constant.begin(), constant.end(), std::uint8_t{0});
    return same;
}

void association_fetcher::ended(pci::transfer_result r, ps at) {
    busy_ = false;
    const bool good = awaited_ && !next_ && r == pci::transfer_result::done && as_installed();
    std::fill(read_.begin(), read_.end(), std::uint8_t{0});
    if (!awaited_) return;
    if (next_) {
        const ps since = std::max(*next_, at);
        next_.reset();
        if (in_.associations().find(awaited_)) return fetch(awaited_, since);
    }
    awaited_ = {};
    in_.fetched(good, at);
}

}  // namespace nicteam::nic
