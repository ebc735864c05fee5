// The PHY between MAC and line: both see the other through it, unless it is isolated or loops the MAC's frames back
// (IEEE 802.3 22.2.4.1.2, 22.2.4.1.6), or the MAC does so itself (docs/decisions/0032-dma-maxima-and-loopback.md). What a frame meets is decided when it begins.
#pragma once

#include <functional>

#include "nic/chip.h"
#include "nic/phy/phy.h"
#include "nicteam/wire/link.h"

namespace nicteam::nic {

class phy_port {
public:
    // mac: takes what arrives. changed: the link came up or went down.
    phy_port(chip&, phy&, wire::wire_sink& mac, std::function<void(bool up, ps)> changed);

    void plug(wire::wire_source& line) { line_ = &line; }
    wire::wire_source& towards_line() { return out_; }       // for the MAC
    wire::wire_sink& from_line() { return in_; }
    wire::negotiated outcome() const { return line_ ? line_->outcome() : wire::negotiated{}; }
    void tell_carrier(wire::carrier_listener* l) { carrier_ = l; }   // of the line; half duplex only, nullptr: nobody asks
    void begin_anew(ps at);                                  // the PHY's registers changed

private:
    enum class way : std::uint8_t { through, loop, nowhere, dead };
    bool mac_loops() const { return chip_.setup.get(field::loopback) && !chip_.setup.get(field::external_loopback); }
    struct transmit_side : wire::wire_source {
        phy_port& p;
        explicit transmit_side(phy_port& port) : p(port) {}
        void begin(const frame_ref&, const span&) override;
        void replan(const span&) override;
        void end(const frame_ref&, wire::wire_end) override;
        std::int64_t bits_per_second() const override { return p.line_->bits_per_second(); }
        bool link_up() const override { return p.line_->link_up(); }
        wire::negotiated outcome() const override { return p.line_->outcome(); }
    };
    struct receive_side : wire::wire_sink {
        phy_port& p;
        explicit receive_side(phy_port& port) : p(port) {}
        void begin(const frame_ref&, const span&) override;
        void replan(const span&) override;
        void end(const frame_ref&, wire::wire_end) override;
        void link(bool up, ps at) override;
    };

    void swallow(const frame_ref&, wire::wire_end);          // what the MAC sends and nobody hears

    chip& chip_;
    phy& phy_;
    wire::wire_sink& mac_;
    std::function<void(bool, ps)> changed_;
    wire::wire_source* line_ = nullptr;
    wire::carrier_listener* carrier_ = nullptr;
    transmit_side out_{*this};
    receive_side in_{*this};
    way sent_ = way::through, received_ = way::through;
    bool arrives_ = false, loops_ = false;       // a frame towards the MAC is under way, from the line or from itself
};

}  // namespace nicteam::nic
