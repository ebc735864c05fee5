#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {
namespace {

constexpr std::uint64_t whole = 1'000'000;

// What it has left of its rate beside its own traffic; never 0, so that each gets something in the end.
std::uint64_t weight(const engine_view& e) {
    const auto left = static_cast<unsigned __int128>(e.rate) * (whole - e.own) / whole;
    return left ? static_cast<std::uint64_t>(left) : 1;
}

// Smooth weighted round robin: each job's octets are shared out by weight, and the engine that is owed the most gets the whole of it. What is owed
// stays within a job's octets times the weights, so that new weights tell at once.
class proportional : public dispatch_policy {
    const char* policy_name() const override { return "proportional"; }
    unsigned choose(const engine_views& all, std::uint32_t octets) override {
        owed_.resize(all.size());
        __int128 sum = 0;
        unsigned most = no_engine;
        for (unsigned n = 0; n < all.size(); ++n) {
            if (!all[n].open) continue;
            const __int128 part = static_cast<__int128>(weight(all[n])) * octets;
            owed_[n] += part;
            sum += part;
            if (most == no_engine || owed_[n] > owed_[most]) most = n;
        }
        owed_[most] -= sum;
        return most;
    }
    std::vector<__int128> owed_;
};

}  // namespace

std::unique_ptr<dispatch_policy> make_proportional() { return std::make_unique<proportional>(); }

}  // namespace nicteam::secondary
