// The tables of docs/crypto-face.md, from the declarations.
#pragma once

#include <fmt/format.h>

#include "nicteam/ipsec/protect.h"
#include "nicteam/rings/crypto_card.h"

namespace nicteam::test {

template <class Fields>
std::string field_table(const Fields& all) {
    std::string t = "| octet | octets | field | |\n|---|---|---|---|\n";
    for (const rings::field& f : all) t += fmt::format("| {} | {} | `{}` | {} |\n", f.offset, f.octets, f.name, f.meaning);
    return t;
}

inline std::string register_table() {
    std::string t = "| offset | register | access | |\n|---|---|---|---|\n";
    for (const rings::register_row& r : rings::registers)
        t += fmt::format("| {:02X}h | `{}` | {} | {} |\n", r.offset, r.name, rings::name(r.access), r.meaning);
    return t;
}

inline std::string opcode_table() {
    std::string t = "| number | opcode | octets at address | |\n|---|---|---|---|\n";
    for (const rings::opcode_row& r : rings::opcodes)
        t += fmt::format("| {} | {} | {} | {} |\n", static_cast<unsigned>(r.code), r.name, r.octets, r.meaning);
    return t;
}

inline std::string reason_table() {
    std::string t = "| number | reason | |\n|---|---|---|\n";
    unsigned n = 0;
    for (const rings::reason_row& r : rings::reasons) t += fmt::format("| {} | `{}` | {} |\n", n++, r.name, r.meaning);
    return t;
}

inline std::string verdict_table() {
    std::string t = "| number | verdict |\n|---|---|\n";
    for (unsigned v = 0; v <= static_cast<unsigned>(ipsec::outcome::congestion); ++v)
        t += fmt::format("| {} | `{}` |\n", v, ipsec::name(static_cast<ipsec::outcome>(v)));
    return t;
}

inline std::string parameter_table() {
    std::string t = "| parameter | default | range | | source |\n|---|---|---|---|---|\n";
    for (const parameter_info& p : rings::crypto_card_info.parameters) {
        std::string choices = p.choices ? p.choices : "";
        for (char& c : choices)
            if (c == '|') c = ',';
        const std::string range = p.choices ? choices : p.low ? fmt::format("{} to {}", p.low, p.high) : "";
        t += fmt::format("| `{}` | {} | {} | {} | {} |\n", p.name, p.fallback, range, p.meaning, p.source);
    }
    return t;
}

}  // namespace nicteam::test
