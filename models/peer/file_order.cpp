#include "peer/file_order.h"

#include <fmt/format.h>

#include "nicteam/base/units.h"

namespace nicteam::peer {

ps file_order::due(const packet::capture_record& r, std::uint64_t number) {
    if (frames_++ == 0) {
        seconds_ = r.seconds;
        fraction_ = r.fraction;
        last_ = number;
        return 0;
    }
    const auto since = static_cast<std::int64_t>(r.seconds - seconds_);
    if (since > longest) {
        if (far_++ == 0) first_far_ = number;
        return latest_;
    }
    const ps at = since < -longest ? -longest * second : since * second + r.fraction - fraction_;
    if (at >= latest_) {
        latest_ = at;
        last_ = number;
    } else if (back_++ == 0) {
        first_back_ = number;
        back_to_ = since < -longest ? "more than 106 days before the first" : "at " + format_quantity(quantity::time, at);
        back_from_ = fmt::format("frame {} at {}", last_, format_quantity(quantity::time, latest_));
    }
    return latest_;
}

std::string file_order::note() const {
    std::string all;
    if (back_)
        all = fmt::format("times run backwards at {} of {} frames, first at frame {} ({}, behind {}, counted from the first that is sent)", back_, frames_,
                          first_back_, back_to_, back_from_);
    if (far_)
        all += fmt::format("{}{} of {} frames, first frame {}, have times more than 106 days behind the first", all.empty() ? "" : "; ", far_, frames_, first_far_);
    return all.empty() ? all : all + "; such a frame is due together with the one before it";
}

}  // namespace nicteam::peer
