#include "nicteam/bounds/pci.h"

#include <algorithm>

namespace nicteam::bounds {
namespace {

// The word clocks and wait states behind the DEVSEL# clock, and the idle clock.
std::int64_t clocks(std::uint32_t words, unsigned devsel, const target_timing& t) {
    const std::int64_t n = words;
    return devsel + t.first_wait + n + (n - 1) * t.next_wait + 1;
}

}  // namespace

std::int64_t write_clocks(std::uint32_t words, const target_timing& t) { return clocks(words, t.devsel, t); }
std::int64_t read_clocks(std::uint32_t words, const target_timing& t) { return clocks(words, std::max(2u, t.devsel), t); }

std::int64_t retry_clocks(const target_timing& t, bool single_word) { return t.devsel + t.first_wait + (single_word ? 2 : 3); }
std::int64_t master_abort_clocks(bool single_word) { return single_word ? 7 : 8; }

std::int64_t write_clocks(std::uint32_t words, const target_timing& t, tenure_form f) { return write_clocks(words, t) + f.dual_address - f.followed; }
std::int64_t read_clocks(std::uint32_t words, const target_timing& t, tenure_form f) { return read_clocks(words, t) + f.dual_address - f.followed; }

std::uint32_t words_of(std::uint64_t address, std::uint32_t bytes, unsigned width) {
    return static_cast<std::uint32_t>((address % width + bytes + width - 1) / width);
}
bool asks_for_64_bit(std::uint64_t address, std::uint32_t bytes) { return words_of(address, bytes, 8) >= 2; }
std::uint32_t invalidated(std::uint64_t address, std::uint32_t bytes, std::uint32_t line) {
    return line == 0 || address % line != 0 ? 0 : bytes - bytes % line;
}

fraction efficiency(std::uint32_t words, const target_timing& t, bool write) {
    return {words, write ? write_clocks(words, t) : read_clocks(words, t)};
}

fraction throughput(ps period, std::uint32_t words, const target_timing& t, bool write, unsigned width) {
    const fraction e = efficiency(words, t, write);
    return {e.numerator * width * second, e.denominator * period};
}

fraction mean_throughput(ps period, std::uint64_t words, std::uint64_t tenures, std::uint64_t bytes, const target_timing& t, std::uint64_t followed) {
    const __int128 n = static_cast<__int128>(words), k = static_cast<__int128>(tenures);
    const __int128 clocks = n + (n - k) * t.next_wait + k * (t.devsel + t.first_wait + 1) - static_cast<__int128>(followed);
    return {static_cast<__int128>(bytes) * second, clocks * period};
}

std::int64_t longest_tenure(unsigned latency_timer, const target_timing& t) {
    return latency_timer + 1 + std::max<std::int64_t>(t.devsel + t.first_wait, t.next_wait) + 1 + 1;
}

}  // namespace nicteam::bounds
