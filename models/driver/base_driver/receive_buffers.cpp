// The flexible mode: frame descriptors without room share a list of buffers. A frame takes the next ones of it in order, and says so in their counts
// (docs/decisions/0016, 0127).
#include <algorithm>
#include <vector>

#include "driver/base_driver/machinery.h"

namespace nicteam::driver {
using namespace i82559;

void base_driver::machinery::lay_out_buffers(ps at) {
    for (unsigned n = 0; n < list_used && mislaid; ++n) drop(places[list[(list_first + n) % list.size()]], at);
    mislaid = false;
    buffers_first = buffers_used = 0;
    std::vector<bool> with_user(buffers.size());
    for (receive_place& p : places) {
        if (!p.with_user) p.buffers.clear();
        for (const unsigned b : p.buffers) with_user[b] = true;
    }
    for (unsigned n = 0; n < buffers.size(); ++n)
        if (!with_user[n]) append_buffer(n, at);
}

// The links stay as they are, a ring: a device reads a descriptor's link before its EL, and would follow an old one if both changed meanwhile. Buffers go round
// in it in whatever order they come back.
void base_driver::machinery::append_buffer(unsigned n, ps at) {
    if (doubt.raised()) forget(buffers[n], buffer_bytes(), at);
    const unsigned slot = buffer_slot(buffers_used);
    const std::uint64_t a = descriptor_of(slot);
    ram.write16(a, 0, at);
    ram.write32(a + rbd_link, static_cast<std::uint32_t>(descriptor_of(buffer_slot(buffers_used + 1))), at);
    ram.write32(a + rbd_buffer, static_cast<std::uint32_t>(buffers[n]), at);
    ram.write16(a + rbd_size, static_cast<std::uint16_t>(buffer_bytes() | rbd_end_of_list), at);
    if (buffers_used) ram.write16(descriptor_of(buffer_slot(buffers_used - 1)) + rbd_size, static_cast<std::uint16_t>(buffer_bytes()), at);
    buffer_list[slot] = n;
    ++buffers_used;
}

void base_driver::machinery::give_first_buffer(ps at) {
    ram.write32(places[list[list_first]].address + rfd_reserved, static_cast<std::uint32_t>(descriptor_of(buffers_first)), at);
}

// All but the last are full. Nothing came of a frame that was too short to have any octets.
bool base_driver::machinery::take_buffers(receive_place& p, unsigned status, unsigned& bytes, ps at) {
    packet& f = p.frame;
    f.pieces.clear();
    bytes = 0;
    for (bool last = false; !last;) {
        if (!buffers_used) return false;
        const unsigned n = buffer_list[buffers_first], word = ram.read16(descriptor_of(buffers_first), at), octets = word & count_mask;
        if (f.pieces.empty() && !(word & count_filled) && status & too_short) {
            f.pieces.push_back({p.address, 0});
            return true;
        }
        last = word & count_end_of_frame;
        if (!(word & count_filled) || (last ? octets > buffer_bytes() : octets != buffer_bytes())) return false;
        f.pieces.push_back({buffers[n], octets});
        bytes += octets;
        p.buffers.push_back(n);
        buffers_first = buffer_slot(1);
        --buffers_used;
    }
    return true;
}

void base_driver::machinery::read_frame(const receive_place& p, std::uint32_t from, std::uint8_t* to, std::uint32_t n, ps at) const {
    for (const piece& part : p.frame.pieces) {
        if (from >= part.bytes) {
            from -= part.bytes;
            continue;
        }
        const std::uint32_t here = std::min(n, part.bytes - from);
        ram.read(part.address + from, to, here, at);
        to += here;
        n -= here;
        from = 0;
        if (!n) return;
    }
}

// Where the next frame begins in the list cannot be told either.
void base_driver::machinery::lose(receive_place& p, ps at) {
    mislaid = true;
    count(driver_metric::receive_mislaid);
    drop(p, at);
}

void base_driver::machinery::drop(receive_place& p, ps at) {
    if (!(ram.read16(p.address, at) & complete)) return;       // its device has said what became of it, or will
    count(driver_metric::receive_errors);
    p.frame.id = station.watched() ? id_in(p) : 0;
    if (doubt.over(p.frame.id)) p.frame.id = 0;
    end(p.frame, driver_outcome::receive_error, at);
}

// The device is to forget its lists: what it writes until then is given up.
void base_driver::machinery::lay_out_anew(host::cpu& c) {
    if (!accepted(c)) return;
    command(c, ru_abort);
    if (!accepted(c)) return;
    read(c, scb_status, 4);                       // pushes what the device had posted
    c.catch_up();
    lay_out_list(c.now());
}

}  // namespace nicteam::driver
