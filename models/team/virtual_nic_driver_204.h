// Virtual NIC driver 204: towards the intermediary and the protocol stacks above it, the one valid NIC that they believe to be bound to.
#pragma once

#include "nicteam/driver/adapter.h"
#include "nicteam/team/augmentation_layer_250.h"

namespace nicteam::team {

class virtual_nic_driver_204 final : public driver::adapter {
public:
    explicit virtual_nic_driver_204(augmentation_layer_250::machinery& m, std::string name) : m_(m), name_(std::move(name)) {}

    const char* adapter_name() const override { return name_.c_str(); }
    void bind(driver::adapter_user& u) override { user_ = &u; }
    const driver::capabilities& able() const override;
    void send(host::cpu&, const driver::packet_list&, const driver::send_how& = {}) override;
    void request(host::cpu&, driver::control&) override;
    void submit(host::cpu&, driver::job&) override;
    void give_back(host::cpu&, const driver::packet_list&) override;
    void halt(host::cpu&, driver::halt_reason) override;

    driver::adapter_user* user() const { return user_; }
    bool halted() const { return halted_; }

private:
    augmentation_layer_250::machinery& m_;
    std::string name_;
    driver::adapter_user* user_ = nullptr;
    bool halted_ = false;
};

}  // namespace nicteam::team
