// Parity on the bus: what was driven wrong in a tenure, and who has to say so. PCI 2.2, 3.7; docs/bus.md, section 4.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/tables.h"
#include "nicteam/base/time.h"
#include "nicteam/pci/protocol.h"

namespace nicteam::pci {

// The faults of a bus, each for every so many data or address phases.
inline constexpr fault_info parity_fault_rows[] = {
    {"address_parity", "phases", "PAR is inverted for each address phase, or for one in so many", 1},
    {"data_parity", "phases", "PAR is inverted for each data phase, or for one in so many: the data are right", 1},
    {"data_bit", "phases", "AD[0] is inverted in each data phase, or in one in so many, where that byte is asked for: wrong data that PAR gives away", 1},
};

struct wrong_word {
    std::uint32_t word;
    bool flipped;                 // AD[0] is not what its driver meant
    bool fits = false;            // PAR belongs to what is on AD: nobody can tell
    bool reported = false;        // PERR#, sampled two clocks behind the data
};

// Of one tenure while a fault is on.
struct tenure_errors {
    bool address = false;         // PAR of the (first) address phase is wrong
    bool signalled = false;       // SERR#, sampled two clocks behind it
    std::vector<wrong_word> words;   // by rising number, of those wanted
    bool wrong(std::uint32_t word) const {
        for (const wrong_word& w : words)
            if (w.word == word) return !w.fits;
        return false;
    }
    bool flipped(std::uint32_t word) const {
        for (const wrong_word& w : words)
            if (w.word == word) return w.flipped;
        return false;
    }
};

}  // namespace nicteam::pci
