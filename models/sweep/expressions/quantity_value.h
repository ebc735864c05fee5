// What an expression works with: numbers with a dimension, words, truths, lists of words.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nicteam::sweep {

// Powers of the second and of the bit: a rate is {-1, 1}, a frequency {-1, 0}, a plain number {0, 0}.
struct dimension {
    int second = 0, bit = 0;
    bool operator==(const dimension& o) const { return second == o.second && bit == o.bit; }
    bool operator!=(const dimension& o) const { return !(*this == o); }
};
std::string name_of(dimension);  // "a time", "a size", "a rate", "a frequency", "a plain number", else "s^-2 bit"

struct expression_value {
    enum kind_type { number, text, truth, list } kind = number;
    double amount = 0;  // of a number, in seconds and bits; of a truth 0 or 1
    dimension of{};
    std::string word{};
    std::vector<std::string> items{};  // of a list

    bool holds() const { return amount != 0; }
};
expression_value number_of(double, dimension = {});
expression_value word_of(std::string);
expression_value truth_of(bool);
expression_value list_of(std::vector<std::string>);
std::string kind_of(const expression_value&);  // for messages: "a rate", "a word", "true or false"

// "33 MHz", "1500 B", "5 %", "12", "true", "[a, b]", else a word. A number without a unit is a plain one.
expression_value value_of_text(std::string_view written);
// How it is written so that value_of_text reads the same again; "" of a number in units that nobody has.
std::string text_of(const expression_value&);
// An amount in such a unit, in seconds and bits; 33 MHz and 66 MHz are names for 30 ns and 15 ns, as they are in scenarios.
double amount_in(double amount, double factor, dimension);
// From a unit to seconds and bits, and back. Units below one divide by a whole number: 30 / 1e9 is 3e-08, 30 * 1e-9 is 3.0000000000000004e-08.
// Back, the number with the fewest digits that is this amount.
double in_base(double amount, double factor);
double out_of_base(double amount, double factor);
// The unit's factor and dimension; false: there is no such unit.
bool find_unit(std::string_view unit, double& factor, dimension&);

}  // namespace nicteam::sweep
