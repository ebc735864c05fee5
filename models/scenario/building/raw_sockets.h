// Raw traffic of a host: an EtherType has one socket per adapter, so its applications share it. Each sender has an end of its
// own; what comes in on any adapter goes to the sink, if there is one.
#pragma once

#include <deque>
#include <map>

#include "nicteam/stack/protocol_stack.h"

namespace nicteam::scenario {

class raw_sockets {
public:
    explicit raw_sockets(stack::protocol_stack_100& s) : stack_(s) {}
    stack::socket& sender(unsigned adapter);
    stack::socket& receiver(const std::vector<unsigned>& adapters);

private:
    struct line;
    struct end : stack::socket {
        std::uint32_t most() const override;
        driver::status send(host::cpu&, const stack::destination&, packet::octets, trace_id, std::uint64_t tag) override;
        void user(stack::socket_user& u) override;
        line* on = nullptr;
        std::uint64_t number = 0;
        bool waits = false;  // for room
        stack::socket_user* who = nullptr;
    };
    struct line : stack::socket_user {
        void received(host::cpu&, stack::socket&, const stack::arrival&) override;
        bool listens() const override { return owner->sink_.who != nullptr; }
        void sent(host::cpu&, stack::socket&, std::uint64_t tag, driver::status) override;
        void room(host::cpu&, stack::socket&) override;
        raw_sockets* owner = nullptr;
        stack::socket* real = nullptr;
        std::deque<end> ends;
    };
    line& line_on(unsigned adapter);

    stack::protocol_stack_100& stack_;
    std::map<unsigned, line> lines_;  // by adapter
    end sink_;
};

}  // namespace nicteam::scenario
