// Told what applications hand to TCP and take from it, as it happens: for whoever keeps books of streams.
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"
#include "nicteam/packet/octets.h"

namespace nicteam::tcp {

// One direction of one connection, known by the same name at both ends.
struct stream_name {
    std::uint16_t group = 0;         // of [[connections]], from 1; 0: who listens has not heard yet whose it is
    std::uint32_t connection = 0;    // of the group, from 0
    bool answers = false;            // from who listens to who opened it
};

class stream_observer {
public:
    virtual ~stream_observer() = default;
    virtual void handed(const stream_name&, packet::octets, ps) = 0;       // before TCP has them
    virtual void taken(const stream_name&, packet::octets, ps) = 0;
    virtual void ended(const stream_name&, std::size_t unread, ps) = 0;    // by FIN: nothing comes behind what is still unread
};

}  // namespace nicteam::tcp
