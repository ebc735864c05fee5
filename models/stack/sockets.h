// The three kinds of end points.
#pragma once

#include <string>

#include "stack/machinery.h"

namespace nicteam::stack {

class udp_socket : public socket, private completion_user {
public:
    udp_socket(protocol_stack_100::machinery& m, std::uint16_t port, unsigned adapter) : stack_(m), port_(port), adapter_(adapter) {}
    std::uint32_t most() const override;
    std::uint32_t headers(bool six) const override;
    driver::status send(host::cpu&, const destination&, packet::octets, trace_id, std::uint64_t tag) override;
    void user(socket_user& u) override { user_ = &u; }
    bool takes(std::uint16_t port, unsigned adapter) const {
        return port == port_ && (adapter_ == driver::any_adapter || adapter == driver::any_adapter || adapter == adapter_);
    }
    bool deliver(host::cpu&, const arrival&);

private:
    void complete(host::cpu& c, std::uint64_t tag, driver::status s) override { if (user_) user_->sent(c, *this, tag, s); }
    void room(host::cpu& c) override { if (user_) user_->room(c, *this); }
    driver::status send_ipv6(host::cpu&, const destination&, packet::octets, trace_id, std::uint64_t tag);      // udp_over_ipv6.cpp
    protocol_stack_100::machinery& stack_;
    std::uint16_t port_;
    unsigned adapter_;
    socket_user* user_ = nullptr;
};

// ICMP echo: requests out (the sequence number is the destination's port), replies in.
class echo_socket : public socket, private completion_user {
public:
    echo_socket(protocol_stack_100::machinery& m, std::uint16_t identifier) : stack_(m), identifier_(identifier) {}
    std::uint32_t most() const override;
    std::uint32_t headers(bool six) const override;
    driver::status send(host::cpu&, const destination&, packet::octets, trace_id, std::uint64_t tag) override;
    void user(socket_user& u) override { user_ = &u; }
    std::uint16_t identifier() const { return identifier_; }
    bool deliver(host::cpu&, const arrival&);

private:
    void complete(host::cpu& c, std::uint64_t tag, driver::status s) override { if (user_) user_->sent(c, *this, tag, s); }
    void room(host::cpu& c) override { if (user_) user_->room(c, *this); }
    protocol_stack_100::machinery& stack_;
    std::uint16_t identifier_;
    socket_user* user_ = nullptr;
};

// Whole frames of one protocol on one adapter: a small stack of its own beside IPv4.
class raw_socket : public socket, private driver::protocol_user, private completion_user {
public:
    raw_socket(protocol_stack_100::machinery&, driver::protocol, unsigned adapter);
    void claim(const sim::station::claim& c) const { outlet_.claim(c); }
    std::uint32_t most() const override;
    driver::status send(host::cpu&, const destination&, packet::octets, trace_id, std::uint64_t tag) override;
    void user(socket_user& u) override { user_ = &u; }

private:
    void sent(host::cpu&, unsigned adapter, const driver::packet_list&, driver::status) override;
    void received(host::cpu&, unsigned adapter, const driver::packet_list&) override;
    void completed(host::cpu&, unsigned, driver::control&) override {}
    void finished(host::cpu&, unsigned, driver::job&) override {}
    void changed(host::cpu& c, unsigned adapter, const driver::link_state&) override { if (adapter == adapter_) outlet_.flush(c); }
    void complete(host::cpu& c, std::uint64_t tag, driver::status s) override { if (user_) user_->sent(c, *this, tag, s); }
    void room(host::cpu& c) override { if (user_) user_->room(c, *this); }
    protocol_stack_100::machinery& stack_;
    unsigned adapter_;
    outlet outlet_;
    bytes in_;
    socket_user* user_ = nullptr;
};

}  // namespace nicteam::stack
