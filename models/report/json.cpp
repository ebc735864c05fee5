#include "report/json.h"

#include <fmt/format.h>

#include "nicteam/report/decimal.h"
#include "nicteam/report/result.h"

namespace nicteam::report {
namespace {

// Octets of the UTF-8 sequence that begins at s[i] (RFC 3629), 0 if it is none.
std::size_t sequence(const std::string& s, std::size_t i) {
    const auto at = [&](std::size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0u; };
    const auto tail = [&](std::size_t k, unsigned low = 0x80, unsigned high = 0xBF) { return at(k) >= low && at(k) <= high; };
    const unsigned c = at(i);
    if (c < 0x80) return 1;
    if (c >= 0xC2 && c <= 0xDF) return tail(i + 1) ? 2 : 0;
    if (c >= 0xE0 && c <= 0xEF) return tail(i + 1, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF) && tail(i + 2) ? 3 : 0;
    if (c >= 0xF0 && c <= 0xF4) return tail(i + 1, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF) && tail(i + 2) && tail(i + 3) ? 4 : 0;
    return 0;
}

}  // namespace

std::string json_quoted(const std::string& s) {
    std::string out;
    out.reserve(s.size() + 2);
    out = "\"";
    const auto plain = [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; };
    for (std::size_t i = 0; i < s.size();) {
        std::size_t end = i;
        while (end < s.size() && plain(s[end])) ++end;
        if (end > i) {
            out.append(s, i, end - i);
            i = end;
            continue;
        }
        const auto c = static_cast<unsigned char>(s[i]);
        const std::size_t n = sequence(s, i);
        if (n == 0) {
            out += "\xEF\xBF\xBD";
            ++i;
            continue;
        }
        if (c == '"' || c == '\\') out += {'\\', s[i]};
        else if (c == '\n') out += "\\n";
        else if (c == '\t') out += "\\t";
        else if (c < 0x20) out += fmt::format("\\u{:04x}", c);
        else out.append(s, i, n);
        i += n;
    }
    out += '"';
    return out;
}

std::string json_text::integer_text(__int128 v) { return integer(v); }

void json_text::new_line() {
    if (one_line_) return;
    text_ += '\n';
    text_.append(2 * depth_, ' ');
}

void json_text::begin(const char* key) {
    if (!first_) text_ += one_line_ ? ", " : ",";
    if (depth_) new_line();
    first_ = false;
    if (key) text_ += json_quoted(key) + ": ";
}

void json_text::string(const char* key, const std::string& v) { raw(key, json_quoted(v)); }

void json_text::shallower(char bracket) {
    --depth_;
    if (!first_) new_line();
    text_ += bracket;
    first_ = false;
}

}  // namespace nicteam::report
