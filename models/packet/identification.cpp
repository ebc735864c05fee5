#include "nicteam/packet/identification.h"

#include <fmt/format.h>

#include <stdexcept>

namespace nicteam::packet {
namespace {

constexpr std::uint32_t all = 65'536;

}  // namespace

identification_source::path identification_source::path_of(const ip_address& source, const ip_address& destination, std::uint8_t protocol) {
    return {source, destination, source.version == 6 ? std::uint8_t{0} : protocol};
}

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

std::uint32_t identification_source::next(const ip_address& source, const ip_address& destination, std::uint8_t protocol, ps now) {
    count& c = paths_[path_of(source, destination, protocol)];
    const unsigned shift = source.version == 6 ? 16 : 0;
    const std::uint64_t numbers = std::uint64_t{slice_.count} << shift, at = c.used++ % numbers;
    if (at == 0) {
        if (c.used > numbers && now - c.round < lifetime_) ++short_rounds_;
        c.round = now;
    }
    return static_cast<std::uint32_t>((std::uint64_t{slice_.first} << shift) + at);
}

std::uint64_t identification_source::used(const ip_address& source, const ip_address& destination, std::uint8_t protocol) const {
    const auto at = paths_.find(path_of(source, destination, protocol));
    return at == paths_.end() ? 0 : at->second.used;
}

void identification_source::go_on_after(const ip_address& source, const ip_address& destination, std::uint8_t protocol, std::uint64_t used,
                                        ps now) {
    paths_[path_of(source, destination, protocol)] = {used, now};
}

}  // namespace nicteam::packet
