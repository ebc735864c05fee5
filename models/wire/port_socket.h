// The unix socket of an external port: at most one connection at a time, nothing that blocks, whatever the other side does.
#pragma once

#include <chrono>
#include <deque>
#include <string>

#include "nicteam/sim/pacing.h"
#include "nicteam/wire/external_port.h"
#include "nicteam/wire/stream_framing.h"

namespace nicteam::wire {

class port_socket : public sim::outside {
public:
    // Listens, if that is its role. Throws std::runtime_error naming the path and the reason.
    explicit port_socket(external_port&);
    ~port_socket() override;
    port_socket(const port_socket&) = delete;
    port_socket& operator=(const port_socket&) = delete;

    void watch(std::vector<pollfd>&) override;
    void look() override;
    bool ready() const override { return connection_ >= 0 || !config_.wait; }

    // A frame without FCS. False: the other side does not read, and no more may wait.
    bool send(packet::octets frame);

private:
    using wall = std::chrono::steady_clock;
    void listen();
    bool is_ours() const;                          // what lies at the path; somebody may have taken it away and put another there
    void find_connection();
    void try_to_connect();
    void attach(int descriptor);
    void detach();
    void receive();
    bool hand_on();
    void flush();

    external_port& port_;
    const external_port_config& config_;
    int listener_ = -1, connection_ = -1;
    std::uint64_t device_ = 0, inode_ = 0;         // of the socket that listen() made
    bool deaf_ = false;                            // takes nothing more; may still send
    wall::time_point next_try_{};
    stream_decoder decoder_;
    std::deque<bytes> unread_;                     // frames with their header, the first perhaps gone in part
    std::size_t gone_ = 0;                         // octets of the first
};

}  // namespace nicteam::wire
