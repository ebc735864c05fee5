// Whether this run leaves a numbered step of FIG. 4 to 6 out: environment NICTEAM_LEFT_OUT. Of nicteam_left_out alone; nicteam knows nothing of it.
#pragma once

#include <cstdlib>

inline bool left_out(long number) {
    static const char* const wanted = std::getenv("NICTEAM_LEFT_OUT");
    static const long which = wanted ? std::strtol(wanted, nullptr, 10) : 0;
    return which == number;
}
