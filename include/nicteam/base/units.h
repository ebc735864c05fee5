// Quantities as text with a unit, read exactly: no floating point, nothing rounded but a clock period.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nicteam {

// What a parameter holds, and with it the units in which it may be written.
enum class quantity : std::uint8_t {
    count,      // bare integer                                      -> integer
    flag,       // true / false                                      -> integer 0 or 1
    time,       // "ps" "ns" "us" "ms" "s"                           -> picoseconds
    period,     // "33 MHz" (Hz kHz MHz GHz) or a time, "30 ns"      -> picoseconds, rounded to the nearest
    rate,       // "bps" "kbps" "Mbps" "Gbps", powers of ten         -> bit/s
    size,       // "B" "KiB" "MiB" "GiB"                             -> bytes
    ratio,      // "0.25", "5 %", "1e-6"                             -> multiples of 10^-18
    text,       // any string
    choice,     // one of the parameter's choices
    list,       // list of strings
};

const char* name_of(quantity);           // "time", "rate", ...
const char* units_of(quantity);          // "ps, ns, us, ms, s", for messages and the schema

struct value {
    std::int64_t integer = 0;
    std::string text;                    // as written (text, choice), or the canonical form of a quantity
    std::vector<std::string> list;
};

// On "PCI" buses, "33 MHz" and "66 MHz" mean 30 ns and 15 ns (PCI 2.2, 4.2.3.1 gives 30 ns as the minimum cycle time);
// every other frequency is rounded to the nearest picosecond.
// Returns false and sets `why` ("needs a unit: ps, ns, us, ms, s") when `written` is no such quantity.
bool parse_quantity(quantity, std::string_view written, value& out, std::string& why);

// The shortest exact text that parses back to the same value: 30000 -> "30 ns", 3072 -> "3 KiB".
std::string format_quantity(quantity, std::int64_t);

}  // namespace nicteam
