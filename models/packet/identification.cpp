#include "nicteam/packet/identification.h"

#include <fmt/format.h>

#include <stdexcept>

namespace nicteam::packet {
namespace {

constexpr std::uint32_t all = 65'536;

}  // namespace

identification_slice slice(unsigned which, unsigned slices) {
    if (slices == 0 || slices > all || (slices & (slices - 1)))
        throw std::invalid_argument(fmt::format("{} slices of 65536 identifications: a power of two", slices));
    if (which >= slices) throw std::invalid_argument(fmt::format("slice {} of {}", which, slices));
    return {static_cast<std::uint16_t>(which * (all / slices)), all / slices};
}

identification_source::identification_source(identification_slice s, ps lifetime) : slice_(s), lifetime_(lifetime) {
    if (s.count == 0 || s.first + s.count > all)
        throw std::invalid_argument(fmt::format("{} identifications from {} on: 1 to 65536 within 16 bits", s.count, s.first));
}

std::uint16_t identification_source::next(const ip_address& source, const ip_address& destination, std::uint8_t protocol, ps now) {
    count& c = paths_[{source, destination, protocol}];
    const std::uint64_t at = c.used++ % slice_.count;
    if (at == 0) {
        if (c.used > slice_.count && now - c.round < lifetime_) ++short_rounds_;
        c.round = now;
    }
    return static_cast<std::uint16_t>(slice_.first + at);
}

std::uint64_t identification_source::used(const ip_address& source, const ip_address& destination, std::uint8_t protocol) const {
    const auto at = paths_.find({source, destination, protocol});
    return at == paths_.end() ? 0 : at->second.used;
}

void identification_source::go_on_after(const ip_address& source, const ip_address& destination, std::uint8_t protocol, std::uint64_t used,
                                        ps now) {
    paths_[{source, destination, protocol}] = {used, now};
}

}  // namespace nicteam::packet
