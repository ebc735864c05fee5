// How a part of a state object is laid down in octets, when it crosses a bus or is kept: a header of eight octets, then the fields
// of the layer, little endian, one behind the other without holes.
//
//   octet  0   version of the layer's format   16 bits
//          2   layer                            8
//          3   part                             8
//          4   length, header included         32    octets
//
// What is longer or shorter than its fields, of another version, layer or part, is no such part.
#pragma once

#include "nicteam/state/state_object.h"

namespace nicteam::state {

constexpr std::size_t part_header = 8;

class part_writer {
public:
    // Appends to `out`; `finish` writes the length.
    part_writer(bytes& out, layer, part, std::uint16_t version);
    void u8(std::uint8_t v) { number(v, 1); }
    void u16(std::uint16_t v) { number(v, 2); }
    void u32(std::uint32_t v) { number(v, 4); }
    void u64(std::uint64_t v) { number(v, 8); }
    void octets(const std::uint8_t* from, std::size_t n) { out_.insert(out_.end(), from, from + n); }
    void finish();

private:
    void number(std::uint64_t v, unsigned octets);

    bytes& out_;
    std::size_t begin_;
};

class part_reader {
public:
    part_reader(const std::uint8_t* from, std::size_t n, layer, part, std::uint16_t version);
    // Zeros behind the end: asked once, by `finished`.
    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() { return number(8); }
    void octets(std::uint8_t* to, std::size_t n);

    std::size_t left() const { return good_ ? n_ - at_ : 0; }
    // The header was right, every field was there, and nothing is left.
    bool finished() const { return good_ && at_ == n_; }

private:
    std::uint64_t number(unsigned octets);

    const std::uint8_t* from_;
    std::size_t n_, at_ = 0;
    bool good_ = true;
};

}  // namespace nicteam::state
