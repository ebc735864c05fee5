// The chimney of a host (source document 002, FIG. 2: switch 206, layers 210, 212, 214) over one adapter whose device runs connections. Its connections are the
// transport's, which knows them by names.
#pragma once

#include "nicteam/chimney/tli_switch_206.h"
#include "nicteam/driver/offload_port.h"
#include "nicteam/sim/session.h"
#include "nicteam/stack/chimney_config.h"

namespace nicteam::stack {

class chimney_user {
public:
    virtual ~chimney_user() = default;
    virtual void answered(host::cpu&) = 0;                                       // something has come of what was asked
    virtual void moved(std::uint64_t name, chimney::place, chimney::refusal) = 0;
    virtual void happened(std::uint64_t name, std::uint32_t events) = 0;
};

class chimney_over final : public sc_core::sc_module, private driver::offload_user, private chimney::switch_user, private chimney::act_observer {
public:
    chimney_over(sc_core::sc_module_name, driver::offload_port&, tcp::connection_table&, tcp::results& out, chimney_user&);

    chimney::tli_switch_206& top() { return top_; }
    chimney::transport_layer_210& transport() { return transport_; }
    chimney::framing_layer_214& framing() { return framing_; }
    void flush(host::cpu& c) { port_.flush(c); }
    bool able() const { return able_; }          // its device has been set up

private:
    void answered(host::cpu&) override;
    void able_again(host::cpu&) override { able_ = true; }
    void moved(ps, std::uint64_t name, chimney::place, chimney::refusal) override;
    void happened(ps, std::uint64_t name, std::uint32_t events) override { user_.happened(name, events); }
    void acted(chimney::act, std::size_t of) override;

    driver::offload_port& port_;
    chimney_user& user_;
    bool able_ = false;
    chimney::chimney_options options_;
    chimney::minidriver_210 driver_;
    chimney::framing_layer_214 framing_;
    chimney::network_layer_212 network_;
    chimney::transport_layer_210 transport_;
    chimney::tli_switch_206 top_;
    counter &offloaded_, &refused_, &returned_, &gone_, &updates_, &indicated_;
};

}  // namespace nicteam::stack
