// Algorithms and keys, each content once, and the keyed objects for them: one for each thread, as they have a state of their own.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/ipsec/transform.h"

namespace nicteam::ipsec {

class keyed_transform {
public:
    keyed_transform(std::uint64_t id, ipsec::algorithms a, ipsec::keys k, unsigned threads) : id(id), algorithms(a), keys_(std::move(k)), of_thread_(threads) {}

    // Made when that thread first asks.
    transform& of(unsigned thread) {
        std::unique_ptr<transform>& t = of_thread_[thread];
        if (!t) t = transform::make(algorithms, keys_);
        return *t;
    }

    const std::uint64_t id;              // of this content, never used again for another
    const ipsec::algorithms algorithms;

private:
    const ipsec::keys keys_;
    std::vector<std::unique_ptr<transform>> of_thread_;
};

// Used by one thread.
class keyed_transforms {
public:
    explicit keyed_transforms(unsigned threads) : threads_(threads) {}
    // The one of this content, whoever asks; there while somebody holds it.
    std::shared_ptr<keyed_transform> of(const algorithms&, const keys&);
    std::size_t known() const { return known_.size(); }

private:
    void forget_gone();

    unsigned threads_;
    std::uint64_t last_id_ = 0;
    std::size_t tidy_at_ = 64;
    std::map<std::string, std::weak_ptr<keyed_transform>> known_;
};

}  // namespace nicteam::ipsec
