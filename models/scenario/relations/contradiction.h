// Of two values that do not go together the later one made them contradict each other: a --set stands before the file.
#pragma once

#include <string>

#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

inline bool came_later(const setting& other, const setting& s) { return other.given() && other.from > s.from && other.from > origin::file; }

// Where to tell of `s`, which `other` does not allow.
inline position blamed(const setting& s, const setting& other) { return came_later(other, s) ? other.at : s.at; }
// " (FILE:LINE:COLUMN)" of `s` when it is told elsewhere.
inline std::string and_where(const setting& s, const setting& other, const problems& found) {
    return s.given() && came_later(other, s) ? " (" + found.where(s.at) + ")" : "";
}

}  // namespace nicteam::scenario
