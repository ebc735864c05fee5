// The media independent interface of a NIC (IEEE 802.3 clause 22), drawn from the frames that its MAC sent and received.
#pragma once

#include <vector>

#include "nicteam/report/waveform_writer.h"
#include "nicteam/sim/session.h"

namespace nicteam::check {

// Variables: scope = path of the NIC and `mii`; TX_CLK TX_EN TXD RX_CLK RX_DV RXD RX_ER CRS COL, at 10 and 100 Mb/s. The lower nibble of an
// octet goes first; its upper one is sampled at the instant at which the model has the octet pass. A change stands at the rising
// edge at which it is driven and is sampled at the next one. The clocks are drawn while a frame passes and rest in between. CRS is high
// while either direction is busy, COL during the jam behind a collision. RX_ER stays low: no code group is ever invalid here, a
// frame that is cut ends early. A frame is drawn when it ends; one that has not by the end of the run is not.
class mii_pins : public sim::capture_sink {
public:
    // The points and probes of one NIC.
    mii_pins(const std::string& nic, sim::capture_point& wire, sim::probe& tx_active, sim::probe& rx_active, report::waveform_writer&);
    ~mii_pins() override;

    void take(const sim::capture_point&, const frame_ref&, ps at, sim::direction, const char* comment) override;
    // Draws what is certain; nothing more will be drawn before what it returns. `last`: nor behind it.
    ps settle(ps now, bool last);
    std::uint64_t faster() const { return faster_; }  // frames at a rate that MII has not: not drawn
    const std::string& nic() const { return nic_; }

private:
    using variable = report::waveform_writer::variable;
    // When a direction began to be busy, from its probe.
    struct activity : sim::probe_sink {
        explicit activity(sim::probe& p) : probe(p), next(p.sink) { p.sink = this; }
        ~activity() override {
            if (probe.sink == this) probe.sink = next;
        }
        activity(const activity&) = delete;
        activity& operator=(const activity&) = delete;
        void change(const sim::probe& p, ps past, std::uint64_t v) override {
            if (next) next->change(p, past, v);
            since = v ? past : never;
        }
        sim::probe& probe;
        sim::probe_sink* next;
        ps since = never;
    };
    struct pins {
        variable clock, enable, data;
    };
    struct busy {
        ps from, until;
    };

    ps octet_time(std::size_t octets, ps at, ps now);
    void nibble(const pins&, ps at, ps half, unsigned value);

    std::string nic_;
    report::waveform_writer& out_;
    sim::capture_point& wire_;
    activity tx_active_, rx_active_;
    pins tx_, rx_;
    variable rx_er_, crs_, col_;
    std::vector<busy> carrier_;  // not yet drawn
    ps octet_ = 80'000;          // of the frame before
    std::uint64_t faster_ = 0;
};

}  // namespace nicteam::check
