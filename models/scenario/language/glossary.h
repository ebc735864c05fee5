// Words of the summary, the page, packets.csv and the notes that are rows of no table.
#pragma once

#include <vector>

namespace nicteam::scenario {

struct word {
    const char* name;     // as `explain` lists it
    const char* others;   // other ways to write it, parted by |; or ""
    const char* meaning;
    const char* where;    // it is met, or read on
};
const std::vector<word>& glossary();

}  // namespace nicteam::scenario
