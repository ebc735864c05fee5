#include "nicteam/tcp/options.h"

#include <algorithm>

namespace nicteam::tcp {
namespace {

using packet::get16;
using packet::get32;
using packet::put16;
using packet::put32;

constexpr std::size_t length_of_mss = 4, length_of_scale = 3, length_of_permitted = 2, length_of_timestamps = 10, length_of_block = 8;

// p: kind, length, content. false: not the length of its kind.
bool take(options_read& o, const std::uint8_t* p, std::size_t length) {
    switch (p[0]) {
    case option::maximum_segment_size:
        if (length != length_of_mss) return false;
        o.maximum_segment_size = get16(p + 2);
        return true;
    case option::window_scale:
        if (length != length_of_scale) return false;
        o.window_scale = p[2];
        return true;
    case option::sack_permitted:
        if (length != length_of_permitted) return false;
        o.sack_permitted = true;
        return true;
    case option::timestamps:
        if (length != length_of_timestamps) return false;
        o.timestamps = timestamps_option{get32(p + 2), get32(p + 6)};
        return true;
    case option::sack:
        if (length < 2 + length_of_block || (length - 2) % length_of_block) return false;
        o.sack_blocks = 0;
        for (std::size_t at = 2; at < length; at += length_of_block) o.sack[o.sack_blocks++] = {get32(p + at), get32(p + at + 4)};
        return true;
    default:
        ++o.unknown;
        return true;
    }
}

}  // namespace

options_read options_read::parse(packet::octets list) {
    options_read o;
    for (std::size_t at = 0; at < list.size;) {
        const std::uint8_t kind = list[at];
        if (kind == option::end) break;
        if (kind == option::no_operation) {
            ++at;
            continue;
        }
        if (at + 1 >= list.size || list[at + 1] < 2 || at + list[at + 1] > list.size) {
            o.cut_short = true;
            break;
        }
        ++o.read;
        if (!take(o, list.data + at, list[at + 1])) ++o.wrong_length;
        at += list[at + 1];
    }
    return o;
}

std::uint8_t* options_writer::room(std::size_t n) {
    std::uint8_t* const p = octets_.data() + size_;
    const std::size_t pad = (4 - n % 4) % 4;
    std::fill_n(p, pad, option::no_operation);
    size_ += pad + n;
    ++written_;
    return p + pad;
}

void options_writer::maximum_segment_size(std::uint16_t v) {
    std::uint8_t* p = room(length_of_mss);
    p[0] = option::maximum_segment_size;
    p[1] = length_of_mss;
    put16(p + 2, v);
}

void options_writer::window_scale(std::uint8_t v) {
    std::uint8_t* p = room(length_of_scale);
    p[0] = option::window_scale;
    p[1] = length_of_scale;
    p[2] = v;
}

void options_writer::sack_permitted() {
    std::uint8_t* p = room(length_of_permitted);
    p[0] = option::sack_permitted;
    p[1] = length_of_permitted;
}

void options_writer::timestamps(timestamps_option t) {
    std::uint8_t* p = room(length_of_timestamps);
    p[0] = option::timestamps;
    p[1] = length_of_timestamps;
    put32(p + 2, t.value);
    put32(p + 6, t.echo);
}

unsigned options_writer::sack(const sack_block* blocks, unsigned n) {
    const std::size_t left = octets_.size() - size_;
    n = std::min<unsigned>(n, left < 4 ? 0 : static_cast<unsigned>((left - 4) / length_of_block));
    if (!n) return 0;
    std::uint8_t* p = room(2 + length_of_block * n);
    p[0] = option::sack;
    p[1] = static_cast<std::uint8_t>(2 + length_of_block * n);
    for (unsigned k = 0; k < n; ++k) {
        put32(p + 2 + 8 * k, blocks[k].begin);
        put32(p + 6 + 8 * k, blocks[k].end);
    }
    return n;
}

}  // namespace nicteam::tcp
