#include "driver/base_driver/machinery.h"
#include "nicteam/packet/ethernet.h"

namespace nicteam::driver {
using namespace i82559;

void base_driver::machinery::lay_out_blocks(ps at) {
    for (unsigned n = 0; n < slots.size(); ++n) {
        const std::uint64_t a = block_of(n);
        ram.write32(a, 0, at);
        ram.write32(a + block_link, static_cast<std::uint32_t>(block_of((n + 1) % static_cast<unsigned>(slots.size()))), at);
    }
    next = clean = used = 0;
    started = notify = command_pending = false;
}

std::uint64_t base_driver::machinery::open_block(host::cpu& c) {
    c.catch_up();
    ram.write16(block_of(next), 0, c.now());                                    // not complete
    return block_of(next);
}

// The block becomes the last of the list; the one before loses its S only when this one is whole.
void base_driver::machinery::close_block(host::cpu& c, unsigned command, const slot& s) {
    const ps at = c.now();
    ram.write16(block_of(next) + 2, static_cast<std::uint16_t>(command | suspend), at);
    if (started || used) {
        const std::uint64_t before = block_of((next + static_cast<unsigned>(slots.size()) - 1) % static_cast<unsigned>(slots.size())) + 2;
        ram.write16(before, static_cast<std::uint16_t>(ram.read16(before, at) & ~suspend), at);
    }
    slots[next] = s;
    if (!used) progress = at;
    next = (next + 1) % static_cast<unsigned>(slots.size());
    ++used;
    notify = true;
    show_transmit(at);
    if (ready) watch(progress + config.transmit_timeout);
}

base_driver::machinery::slot base_driver::machinery::take_slot() {
    const slot s = slots[clean];
    slots[clean] = {};
    clean = (clean + 1) % static_cast<unsigned>(slots.size());
    --used;
    return s;
}

// Its octets had gone out, or the device had ended it, before the device could tell: then the memory is not marked as its own.
bool base_driver::machinery::gone(const packet& p) const { return shadow.at(p.pieces[0].address) != p.id; }

bool base_driver::machinery::not_sent(const packet& p, driver_outcome o, ps at) const {
    if (doubt.raised() ? doubt.over(p.id) : gone(p)) return false;
    if (doubt.raised()) settle(p.id, o, at);
    else end(p, o, at);
    return !doubt.raised() || doubt.over(p.id);
}

void base_driver::machinery::give_up(packet& p, ps at, packet_list& l) {
    not_sent(p, driver_outcome::not_done, at);
    l.push_back(&p);
}

// Packets that the device will not complete any more.
void base_driver::machinery::hand_back(host::cpu& c, packet_list& l, status s) {
    if (l.empty()) return;
    count(driver_metric::not_done, l.size());
    if (user) user->sent(c, l, s);
}

bool base_driver::machinery::fits(const packet& p) {
    if (p.protection && ready && !can_protect(p)) return false;        // never as it is instead
    if (p.insert_checksums && !p.protection && ready && !offloads()) return false;
    return !p.pieces.empty() && p.pieces.size() <= able.transmit_pieces && p.bytes <= nicteam::packet::ethernet_header + able.mtu;
}

void base_driver::machinery::append_packet(host::cpu& c, packet& p) {
    c.spend(host::of(host::cost::driver_send));
    c.spend(host::of(host::cost::driver_send_piece), p.pieces.size());
    const std::uint64_t number = p.protection ? draw(c, p) : 0;
    const std::uint64_t block = open_block(c);
    if (p.protection) {
        write_protected(c, p, block, number);
        return close_packet(c, p, through_block);
    }
    const ps at = c.now();
    const auto pieces = static_cast<unsigned>(p.pieces.size());
    // Extended blocks hold two descriptors; the array pointer then leads to the third (SDM 6.4.2.5). Standard ones hold none.
    // An IPCB gives up the first one.
    const unsigned lead = p.insert_checksums ? assist_bytes : 0;
    const unsigned embedded = !extended_blocks() ? 0 : lead ? 1 : embedded_buffers;
    const std::uint64_t array = block + transmit_buffers + lead + embedded * buffer_descriptor;
    std::uint8_t body[transmit_buffers - transmit_array + assist_bytes + most_pieces * buffer_descriptor];
    unsigned n = 0;
    const auto put = [&](std::uint32_t v) {
        for (unsigned i = 0; i < 4; ++i) body[n++] = static_cast<std::uint8_t>(v >> 8 * i);
    };
    put(pieces > embedded ? static_cast<std::uint32_t>(array) : no_array);
    put(config.transmit_threshold << 16 | pieces << 24);    // no immediate bytes
    if (lead) put(hardware_parse | insert_ip_checksum | insert_transport_checksum), put(0);
    for (unsigned i = 0; i < pieces; ++i) {
        put(static_cast<std::uint32_t>(p.pieces[i].address));
        put(p.pieces[i].bytes | (i + 1 == pieces && !lead ? last_buffer : 0));      // the count says it too
    }
    ram.write(block + transmit_array, body, n, at);
    close_packet(c, p, lead ? assisted_transmit : transmit | flexible);
}

void base_driver::machinery::close_packet(host::cpu& c, packet& p, unsigned code) {
    const ps at = c.now();
    const bool ask = config.completion_interrupt && ++since_interrupt >= config.completion_interrupt;
    if (ask) since_interrupt = 0;
    close_block(c, code | (ask ? ask_interrupt : 0u), {&p, nullptr});
    if (station.watched()) {
        for (const piece& q : p.pieces) shadow.mark(q.address, q.bytes, p.id);
        pass(p.id, driver_stage::queued, at);
        notified_list.push_back(&p);
    }
}

void base_driver::machinery::kick(host::cpu& c) {
    if (!notify || !accepted(c)) return;
    if (started) command(c, cu_resume);
    else if (!command(c, cu_start, static_cast<std::uint32_t>(block_of(clean)))) return;
    started = true;
    notify = false;
    count(driver_metric::resumes);
    for (packet* p : notified_list) pass(p->id, driver_stage::notified, c.now());
    notified_list.clear();
}

void base_driver::machinery::reap(host::cpu& c, bool last) {
    if (!used) return;
    c.catch_up();
    const ps at = c.now();                        // all that completed by now; the work on them is charged behind
    unsigned blocks_done = 0;
    bool without_engines = false;
    packet_list &sent = lists.take(), &failed = lists.take();     // the user may send from within
    while (used) {
        const unsigned status = ram.read16(block_of(clean), at);
        if (!(status & complete)) {
            if (!last) break;
            lost.push_back(take_slot());
            continue;
        }
        const slot s = take_slot();
        ++blocks_done;
        progress = at;
        if (s.request) finish(c, *s.request, status & okay ? driver::status::done : driver::status::failed);
        if (!s.sending) continue;
        if (status & underrun) count(driver_metric::underruns);
        pass(s.sending->id, driver_stage::reaped, at);
        if (!(status & okay)) {                   // the device could not send it
            count(driver_metric::failed);
            without_engines |= refused_by_engines(*s.sending, status);
            not_sent(*s.sending, driver_outcome::transmit_failed, at);
            failed.push_back(s.sending);
            continue;
        }
        settle(s.sending->id, driver_outcome::misled, at);
        count(driver_metric::sent_packets);
        count(driver_metric::sent_bytes, s.sending->bytes);
        sent.push_back(s.sending);
    }
    if (blocks_done) show_transmit(at);
    c.spend(host::of(host::cost::driver_reap), blocks_done);
    if (without_engines) lose_engines(c);         // before the user hears of the packets: he may send more
    if (!sent.empty() && user) user->sent(c, sent, status::done);
    if (!failed.empty() && user) user->sent(c, failed, status::failed);
    lists.put(sent);
    lists.put(failed);
}

void base_driver::machinery::show_transmit(ps at) {
    transmit_used.set(at, used);
    transmit_probe.change(at, used);
}

}  // namespace nicteam::driver
