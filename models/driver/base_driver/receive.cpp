#include <algorithm>

#include "driver/base_driver/machinery.h"
#include "nicteam/packet/ethernet.h"

namespace nicteam::driver {
using namespace i82559;

void base_driver::machinery::lay_out_list(ps at) {
    if (scattered()) lay_out_buffers(at);
    list_first = list_used = 0;
    for (unsigned n = 0; n < places.size(); ++n)
        if (!places[n].with_user) append_place(n, at);
    receiver_stopped = true;
}

// What was stored there and never found, wherever within it; nothing is there for observers any more.
void base_driver::machinery::forget(std::uint64_t address, std::uint32_t bytes, ps at) {
    std::vector<trace_id> there;
    shadow.each(address, bytes, [&](trace_id id, std::uint32_t) { there.push_back(id); });
    shadow.mark(address, bytes, 0);
    for (const trace_id id : there) settle(id, driver_outcome::misled, at);
}

void base_driver::machinery::forget(const receive_place& p, ps at) {
    forget(p.address, place_bytes(), at);
    for (const unsigned b : p.buffers) forget(buffers[b], buffer_bytes(), at);
}

// The descriptor becomes the last of the list; the one before loses its EL only when this one is whole.
void base_driver::machinery::append_place(unsigned n, ps at) {
    receive_place& p = places[n];
    p.with_user = false;
    if (doubt.raised()) forget(p.address, place_bytes(), at);
    for (const unsigned b : p.buffers) append_buffer(b, at);
    p.buffers.clear();
    const unsigned mode = scattered() ? unsigned{flexible} : 0;
    ram.write16(p.address, 0, at);
    ram.write16(p.address + rfd_command, static_cast<std::uint16_t>(end_of_list | mode), at);
    ram.write32(p.address + rfd_link, 0, at);
    ram.write32(p.address + rfd_reserved, no_array, at);
    ram.write16(p.address + rfd_count, 0, at);
    ram.write16(p.address + rfd_size, static_cast<std::uint16_t>(scattered() ? 0 : buffer_bytes()), at);
    if (list_used) {
        const receive_place& last = places[list[(list_first + list_used - 1) % list.size()]];
        ram.write32(last.address + rfd_link, static_cast<std::uint32_t>(p.address), at);
        ram.write16(last.address + rfd_command, static_cast<std::uint16_t>(mode), at);
    }
    list[(list_first + list_used++) % list.size()] = n;
    show_receive(at);
}

void base_driver::machinery::start_receiver(host::cpu& c) {
    if (!list_used || mislaid || (scattered() && !buffers_used) || !accepted(c)) return;
    if (scattered()) give_first_buffer(c.now());
    receiver_stopped = !command(c, ru_start, static_cast<std::uint32_t>(places[list[list_first]].address));
}

unsigned base_driver::machinery::drain(host::cpu& c) {
    unsigned frames = 0;
    while (frames < config.budget && list_used && !mislaid) {
        receive_place& p = places[list[list_first]];
        c.catch_up();
        const ps at = c.now();
        const unsigned status = ram.read16(p.address, at);
        const bool lost = !(status & complete);
        if (lost && !skipped(at)) break;
        unsigned bytes = ram.read16(p.address + rfd_count, at) & count_mask;
        list_first = (list_first + 1) % static_cast<unsigned>(list.size());
        --list_used;
        show_receive(at);
        ++frames;
        if (!scattered()) {
            p.frame.pieces[0] = {p.address + data_offset(), bytes};
        } else if (!take_buffers(p, status, bytes, at)) {
            lose(p, at);
            break;
        }
        if (lost) {
            count(driver_metric::receive_skipped);
            return_place(c, p.frame);
            continue;
        }
        p.frame.id = station.watched() ? id_in(p) : 0;
        if (doubt.over(p.frame.id)) p.frame.id = 0;   // no packet: an old one's octets
        const sim::in_hand at_work(station, p.frame.id);
        if (doubt.raised()) forget(p, at);           // nor the same once more, nor what else lies there
        c.spend(host::of(host::cost::driver_receive), std::max<std::size_t>(1, p.buffers.size()));
        deliver(c, p, status, bytes);
    }
    return frames;
}

// The device has stopped and so has been through the whole list: what it completed behind a status that is missing is there.
bool base_driver::machinery::skipped(ps at) const {
    if (!receiver_stopped) return false;
    for (unsigned n = 1; n < list_used; ++n)
        if (ram.read16(places[list[(list_first + n) % list.size()]].address, at) & complete) return true;
    return false;
}

void base_driver::machinery::deliver(host::cpu& c, receive_place& p, unsigned status, unsigned bytes) {
    const ps at = c.now();
    const unsigned fcs = config.crc_to_memory ? 4 : 0;
    pass(p.frame.id, driver_stage::received, at);
    p.frame.checksums = verdict_of(p, status, at);
    if (!(status & okay) || !take_record(p, bytes, at) || bytes < nicteam::packet::ethernet_header + fcs) {
        count(driver_metric::receive_errors);
        end(p.frame, driver_outcome::receive_error, at);
        return return_place(c, p.frame);
    }
    shorten(p.frame, bytes - fcs);
    p.frame.ether_type = type_of(p, at);
    p.with_user = true;
    count(driver_metric::received_packets);
    count(driver_metric::received_bytes, p.frame.bytes);
    if (!user) return return_place(c, p.frame);
    packet_list& one = lists.take();
    one.assign(1, &p.frame);
    user->received(c, one);
    lists.put(one);
}

// Record and FCS are no part of it.
void base_driver::machinery::shorten(packet& p, std::uint32_t bytes) {
    p.bytes = bytes;
    std::size_t n = 0;
    for (; bytes; ++n) bytes -= p.pieces[n].bytes = std::min(p.pieces[n].bytes, bytes);
    p.pieces.resize(std::max<std::size_t>(n, 1));
}

std::uint16_t base_driver::machinery::type_of(const receive_place& p, ps at) const {
    using namespace nicteam::packet;
    std::uint8_t head[ethernet_header + llc_header + snap_header];
    const std::uint32_t n = std::min<std::uint32_t>(p.frame.bytes, sizeof head);
    ram.read(p.frame.pieces[0].address, head, n, at);
    const auto view = ethernet_view::parse({head, n});
    return view->ether_type >= first_ether_type ? view->ether_type : view->type_or_length;
}

void base_driver::machinery::return_place(host::cpu& c, packet& p) {
    static_cast<receive_place*>(p.owner)->with_user = true;
    packet_list& one = lists.take();
    one.assign(1, &p);
    driver.give_back(c, one);
    lists.put(one);
}

void base_driver::machinery::show_receive(ps at) {
    const unsigned posted = halted ? 0 : list_used;      // a device that is stopped or gone has none
    receive_posted.set(at, posted);
    if (scattered()) buffers_posted.set(at, halted ? 0 : buffers_used);
    receive_probe.change(at, posted);
}

}  // namespace nicteam::driver
