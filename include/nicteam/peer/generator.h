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

private:
    packet::traffic_config config_;
    packet::traffic_addresses addresses_;
    packet::traffic_source pattern_;
    packet::departure next_;
    counter &frames_, &octets_;
    histogram& late_;
};

}  // namespace nicteam::peer
