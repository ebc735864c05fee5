// What half duplex adds to MAC transmit: carrier from the link, and the counters of the dump (SDM 6.3.2.2).
#include "nic/mac/half_duplex.h"

#include "nic/mac/transmitter.h"
#include "nicteam/packet/arp.h"

namespace nicteam::nic {

bool shares_medium(const configuration& c, const wire::wire_source* link) {
    if (c.get(field::csma_disable) || c.get(field::force_full_duplex) || c.get(field::loopback)) return false;   // a loop is full duplex
    return !c.get(field::full_duplex_pin) || (link && link->link_up() && !link->outcome().full_duplex);
}

// Bit 7 of byte 15, CRS or CDT: this PHY drives CRS whenever it drives CDT, so that both settings are one.
void transmitter::carrier(bool on, ps octet) {
    if (on) {
        count_priority(octet);
        medium_.carrier_on(octet);
    } else {
        medium_.carrier_off(octet + path_.current().octet.period());
    }
    path_.medium_changed(sim::now());
    arm();
}

// Each wait is counted when it ends: the frame begins, or another station does.
void transmitter::count_priority(ps at) {
    const ps held = path_.held_by_priority(at);
    if (held == 0) return;
    chip_.count.tx_priority_waits.add();
    chip_.count.tx_priority_waited.add(static_cast<std::uint64_t>(held));
}

// No rule reads the frame: a reader of the run wants to know why nobody was found.
void transmitter::count_lost_arp() {
    if (packet::is_arp(path_.sending().data->data)) chip_.count.tx_lost_arp.add();
}

void transmitter::tell_waiting() {
    if (waits_since_ == path_.waits_since()) return;
    waits_since_ = path_.waits_since();
    if (out_) out_->waits(waits_since_);
}

void transmitter::count_medium(transmit_step what, ps) {
    switch (what) {
    case transmit_step::start:
        chip_.count.tx_waited.add(static_cast<std::uint64_t>(path_.waited()));
        if (!path_.deferred()) return;
        chip_.count.tx_deferred.add();
        chip_.hardware.add(statistic::tx_deferred);
        return;
    case transmit_step::collision:
        chip_.count.tx_collisions.add();
        chip_.hardware.add(statistic::tx_total_collisions);
        return;
    case transmit_step::good:
        if (path_.collisions() == 1) chip_.hardware.add(statistic::tx_single_collision);
        if (path_.collisions() > 1) chip_.hardware.add(statistic::tx_multiple_collisions);
        if (path_.collisions()) chip_.count.tx_after_collisions.add();
        if (link_up()) return;
        chip_.count.tx_lost_carrier.add();       // its own carrier does not come back to it
        chip_.hardware.add(statistic::tx_lost_carrier);
        return;
    case transmit_step::too_many:
        count_lost_arp();
        chip_.count.tx_max_collisions.add();
        chip_.hardware.add(statistic::tx_max_collisions);
        return;
    case transmit_step::late:
        count_lost_arp();
        chip_.count.tx_late_collisions.add();
        chip_.hardware.add(statistic::tx_late_collisions);
        return;
    default: return;
    }
}

}  // namespace nicteam::nic
