// A traffic pattern turned into frames.
#pragma once

#include <string>

#include "nicteam/packet/traffic.h"
#include "nicteam/packet/traffic_payload.h"
#include "nicteam/peer/frame_source.h"
#include "nicteam/sim/session.h"

namespace nicteam::peer {

class generator : public frame_source {
public:
    // `path` names its metrics (packet::traffic_info's rows) and its random stream.
    generator(const std::string& path, const packet::traffic_config&, const packet::traffic_addresses&);

    ps ready() const override { return next_.at; }
    outgoing take(ps now) override;
    ps made(ps free) const override { return paced() ? next_.at : frame_source::made(free); }
    ps next_arrival() const override { return paced() ? arriving_.at : never; }
    void arrive() override;
    std::uint64_t waiting() const override { return waiting_; }

private:
    bool paced() const { return config_.pace != packet::traffic_pace::line_rate; }

    packet::traffic_config config_;
    packet::traffic_addresses addresses_;
    packet::traffic_source pattern_;
    packet::departure next_;
    packet::traffic_source ahead_;             // the same pattern, as far as it has come by now
    packet::departure arriving_;
    std::uint64_t waiting_ = 0;
    counter &frames_, &octets_;
    histogram& late_;
};

}  // namespace nicteam::peer
