// The near end of our wire: what the NIC sends arrives here, with the edge of every octet.
#pragma once

#include <cstdio>
#include <vector>

#include "nicteam/packet/fcs.h"
#include "nicteam/wire/link.h"

class wire_end : public nicteam::wire::wire_source {
public:
    struct arrival { std::vector<std::uint8_t> octets; nicteam::ps first, last; bool good; };
    std::vector<arrival> arrived;

    void begin(const nicteam::frame_ref&, const nicteam::span& plan) override { plan_ = plan; }
    void replan(const nicteam::span& plan) override { plan_ = plan; }      // an underrun, a reset: the frame ends early
    void end(const nicteam::frame_ref& f, nicteam::wire::wire_end how) override {
        nicteam::packet::ensure_fcs(*f);                                   // it is computed when somebody looks
        arrived.push_back({f->data, plan_.first(), plan_.last(), how == nicteam::wire::wire_end::good && nicteam::packet::check_fcs(*f)});
    }
    std::int64_t bits_per_second() const override { return 100'000'000; }
    bool link_up() const override { return true; }

private:
    nicteam::span plan_;
};
