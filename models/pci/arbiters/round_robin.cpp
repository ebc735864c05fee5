#include "nicteam/pci/arbiter.h"

namespace nicteam::pci {
namespace {

class round_robin : public arbiter {
    unsigned choose(std::uint32_t requests, unsigned last) const override {
        const std::uint32_t later = last >= 31 ? 0 : requests & ~((2u << last) - 1u);
        return static_cast<unsigned>(__builtin_ctz(later ? later : requests));
    }
};

}  // namespace

std::unique_ptr<arbiter> make_round_robin() { return std::make_unique<round_robin>(); }

}  // namespace nicteam::pci
