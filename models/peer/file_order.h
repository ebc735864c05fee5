// Times of a capture file that do not go forward, as clocks that were set back and merged files have them.
#pragma once

#include <cstdint>
#include <string>

#include "nicteam/base/time.h"
#include "nicteam/packet/capture_file.h"

namespace nicteam::peer {

class file_order {
public:
    // When the record of a frame that is sent is due, since the first one: at its time, or, if that does not go forward, together with the frame
    // before it. `number`: of the record in the file, from 1.
    ps due(const packet::capture_record&, std::uint64_t number);
    // How many there are and which is the first, or "".
    std::string note() const;

private:
    static constexpr std::int64_t longest = 106 * 86'400;        // seconds that 64 bits of picoseconds hold, in days
    std::uint64_t frames_ = 0, back_ = 0, far_ = 0;
    std::uint64_t first_back_ = 0, first_far_ = 0, last_ = 0;    // numbers; last_: of the frame with the latest time
    std::uint64_t seconds_ = 0;                                  // of the first frame
    ps fraction_ = 0, latest_ = 0;
    std::string back_from_, back_to_;                            // of the first that goes back
};

}  // namespace nicteam::peer
