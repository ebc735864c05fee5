#include "team/virtual_nic_driver_204.h"

#include "team/machinery.h"

namespace nicteam::team {

const driver::capabilities& virtual_nic_driver_204::able() const { return m_.able; }

void virtual_nic_driver_204::send(host::cpu& c, const driver::packet_list& l, const driver::send_how&) {
    if (!halted_) return m_.send(c, l);
    if (user_) user_->sent(c, l, driver::status::not_done);
}

void virtual_nic_driver_204::request(host::cpu& c, driver::control& r) {
    if (!halted_) return m_.request(c, r);
    r.result = driver::status::not_done;
    r.detail = "the team is halted";
    if (user_) user_->completed(c, r);
}

void virtual_nic_driver_204::submit(host::cpu& c, driver::job& j) {
    if (!halted_) return m_.submit(c, j);
    j.result = driver::status::not_done;
    j.detail = "the team is halted";
    if (user_) user_->finished(c, j);
}

void virtual_nic_driver_204::give_back(host::cpu& c, const driver::packet_list& l) { m_.give_back(c, l); }

// Members complete what they have; nothing more is taken.
void virtual_nic_driver_204::halt(host::cpu& c, driver::halt_reason why) {
    halted_ = true;
    for (unsigned n = 0; n < m_.members_count(); ++n) m_.ports->halt(c, n, why);
}

}  // namespace nicteam::team
