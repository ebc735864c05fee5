#include "ipsec/service/foreseen.h"

#include <algorithm>

namespace nicteam::ipsec {

void foreseen::open(std::shared_ptr<packet_task> t) {
    if (all_.size() == most) {
        workers_.give_up(*all_.front());
        all_.pop_front();
    }
    all_.push_back(t);
    workers_.submit(std::move(t));
}

std::shared_ptr<packet_task> foreseen::take(std::uint64_t transform, std::optional<std::uint32_t> high, packet::octets whole) {
    const auto at = std::find_if(all_.begin(), all_.end(), [&](const std::shared_ptr<packet_task>& t) {
        return t->with->id == transform && t->high == high && t->given.size() == whole.size && std::equal(t->given.begin(), t->given.end(), whole.data);
    });
    if (at == all_.end()) return nullptr;
    std::shared_ptr<packet_task> t = std::move(*at);
    all_.erase(at);
    workers_.join(*t);
    return t;
}

}  // namespace nicteam::ipsec
