// Texts that are more than any text: addresses, paths. By their keys, whatever table they stand in.
#pragma once

#include <string>
#include <string_view>

#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

struct text_form {
    const char* what;                           // "MAC address"
    const char* allowed;                        // "six octets in hexadecimal, as in …"
    const char* pattern;                        // the same as a regular expression
    bool (*holds)(const std::string&);
    std::initializer_list<const char*> keys;    // "driver.mac"
};

// Null: any text. Where a value may be left out, "" is one that was.
const text_form* form_of(std::string_view key);

// What a value that is no choice may have meant to say and another key says; or "".
std::string said_elsewhere(const setting&, const std::string& written);

// Of a path that names a component of one of these kinds.
std::string path_pattern_of(std::string_view kinds);

}  // namespace nicteam::scenario
