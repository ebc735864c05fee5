// What came first goes first, used or not: no state changes with a hit.
#include "offload/replacements/replacements.h"

namespace nicteam::offload {
namespace {
struct by_age : replacement_policy {
    void hit(cache_set&, std::size_t) const override {}
};
}  // namespace

const replacement_policy& first_in_first_out() {
    static const by_age p;
    return p;
}

}  // namespace nicteam::offload
