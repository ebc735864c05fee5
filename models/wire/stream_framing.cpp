#include "nicteam/wire/stream_framing.h"

#include <algorithm>

namespace nicteam::wire {

void stream_decoder::feed(packet::octets more) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
    buffer_.insert(buffer_.end(), more.data, more.data + more.size);
}

stream_decoder::item stream_decoder::next() {
    if (to_skip_) {
        const std::size_t n = std::min(to_skip_, rest());
        at_ += n;
        to_skip_ -= n;
        if (to_skip_) return {};
        return {kind::too_long, skipped_, {}};
    }
    if (rest() < stream_header) return {};
    const std::uint8_t* p = buffer_.data() + at_;
    const std::uint32_t length = std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
    if (length > believed_) return {kind::foreign, length, {}};
    if (length > kept_) {
        at_ += stream_header;
        to_skip_ = skipped_ = length;
        return next();
    }
    if (rest() < stream_header + length) return {};
    at_ += stream_header + length;
    if (length == 0) return {kind::empty, 0, {}};
    return {kind::frame, length, bytes(p + stream_header, p + stream_header + length)};
}

void stream_decoder::reset() {
    buffer_.clear();
    at_ = to_skip_ = 0;
}

void put_stream_frame(bytes& out, packet::octets frame) {
    const auto n = static_cast<std::uint32_t>(frame.size);
    out.insert(out.end(), {static_cast<std::uint8_t>(n >> 24), static_cast<std::uint8_t>(n >> 16), static_cast<std::uint8_t>(n >> 8),
                           static_cast<std::uint8_t>(n)});
    out.insert(out.end(), frame.data, frame.data + frame.size);
}

}  // namespace nicteam::wire
