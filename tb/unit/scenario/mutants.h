// Scenarios with something changed at random: bytes, or whole words of the language in the place of others.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "unit/scenario/all_kinds.h"

namespace nicteam::test {

class mutants {
public:
    explicit mutants(std::uint64_t seed) : random_(seed) {
        source_ = all_kinds() +
                  "[[fault]]\nat = \"lan0\"\nwhat = \"bit_errors\"\nfrom = \"1 us\"\nfor = \"2 us\"\namount = \"1e-3\"\n"
                  "[[capture]]\nat = \"lan0.*.wire\"\nfrom = \"1 us\"\nuntil = \"1 ms\"\n"
                  "[[expect]]\nmetric = \"client.frames\"\nat_least = 0\n[[expect]]\nevent = \"nic.tx_active\"\nat_most = \"9 times\"\n"
                  "[[expect]]\nlimited_by = \"lan0\"\n"
                  "[[expect]]\nflow = \"client to server.*\"\nof = \"p99\"\nat_most = \"1 s\"\n"
                  "[trace]\nscopes = [\"server\"]\nwave = false\n[check]\ncrossings = \"count\"\n"
                  "[[expect]]\nmetric = \"check.crossings_breaches\"\nat_least = 1\n";
        for (std::size_t at = 0; at < source_.size();) {  // words, and what stands between them
            const auto word = [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; };
            std::size_t end = at + 1;
            while (end < source_.size() && word(source_[end]) == word(source_[at])) ++end;
            tokens_.push_back(source_.substr(at, end - at));
            at = end;
        }
    }

    std::string next() {
        std::string text = source_;
        for (std::uint64_t n = 1 + below(3); n > 0; --n) text = below(2) ? change_bytes(std::move(text)) : change_words();
        return text;
    }
    std::string next_words() { return change_words(); }

private:
    std::uint64_t below(std::uint64_t n) { return random_() % n; }

    std::string change_bytes(std::string text) {
        for (std::uint64_t n = 1 + below(4); n > 0 && !text.empty(); --n) {
            const std::size_t at = below(text.size());
            switch (below(5)) {
                case 0: text[at] = static_cast<char>(below(256)); break;
                case 1: text.erase(at, 1 + below(20)); break;
                case 2: text.insert(at, text.substr(below(text.size()), below(60))); break;
                case 3: text.resize(at); break;
                default: text.insert(at, 1, "[]{}\"'=.#\n\\,*-"[below(14)]);
            }
        }
        return text;
    }

    std::string change_words() {
        static const char* const odd[] = {"\"\"", "-1", "0", "9223372036854775807", "99999999999999999999", "1e400", "nan", "true", "[]",
                                          "{}", "1979-05-27", "\"*\"",
                                          "\"..\"", "\"5 ms\"", "\"1e-30 s\"", "\"0 B\"", "\"100 %\"", "\"server\"", "name", "nic",
                                                                            "\"\\u0000\"", "\"host.*\"", "''", "[[nic]]"};
        std::vector<std::string> changed = tokens_;
        for (std::uint64_t n = 1 + below(3); n > 0; --n)
            changed[below(changed.size())] = below(3) ? tokens_[below(tokens_.size())] : odd[below(sizeof odd / sizeof *odd)];
        std::string text;
        for (const std::string& t : changed) text += t;
        return text;
    }

    std::mt19937_64 random_;
    std::string source_;
    std::vector<std::string> tokens_;
};

}  // namespace nicteam::test
