// Where two texts differ, and which configurations a comparison runs.
#pragma once

#include <cstdlib>
#include <sstream>
#include <string>

namespace compare {

// The first line in which they differ, with the line before; empty if they are equal.
inline std::string difference(const std::string& reference, const std::string& model) {
    std::istringstream a(reference), b(model);
    std::string x, y, before = "(the beginning)";
    while (true) {
        const bool more_a = static_cast<bool>(std::getline(a, x)), more_b = static_cast<bool>(std::getline(b, y));
        if (!more_a && !more_b) return "";
        if (!more_a) x = "(nothing)";
        if (!more_b) y = "(nothing)";
        if (x != y) return "before:    " + before + "\nreference: " + x + "\nmodel:     " + y;
        before = x;
    }
}

// NICTEAM_COMPARE="seed first [count]" runs others than the test's own: one that failed, or many more.
struct selection {
    std::uint64_t seed = 1;
    unsigned first = 0, count;
    explicit selection(unsigned usual) : count(usual) {
        if (const char* only = std::getenv("NICTEAM_COMPARE")) {
            std::istringstream in(only);
            count = 1;
            in >> seed >> first >> count;
        }
    }
    std::string name(unsigned index) const { return "NICTEAM_COMPARE='" + std::to_string(seed) + ' ' + std::to_string(index) + "'"; }
};

}  // namespace compare
