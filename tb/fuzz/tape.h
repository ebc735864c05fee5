// The octets of an input, taken from the front; behind the end there are zeros. What a target does with an input is a program that these octets write.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace nicteam::fuzz {

class tape {
public:
    tape(const std::uint8_t* at, std::size_t octets) : at_(at), end_(at + octets) {}

    bool left() const { return at_ != end_; }
    std::uint32_t octet() { return left() ? *at_++ : 0u; }
    std::uint32_t word() { return number(2); }
    std::uint32_t dword() { return number(4); }
    std::uint32_t below(std::uint32_t n) { return (n > 256 ? word() : octet()) % n; }
    std::vector<std::uint8_t> octets(std::size_t most) {
        const std::size_t n = std::min<std::size_t>(most, static_cast<std::size_t>(end_ - at_));
        std::vector<std::uint8_t> v(at_, at_ + n);
        at_ += n;
        return v;
    }

private:
    std::uint32_t number(unsigned n) {
        std::uint32_t v = 0;
        for (unsigned i = 0; i < n; ++i) v |= octet() << 8 * i;
        return v;
    }
    const std::uint8_t *at_, *end_;
};

}  // namespace nicteam::fuzz
