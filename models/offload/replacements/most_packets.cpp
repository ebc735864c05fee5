// A place is for who has the most packets (US 7,124,293: a metric of each association, which decays, and a hysteresis as large as a replacement is
// worth): the least of a full set goes only for a newcomer that is so many packets ahead of it.
#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "offload/replacements/replacements.h"

namespace nicteam::offload {
namespace {

class by_count : public replacement_policy {
public:
    explicit by_count(const replacement_options& o) : options_(o) {}

    void looked_up(state::handle h) override {
        ++counts_[key(h)];
        if (!options_.decay || ++look_ups_ < options_.decay) return;
        look_ups_ = 0;
        for (auto at = counts_.begin(); at != counts_.end();) at = (at->second /= 2) ? std::next(at) : counts_.erase(at);
    }
    bool admits(cache_set& full, state::handle h) override {
        const auto least = std::min_element(full.begin(), full.end(), [this](state::handle a, state::handle b) { return count(a) < count(b); });
        if (count(h) <= count(*least) + options_.hysteresis) return false;
        std::rotate(least, least + 1, full.end());
        return true;
    }

private:
    static std::pair<std::uint32_t, std::uint32_t> key(state::handle h) { return {h.index, h.generation}; }
    std::uint64_t count(state::handle h) const {
        const auto at = counts_.find(key(h));
        return at == counts_.end() ? 0 : at->second;
    }
    replacement_options options_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> counts_;
    unsigned look_ups_ = 0;
};

}  // namespace

std::unique_ptr<replacement_policy> make_most_packets(const replacement_options& o) { return std::make_unique<by_count>(o); }

}  // namespace nicteam::offload
