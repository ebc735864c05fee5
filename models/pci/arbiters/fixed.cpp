#include "nicteam/pci/arbiter.h"

namespace nicteam::pci {
namespace {

class fixed : public arbiter {
    unsigned choose(std::uint32_t requests, unsigned) const override { return static_cast<unsigned>(__builtin_ctz(requests)); }
};

}  // namespace

std::unique_ptr<arbiter> make_fixed() { return std::make_unique<fixed>(); }

}  // namespace nicteam::pci
