// What was used goes to the front.
#include <algorithm>

#include "offload/replacements/replacements.h"

namespace nicteam::offload {
namespace {
struct by_use : replacement_policy {
    void hit(cache_set& s, std::size_t entry) const override { std::rotate(s.begin(), s.begin() + static_cast<std::ptrdiff_t>(entry), s.begin() + static_cast<std::ptrdiff_t>(entry) + 1); }
};
}  // namespace

const replacement_policy& least_recently_used() {
    static const by_use p;
    return p;
}

const replacement_policy& policy_of(cache_replacement r) { return r == cache_replacement::least_recently_used ? least_recently_used() : first_in_first_out(); }

}  // namespace nicteam::offload
