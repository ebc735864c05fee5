// Text of a scenario at random, a pure function of the seed: how keys and tables are written, and values drawn.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "nicteam/base/random_stream.h"

namespace nicteam::test {

class random_text {
public:
    const std::string& text() const { return text_; }

protected:
    using words = std::initializer_list<const char*>;

    explicit random_text(std::uint64_t seed) : random_(seed, "random", "scenario") {}

    std::uint64_t below(std::uint64_t n) { return random_.next() % n; }
    bool percent(unsigned n) { return below(100) < n; }
    std::string one_of(words w) { return w.begin()[below(w.size())]; }
    std::string one_of(const std::vector<std::string>& v) { return v[below(v.size())]; }
    static std::string numbered(const std::string& name, std::uint64_t n) { return name + std::to_string(n); }

    void line(const std::string& key, const std::string& value) { text_ += key + " = \"" + value + "\"\n"; }
    void plain(const std::string& key, const std::string& value) { text_ += key + " = " + value + "\n"; }
    void flag(const std::string& key) { plain(key, one_of({"true", "false"})); }
    // Three times in ten; else its default.
    void perhaps(const std::string& key, words values) {
        if (percent(30)) line(key, one_of(values));
    }
    void perhaps_plain(const std::string& key, words values) {
        if (percent(30)) plain(key, one_of(values));
    }
    void table(const std::string& kind, const std::string& name) {
        text_ += "[[" + kind + "]]\n";
        line("name", name);
    }
    void section(const std::string& name) { text_ += "[" + name + "]\n"; }

private:
    random_stream random_;
    std::string text_;
};

}  // namespace nicteam::test
