#include "sweep/reading/range_text.h"

#include <charconv>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace nicteam::sweep {
namespace {

constexpr const char *dots = "..", *digits = "0123456789";
constexpr std::size_t most_steps = 1'000'000;  // as `steps` of a [[vary]]

[[noreturn]] void wrong(const std::string& why) {
    throw std::invalid_argument(why + "; a range is FROM..TO in STEPS, with log behind it for steps of one ratio, as in \"10 MHz..33 MHz in 5\"");
}

std::size_t number_of_steps(const std::string& word) {
    std::size_t n = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), n);
    if (read.ec != std::errc{} || read.ptr != word.data() + word.size() || n < 1 || n > most_steps)
        wrong(fmt::format("in {}: is no number of steps from 1 to {}", word, most_steps));
    return n;
}

}  // namespace

bool means_range(const std::string& text) {
    const std::size_t at = text.find(dots), first = text.find_first_not_of(" +-");
    return at != std::string::npos && first < at && std::string(digits).find(text[first]) != std::string::npos;
}

range_text range_of_text(const std::string& text) {
    const std::size_t at = text.find(dots);
    range_text r;
    r.from = text.substr(0, at);
    while (r.from.back() == ' ') r.from.pop_back();
    std::istringstream behind(text.substr(at + 2));
    std::vector<std::string> words;
    for (std::string word; behind >> word;) words.push_back(word);
    if (words.empty()) wrong("ends behind its dots");
    if (words[0][0] == '.') wrong("has more than two dots");
    if (words[0] == "in" || words[0] == "log") wrong(fmt::format("has no number between its dots and \"{}\"", words[0]));
    std::size_t n = 0;
    r.to = words[n++];
    const auto is = [&](const char* word) { return n < words.size() && words[n] == word; };
    if (n < words.size() && !is("in") && !is("log") && r.to.find_last_of(digits) == r.to.size() - 1) r.to += " " + words[n++];
    if (is("in")) {
        if (++n == words.size()) wrong("ends behind \"in\"");
        r.steps = number_of_steps(words[n++]);
    }
    if (is("log")) r.logarithmic = true, ++n;
    if (n < words.size()) wrong(fmt::format("\"{}\" is no word of a range", words[n]));
    return r;
}

}  // namespace nicteam::sweep
