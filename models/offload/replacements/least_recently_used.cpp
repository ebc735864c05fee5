// What was used goes to the front.
#include <algorithm>

#include "offload/replacements/replacements.h"

namespace nicteam::offload {
namespace {
struct by_use : replacement_policy {
    void hit(cache_set& s, std::size_t entry) override { std::rotate(s.begin(), s.begin() + static_cast<std::ptrdiff_t>(entry), s.begin() + static_cast<std::ptrdiff_t>(entry) + 1); }
};
}  // namespace

std::unique_ptr<replacement_policy> make_least_recently_used() { return std::make_unique<by_use>(); }

std::unique_ptr<replacement_policy> make_replacement(cache_replacement r, const replacement_options& o) {
    switch (r) {
        case cache_replacement::first_in_first_out: return make_first_in_first_out();
        case cache_replacement::most_packets: return make_most_packets(o);
        case cache_replacement::least_recently_used: break;
    }
    return make_least_recently_used();
}

}  // namespace nicteam::offload
