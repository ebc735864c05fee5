// The list of receive buffer descriptors in host memory that flexible receive frame descriptors share
// (docs/decisions/0016-receive-buffer-descriptors.md). Plain C++: no bus, no kernel.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "nic/receive/receive_descriptor.h"

namespace nicteam::nic {

class receive_buffer_list {
public:
    struct entry {
        std::uint32_t address;               // of the descriptor
        receive_buffer buffer;
        std::uint32_t count;                 // frame bytes in the buffer
        std::uint16_t word(bool end_of_frame) const;
    };

    void clear();
    // The list begins with the pointer of the frame descriptor at `descriptor`; links count from `base`.
    void begin(std::uint32_t base, std::uint32_t pointer, std::uint32_t descriptor);
    bool begun() const { return begun_; }

    // A descriptor follows; it is at next().
    bool more() const { return more_; }
    std::uint32_t next() const { return next_; }
    enum class found : std::uint8_t { buffer, end, refused, completed };
    // What memory holds there. `end`: a buffer without room. `refused`: not readable, or it runs beyond the address space.
    // `completed`, if that is watched: the present frame or one before has filled it and nobody has handed it over again.
    found fetched(const std::uint8_t*, bool readable, bool watched = false);

    // The buffers of the present frame in order; the last one is open, the others are full.
    const std::vector<entry>& used() const { return used_; }
    void close(std::uint32_t count);         // the frame's end: bytes in the open one; without any it waits for the next frame
    void done();                             // the frame's buffers belong to software
    void rewind();                           // the frame was not worth them: the next one begins with the same

    // RBD resume: what to read again, and what was read.
    std::uint32_t last() const { return last_; }
    void again(const std::uint8_t*, bool readable);

private:
    bool completed(const receive_buffer&) const;

    enum class end_mark : std::uint8_t { pointer, unused, linked };   // frame descriptor; buffer descriptor not used, used

    bool begun_ = false, more_ = false;
    std::uint32_t base_ = 0, next_ = 0, last_ = 0;
    end_mark mark_ = end_mark::pointer;
    std::optional<std::uint32_t> given_;     // by the pointer, which hands it over whatever it says: until a frame has used it
    std::vector<entry> used_;
};

}  // namespace nicteam::nic
