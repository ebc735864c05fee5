// What came first goes first, used or not: no state changes with a hit.
#include "offload/replacements/replacements.h"

namespace nicteam::offload {
namespace {
struct by_age : replacement_policy {};
}  // namespace

std::unique_ptr<replacement_policy> make_first_in_first_out() { return std::make_unique<by_age>(); }

}  // namespace nicteam::offload
