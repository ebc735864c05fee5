#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {
namespace {

class expected_end : public dispatch_policy {
    const char* policy_name() const override { return "expected_end"; }
    unsigned choose(const engine_views& all, std::uint32_t octets) override {
        return last_ = least_open(all, last_, [octets](const engine_view& e) {
                   constexpr std::uint64_t picoseconds = 1'000'000'000'000;
                   return static_cast<unsigned __int128>(e.octets + octets) * picoseconds / (e.measured ? e.measured : e.rate);
               });
    }
    unsigned last_ = no_engine;                          // before the first
};

}  // namespace

std::unique_ptr<dispatch_policy> make_expected_end() { return std::make_unique<expected_end>(); }

}  // namespace nicteam::secondary
