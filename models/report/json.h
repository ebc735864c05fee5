// JSON as it is written: in the order of the calls, indented or on one line.
#pragma once

#include <string>

#include "nicteam/base/time.h"

namespace nicteam::report {

class json_text {
public:
    explicit json_text(bool one_line = false) : one_line_(one_line) {}

    void open_object(const char* key = nullptr) { begin(key); text_ += '{'; deeper(); }
    void close_object() { shallower('}'); }
    void open_list(const char* key = nullptr) { begin(key); text_ += '['; deeper(); }
    void close_list() { shallower(']'); }
    void string(const char* key, const std::string& v);
    void number(const char* key, __int128 v) { raw(key, integer_text(v)); }
    void raw(const char* key, const std::string& v) { begin(key); text_ += v; }      // a number as text, true, null
    void flag(const char* key, bool v) { raw(key, v ? "true" : "false"); }
    void time(const char* key, ps v) { string(key, integer_text(v)); }               // exact: a string of picoseconds

    std::string take() { return text_ + "\n"; }

private:
    static std::string integer_text(__int128);
    void begin(const char* key);
    void deeper() { ++depth_; first_ = true; }
    void shallower(char bracket);
    void new_line();

    std::string text_;
    bool one_line_, first_ = true;
    unsigned depth_ = 0;
};

}  // namespace nicteam::report
