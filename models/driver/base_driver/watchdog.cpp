// What a driver looks after by itself: the link, and a device that does nothing any more.
#include <algorithm>
#include <utility>

#include "driver/base_driver/machinery.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"

namespace nicteam::driver {
using namespace i82559;

// A lost link raises no interrupt on this device: it is noticed here, up to `link_poll` late.
void base_driver::machinery::look_at_link(host::cpu& c, unsigned of) {
    if (halted || of != life) return;
    look_at_units(c);
    read_link(c, false);
    home().post(c.now() + config.link_poll, [this, of](host::cpu& k) { look_at_link(k, of); });
}

// A write that met an abort, and of which nobody heard, leaves a device that is masked, or whose receive unit stands still, for good.
void base_driver::machinery::look_at_units(host::cpu& c) {
    if (!ready || scheduled) return;
    const std::uint32_t v = read(c, scb_status, 4);
    if (v == no_answer || v >> command_shift & 0xFF || scheduled) return;
    if (!polling && v >> mask_shift & mask_all) {
        count(driver_metric::told_again);
        write(c, scb_mask, 1, mask_bits());
    }
    const bool waits = v >> event_shift & rnr;    // an interrupt will tell
    if (!polling && !waits && !receiver_stopped && (v & receive_state) != receive_ready) {
        count(driver_metric::told_again);
        receiver_stopped = true;
        schedule(c);
    }
}

void base_driver::machinery::read_link(host::cpu& c, bool tell) {
    const std::uint32_t v = read(c, general, 4);
    const bool answers = ready && v != no_answer;
    bool up = answers && v & link_up, full_duplex = up && v & link_full_duplex;
    std::int64_t rate = 0;
    if (up) {
        const std::uint32_t word = v >> rate_shift;
        rate = word & rate_mantissa;
        for (unsigned n = word >> rate_exponent_shift; n; --n) rate *= 10;
        if (!word) rate = v & link_fast ? fast_rate : slow_rate;
    }
    if (!up && answers && !has_general_status()) {
        const auto get = [&](unsigned n) { return phy_cycle(c, management_read | first_phy | n << phy_register_shift); };
        get(phy_status);                          // what was latched before
        const unsigned status = get(phy_status), mode = get(phy_82555_status);
        up = status != no_phy && status & phy_link;
        full_duplex = up && mode & phy_full_duplex;
        if (up) rate = mode & phy_fast ? fast_rate : slow_rate;
    }
    const bool other = link.up != up || link.rate != rate || link.full_duplex != full_duplex;
    const bool changed = !link_known || other || link.ready != answers;
    if (other && link_known && link.ready) count(driver_metric::link_changes);
    if (changed) link = {up, rate, full_duplex, c.now(), answers};
    link_probe.change(c.now(), up);
    if (up && !std::exchange(link_was_up, true)) count(driver_metric::link_at, static_cast<std::uint64_t>(c.now()));
    link_known = true;
    able.link_rate = rate;
    if ((changed || tell) && user) user->changed(c, link);
}

// At most one look is on its way, however many packets go out.
void base_driver::machinery::watch(ps at) {
    if (watching || !config.transmit_timeout) return;
    watching = true;
    home().post(at, [this](host::cpu& c) { look_for_progress(c); });
}

void base_driver::machinery::look_for_progress(host::cpu& c) {
    watching = false;
    if (halted) return;
    if (ready) reap(c);                           // what completed without an interrupt
    if (ready && !used && lost.empty()) return;
    if (c.now() < progress + config.transmit_timeout) return watch(progress + config.transmit_timeout);
    recover(c);
}

// As after power-on, the rings kept. While the device does not answer, sends find no room, and the next look tries again.
void base_driver::machinery::recover(host::cpu& c) {
    if (ready) count(driver_metric::transmit_timeouts);
    ready = false;
    ready_probe.change(c.now(), 0);
    write(c, scb_mask, 1, mask_all);
    reset(c, port_software_reset);
    const bool idle = !(read(c, scb_status, 4) & 0xFF);      // pushes what the device had posted; not idle: it never saw the reset
    if (!idle || !bring_up(c)) {
        count(driver_metric::failed_resets);
        if (rings) rings->end(c);                 // nobody knows when it answers again
        tell_gone(c);
        progress = c.now();
        return watch(progress + config.transmit_timeout);
    }
    began(c.now());
    packet_list& given_up = lists.take();
    while (!lost.empty()) {
        const slot s = lost.front();
        lost.erase(lost.begin());
        if (s.request) finish(c, *s.request, status::done);      // bring_up() has set up what it asked for
        if (!s.sending) continue;
        if (config.after_timeout == 1 && (!s.sending->protection || can_protect(*s.sending)) && room() >= blocks_for(*s.sending)) {
            count(driver_metric::resent);
            resend(c, *s.sending);
        } else {
            give_up(*s.sending, c.now(), given_up);
        }
    }
    hand_back(c, given_up, status::not_done);
    lists.put(given_up);
    if (dumping) issue_dump(c);                   // somebody is about to look for its end
    kick(c);
    read_link(c, true);                           // the user may have been told that there is no room: it tries again now
}

// Its octets cross the bus once more, as a copy; if the first have gone out, as a packet of its own.
void base_driver::machinery::resend(host::cpu& c, packet& p) {
    if (p.id) {
        const ps at = c.now();
        const bool copy = not_sent(p, driver_outcome::resent, at);
        const trace_id before = std::exchange(p.id, station.next_id());
        const auto octets = std::max<std::size_t>(p.bytes, nicteam::packet::least_without_fcs) + nicteam::packet::fcs_octets;
        station.born(p.id, copy ? before : 0, static_cast<std::uint32_t>(octets), at);
    }
    const sim::in_hand at_work(station, p.id);
    append_packet(c, p);
}

}  // namespace nicteam::driver
