// A repeater: every other port sends out every frame that one port receives, octet by octet, `latency` later.
// Between full-duplex links frames that meet at a port wait there, in order of arrival, ties by port number; nothing collides (a
// buffered distributor). Between half-duplex links nothing waits: frames that meet become a jam, and the senders' CSMA/CD settles it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>

#include "nicteam/base/tables.h"
#include "nicteam/sim/session.h"
#include "nicteam/wire/link.h"

namespace nicteam::wire {

struct repeater_config {
    std::int64_t ports = 8;
    ps latency = 460 * nanosecond;
    bool half_duplex = false;                  // choices "full|half"
    std::int64_t queue = 1024;                 // frames waiting at a port
};
extern const block_info repeater_info;         // kind "repeater"

class collision_domain;
class repeater_port;
struct repeated;

class repeater : public sc_core::sc_module {
public:
    repeater(sc_core::sc_module_name, const repeater_config&);
    ~repeater() override;

    wire_end_point& port(unsigned);            // 0 … ports - 1
    // The lowest port that no cable has claimed yet; throws std::logic_error when all are taken.
    wire_end_point& next_port();

    void start_of_simulation() override;       // throws when cables of different rates meet here

private:
    friend class repeater_port;
    friend class collision_domain;
    ref<repeated> take();
    ref<frame> copy_of(const frame&);
    unsigned attached() const { return attached_; }

    repeater_config config_;
    std::vector<repeated*> all_, free_;
    std::vector<std::unique_ptr<repeater_port>> ports_;
    std::unique_ptr<collision_domain> domain_;     // of half-duplex links
    unsigned claimed_ = 0, attached_ = 0;
    sim::station& station_;
    counter &frames_, &octets_, &waited_, &full_, &collisions_, &control_, &busy_, &collided_, &spoiled_, &through_, &carried_, &contended_;
};

}  // namespace nicteam::wire
