#include "nic/phy/phy_port.h"

namespace nicteam::nic {

phy_port::phy_port(chip& c, phy& p, wire::wire_sink& mac, std::function<void(bool, ps)> changed)
    : chip_(c), phy_(p), mac_(mac), changed_(std::move(changed)) {}

void phy_port::begin_anew(ps at) {
    if (line_) line_->set_phy(phy_.setting(), at);
}

// ---------------------------------------------------------------- from the MAC
void phy_port::transmit_side::begin(const frame_ref& f, const span& octets) {
    const bool dead = p.chip_.faults.any && !p.chip_.faults.sends(sim::now());
    p.sent_ = dead ? way::dead : p.phy_.looped() || p.mac_loops() ? way::loop : p.phy_.isolated() ? way::nowhere : way::through;
    if (p.sent_ == way::through) return p.line_->begin(f, octets);
    if (p.sent_ != way::loop) return;
    if (p.arrives_) p.sent_ = way::nowhere;          // the MAC hears one at a time: this one began before the loop
    else p.loops_ = true, p.mac_.begin(f, octets);
}

void phy_port::transmit_side::replan(const span& octets) {
    if (p.sent_ == way::through) p.line_->replan(octets);
    else if (p.sent_ == way::loop) p.mac_.replan(octets);
}

void phy_port::transmit_side::end(const frame_ref& f, wire::wire_end how) {
    if (p.sent_ == way::through) p.line_->end(f, how);
    else if (p.sent_ == way::loop) p.loops_ = false, p.mac_.end(f, how);
    else p.swallow(f, how);
}

// The rest of an attempt that collided, as the MAC thinks, goes on as a copy.
void phy_port::swallow(const frame_ref& f, wire::wire_end how) {
    const bool dead = sent_ == way::dead, fragment = dead && how == wire::wire_end::collided;
    if (dead && !fragment) chip_.count.tx_mac_dead.add();
    chip_.station.ended(f->id, row(fragment ? rx_fragment_outcome : dead ? tx_mac_dead_outcome : tx_no_link_outcome), sim::now());
}

// ---------------------------------------------------------------- from the line
void phy_port::receive_side::begin(const frame_ref& f, const span& octets) {
    const bool dead = p.chip_.faults.any && !p.chip_.faults.hears(sim::now());
    p.received_ = dead ? way::dead : p.phy_.isolated() || p.mac_loops() || p.loops_ ? way::nowhere : way::through;
    if (p.received_ != way::through) return;
    p.arrives_ = true;
    if (p.carrier_) p.carrier_->carrier(true, octets.first());
    p.mac_.begin(f, octets);
}

void phy_port::receive_side::replan(const span& octets) {
    if (p.received_ == way::through) p.mac_.replan(octets);
}

void phy_port::receive_side::end(const frame_ref& f, wire::wire_end how) {
    if (p.received_ == way::through) {
        p.arrives_ = false;
        if (p.carrier_) p.carrier_->carrier(false, sim::now());
        return p.mac_.end(f, how);
    }
    const bool dead = p.received_ == way::dead;
    (dead ? p.chip_.count.rx_mac_dead : p.chip_.count.rx_isolated).add();
    p.chip_.station.ended(f->id, row(how == wire::wire_end::collided ? rx_fragment_outcome : dead ? rx_mac_dead_outcome : rx_isolated_outcome), sim::now());
}

void phy_port::receive_side::link(bool up, ps at) {
    p.phy_.changed(p.outcome());
    p.changed_(up, at);
    p.mac_.link(up, at);
}

}  // namespace nicteam::nic
