#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {
namespace {

class at_random : public dispatch_policy {
public:
    explicit at_random(random_stream r) : random_(r) {}

private:
    const char* policy_name() const override { return "random"; }
    unsigned choose(const engine_views& all, std::uint32_t) override {
        std::uint64_t open = 0;
        for (const engine_view& e : all) open += e.open;
        std::uint64_t left = random_.below(open);
        for (unsigned n = 0;; ++n)
            if (all[n].open && left-- == 0) return n;
    }
    random_stream random_;
};

}  // namespace

std::unique_ptr<dispatch_policy> make_random(random_stream r) { return std::make_unique<at_random>(r); }

}  // namespace nicteam::secondary
