// Numbers as people and tables read them, by integer arithmetic: the same text on every machine.
#pragma once

#include <cstdint>
#include <string>

#include "nicteam/base/time.h"

namespace nicteam::report {

std::string integer(__int128);
// num / den rounded half up, exactly `places` places; "-" when den is 0.
std::string decimal(__int128 num, __int128 den, unsigned places);
// The same with trailing zeros after the point removed.
std::string shortest(__int128 num, __int128 den, unsigned places);
// Three or more significant digits with the unit that fits: "12.3 us", "148.8 kframes/s", "99.7 Mb/s".
std::string time_text(ps);
std::string scaled(__int128 num, __int128 den, const char* unit);
std::string percent(__int128 num, __int128 den);                   // "97.3 %"
// 1234567 as "1 234 567".
std::string grouped(__int128);
// As decimal(), with grouped digits before the point: "51 903.0".
std::string grouped(__int128 num, __int128 den, unsigned places);

}  // namespace nicteam::report
