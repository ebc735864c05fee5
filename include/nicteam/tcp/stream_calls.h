// What an application asks of whoever runs TCP for it, at one instant: a host's stack on one of its CPUs, or a peer.
#pragma once

#include "nicteam/packet/ip.h"
#include "nicteam/state/handle.h"
#include "nicteam/tcp/exchange.h"

namespace nicteam::tcp {

class stream_calls {
public:
    virtual ~stream_calls() = default;
    virtual state::handle connect(const packet::ip_address& to, std::uint16_t port) = 0;      // empty: it cannot be
    virtual std::size_t room(state::handle) const = 0;
    virtual void send(state::handle, packet::octets) = 0;
    virtual packet::octets readable(state::handle) const = 0;
    virtual void consume(state::handle, std::size_t) = 0;
    virtual bool peer_closed(state::handle) const = 0;
    virtual void close(state::handle) = 0;
    virtual void abort(state::handle) = 0;
    virtual void release(state::handle) = 0;
    virtual bytes& scratch() = 0;                // octet_stream's
};

// One connection of it.
class stream_of final : public octet_stream {
public:
    stream_of(stream_calls& c, state::handle h) : calls_(c), handle_(h) {}
    std::size_t room() const override { return calls_.room(handle_); }
    void send(packet::octets o) override { calls_.send(handle_, o); }
    packet::octets readable() const override { return calls_.readable(handle_); }
    void consume(std::size_t n) override { calls_.consume(handle_, n); }
    bool peer_closed() const override { return calls_.peer_closed(handle_); }
    void close() override { calls_.close(handle_); }
    void abort() override { calls_.abort(handle_); }
    bytes& scratch() override { return calls_.scratch(); }

private:
    stream_calls& calls_;
    state::handle handle_;
};

}  // namespace nicteam::tcp
