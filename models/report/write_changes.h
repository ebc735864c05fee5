// What is held, in order of time, into a file: one loop, in which the calls of each kind of file are known when it is compiled.
#pragma once

#include <algorithm>

#include "nicteam/report/waveform_writer.h"

namespace nicteam::report {

template <class File>
void waveform_writer::write_changes(File& file, ps until) {
    std::size_t i = 0;
    const std::size_t n = held_.size();
    const held* const all = held_.data();
    line* const lines = lines_.data();
    for (; i < n && all[i].at < until; ++i) {
        const held& h = all[i];
        // Of one variable at one time, the last.
        if (i + 1 < n && all[i + 1].at == h.at && all[i + 1].which == h.which) continue;
        if (!open_ && h.at > options_.from) dump(options_.from);
        line& l = lines[h.which];
        const kind now = h.z ? z : known;
        const std::uint64_t value = l.bits < 64 && !l.states ? h.value & ((1ull << l.bits) - 1) : h.value;
        if (l.kind == now && l.value == value) continue;
        l.kind = now;
        l.value = value;
        if (!open_) continue;
        ++written_;
        l.changes = true;
        late_ += h.at < time_;
        if (h.at > time_ && !clocks_.empty()) tick(h.at);
        if (h.at > time_) file.File::stamp_and_value(h.at, l);
        else file.File::value(l);
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(i));
    sorted_ -= std::min(sorted_, i);
}

}  // namespace nicteam::report
