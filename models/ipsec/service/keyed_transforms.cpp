#include "ipsec/service/keyed_transforms.h"

#include <algorithm>

namespace nicteam::ipsec {
namespace {

std::string content(const algorithms& a, const keys& k) {
    std::string all{static_cast<char>(a.cipher), static_cast<char>(a.authentication), static_cast<char>(k.cipher.size())};
    all.append(k.cipher.begin(), k.cipher.end());
    all.append(k.authentication.begin(), k.authentication.end());
    return all;
}

}  // namespace

std::shared_ptr<keyed_transform> keyed_transforms::of(const algorithms& a, const keys& k) {
    if (known_.size() >= tidy_at_) forget_gone();
    std::weak_ptr<keyed_transform>& there = known_[content(a, k)];
    std::shared_ptr<keyed_transform> it = there.lock();
    if (!it) {
        it = std::make_shared<keyed_transform>(++last_id_, a, k, threads_);
        it->of(0);                       // refuses what is none
        there = it;
    }
    return it;
}

void keyed_transforms::forget_gone() {
    for (auto k = known_.begin(); k != known_.end();) k = k->second.expired() ? known_.erase(k) : std::next(k);
    tidy_at_ = std::max<std::size_t>(64, 2 * known_.size());
}

}  // namespace nicteam::ipsec
