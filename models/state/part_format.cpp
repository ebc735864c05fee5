#include "nicteam/state/part_format.h"

#include <algorithm>

namespace nicteam::state {

part_writer::part_writer(bytes& out, layer l, part p, std::uint16_t version) : out_(out), begin_(out.size()) {
    u16(version);
    u8(static_cast<std::uint8_t>(l));
    u8(static_cast<std::uint8_t>(p));
    u32(0);
}

void part_writer::number(std::uint64_t v, unsigned octets) {
    for (unsigned k = 0; k < octets; ++k) out_.push_back(static_cast<std::uint8_t>(v >> 8 * k));
}

void part_writer::finish() {
    const std::size_t n = out_.size() - begin_;
    for (unsigned k = 0; k < 4; ++k) out_[begin_ + 4 + k] = static_cast<std::uint8_t>(n >> 8 * k);
}

part_reader::part_reader(const std::uint8_t* from, std::size_t n, layer l, part p, std::uint16_t version) : from_(from), n_(n) {
    const bool ours = u16() == version && u8() == static_cast<std::uint8_t>(l) && u8() == static_cast<std::uint8_t>(p) && u32() == n;
    good_ = good_ && ours;
}

std::uint64_t part_reader::number(unsigned octets) {
    if (!good_ || n_ - at_ < octets) {
        good_ = false;
        return 0;
    }
    std::uint64_t v = 0;
    for (unsigned k = 0; k < octets; ++k) v |= std::uint64_t{from_[at_ + k]} << 8 * k;
    at_ += octets;
    return v;
}

void part_reader::octets(std::uint8_t* to, std::size_t n) {
    if (!good_ || n_ - at_ < n) {
        good_ = false;
        std::fill_n(to, n, std::uint8_t{0});
        return;
    }
    std::copy_n(from_ + at_, n, to);
    at_ += n;
}

}  // namespace nicteam::state
