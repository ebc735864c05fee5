#include <algorithm>

#include "driver/base_driver/machinery.h"
#include "nicteam/driver/path_change.h"
#include "nicteam/driver/questions.h"

namespace nicteam::driver {
using namespace i82559;

void base_driver::machinery::finish(host::cpu& c, control& r, status s, const char* detail) {
    r.result = s;
    r.detail = detail;
    tell(c, r);
}

void base_driver::machinery::tell(host::cpu& c, control& r) {
    const status s = r.result;
    count(s == status::done ? driver_metric::controls : s == status::not_done ? driver_metric::not_done
          : s == status::failed ? driver_metric::failed_controls : driver_metric::refused);
    if (user) user->completed(c, r);
}

void base_driver::machinery::request(host::cpu& c, control& r) {
    c.spend(host::of(host::cost::driver_request));
    if (auto* p = dynamic_cast<path_change*>(&r); p && !halted) {
        if (!associations) return finish(c, r, status::refused, "this adapter has no engines");
        const std::string why = associations->change_path(c, p->association, p->path_mtu);
        return finish(c, r, why.empty() ? status::done : status::refused, why.c_str());
    }
    if (auto* a = dynamic_cast<association_change*>(&r)) return change_place(c, *a);
    if (halted || !ready) return finish(c, r, status::not_done, halted ? "the adapter is halted" : "the adapter is not ready");
    if (auto* f = dynamic_cast<set_filter*>(&r)) {
        if (f->multicast.size() > most_multicast) return finish(c, r, status::refused, "more than 64 multicast addresses");
        if (room() < 2) return finish(c, r, status::no_room, "the command ring is full");
        filter.promiscuous = f->promiscuous;
        filter.broadcast = f->broadcast;
        filter.all_multicast = f->all_multicast;
        filter.multicast = f->multicast;
        append_configure(c, nullptr);
        append_multicast(c, &r);
        kick(c);
    } else if (auto* m = dynamic_cast<set_mac*>(&r)) {
        if (m->mac[0] & 1u) return finish(c, r, status::refused, "a group address cannot be an individual one");
        if (room() < 1) return finish(c, r, status::no_room, "the command ring is full");
        able.mac = m->mac;
        append_address(c, &r);
        kick(c);
    } else if (auto* i = dynamic_cast<identify*>(&r)) {
        identify_to(c, *i);
    } else if (dynamic_cast<link_look*>(&r)) {
        read_link(c, false);
        finish(c, r, status::done);
    } else if (auto* s = dynamic_cast<read_statistics*>(&r)) {
        dumps.push_back(s);
        if (!dumping) start_dump(c);
    } else {
        finish(c, r, status::refused, "unknown kind of request");
    }
}

void base_driver::machinery::identify_to(host::cpu& c, identify& i) {
    read_identity(c, place, i);
    if (rings && rings->ready()) lends(rings->able().uses, i);
    finish(c, i, status::done);
}

void base_driver::machinery::append_address(host::cpu& c, control* r) {
    const std::uint64_t block = open_block(c);
    ram.write(block + block_body, able.mac.data(), able.mac.size(), c.now());
    close_block(c, individual_address | ask_interrupt, {nullptr, r});
}

// The configure bytes with their required values (SDM 6.4.2.3, byte map of the 82559).
void base_driver::machinery::append_configure(host::cpu& c, control* r) {
    constexpr unsigned longest = 32;                                            // the map of the 82550
    const auto bit = [](bool on, unsigned n) { return on ? 1u << n : 0u; };
    const bool oldest = revision < first_of_82558;                             // what may stay out is not asked for
    const bool several_addresses = std::any_of(filter.multicast.begin(), filter.multicast.end(), [](const mac_address& a) { return !(a[0] & 1u); });
    const unsigned bytes[22] = {
        offloads() ? longest : 22u,
        config.rx_fifo_limit,
        config.adaptive_gap,
        bit(config.write_and_invalidate && !oldest, 0),
        0,
        0,
        0x22u | bit(!extended_blocks(), 4) | bit(config.save_bad, 7),          // standard statistics, CNA interrupts
        bit(config.discard_short, 0) | config.underrun_retry << 1 | bit(offloads(), 5) | bit(config.two_frames && !oldest, 6),
        0x01,
        0,
        0x2E,                                                                   // source address from memory, 7 octets of preamble
        oldest ? config.linear_priority : 0u,
        0x60u | bit(!oldest || config.linear_priority_after, 0),                // 96 bit times between frames
        0x00,
        0xF2,
        0x48u | bit(config.promiscuous || filter.promiscuous, 0) | bit(!filter.broadcast, 1),
        config.flow_control_delay & 0xFFu,
        config.flow_control_delay >> 8,
        0x80u | (oldest ? 7u : config.priority_threshold) << 4 | bit(config.padding, 1) | bit(config.crc_to_memory, 2) | bit(config.long_frames, 3),
        0x80u | (config.flow_control ? 0x38u : 0u),                             // duplex as the PHY says; ReStop, ReStart, reject
        0x3Fu | bit(several_addresses, 6),
        0x05u | bit(filter.all_multicast, 3),
    };
    std::uint8_t b[longest] = {};
    std::copy(std::begin(bytes), std::end(bytes), b);
    b[22] = offloads();                                            // the parser
    const std::uint64_t block = open_block(c);
    ram.write(block + block_body, b, b[0], c.now());
    close_block(c, configure | ask_interrupt, {nullptr, r});
}

void base_driver::machinery::append_multicast(host::cpu& c, control* r) {
    const std::uint64_t block = open_block(c);
    const ps at = c.now();
    ram.write16(block + block_body, static_cast<std::uint16_t>(filter.multicast.size() * 6), at);
    for (std::size_t i = 0; i < filter.multicast.size(); ++i) ram.write(block + block_body + 2 + 6 * i, filter.multicast[i].data(), 6, at);
    close_block(c, multicast | ask_interrupt, {nullptr, r});
}

void base_driver::machinery::start_dump(host::cpu& c) {
    dumping = true;
    dump_begun = c.now();
    if (!issue_dump(c)) return end_dump(c, status::failed, "the device does not accept commands");
    home().post(c.now() + config.statistics_poll, [this](host::cpu& k) { look_at_dump(k); });
}

bool base_driver::machinery::issue_dump(host::cpu& c) {
    c.catch_up();
    ram.write32(dump_area + counter_bytes, 0, c.now());
    if (!accepted(c)) return false;
    command(c, cu_dump_and_reset);
    return true;
}

void base_driver::machinery::look_at_dump(host::cpu& c) {
    if (dumps.empty()) return;                    // halted meanwhile
    c.catch_up();
    const ps at = c.now();
    if (ram.read32(dump_area + counter_bytes, at) != dumped_and_reset) {
        if (at >= dump_begun + config.statistics_timeout) return end_dump(c, status::failed, "the device does not dump its counters");
        home().post(at + config.statistics_poll, [this](host::cpu& k) { look_at_dump(k); });
        return;
    }
    read_statistics& r = *dumps.front();
    r.counters.clear();
    for (unsigned i = 0; i < counter_bytes / 4; ++i) r.counters.emplace_back(i82559::counters[i], ram.read32(dump_area + 4 * i, at));
    end_dump(c, status::done);
}

// The user may ask again from within.
void base_driver::machinery::end_dump(host::cpu& c, status s, const char* detail) {
    control& r = *dumps.front();
    dumps.pop_front();
    dumping = false;
    finish(c, r, s, detail);
    if (!dumping && !dumps.empty()) start_dump(c);
}

}  // namespace nicteam::driver
