#include "nicteam/driver/pass_through.h"

namespace nicteam::driver {
namespace {
constexpr parameter_info parameters[] = {
    {"cycles", quantity::count, "0", "0", "1000000", nullptr, "CPU cycles for each packet handed on, either way",
     "choice: 0 moves no stamp", store<&pass_through_config::cycles>},
};
}  // namespace

const block_info pass_through_info = {"pass_through", "an adapter that passes everything on to the one below", parameters, {}, {}, {}, {}, {}, {}};

pass_through::pass_through(sc_core::sc_module_name name, const pass_through_config& config, adapter& below)
    : sc_module(name), handing_on_{"pass_through", config.cycles, "one packet handed on", "parameter of the adapter"}, below_(below) {
    below_.bind(*this);
}

void pass_through::send(host::cpu& c, const packet_list& packets, const send_how& how) {
    c.spend(handing_on_, packets.size());
    below_.send(c, packets, how);
}
void pass_through::request(host::cpu& c, control& r) { below_.request(c, r); }
void pass_through::submit(host::cpu& c, job& j) { below_.submit(c, j); }
void pass_through::give_back(host::cpu& c, const packet_list& packets) { below_.give_back(c, packets); }
void pass_through::halt(host::cpu& c, halt_reason r) { below_.halt(c, r); }

void pass_through::sent(host::cpu& c, const packet_list& packets, status s) {
    if (user_) user_->sent(c, packets, s);
}
void pass_through::received(host::cpu& c, const packet_list& packets) {
    c.spend(handing_on_, packets.size());
    if (user_) user_->received(c, packets);
    else below_.give_back(c, packets);
}
void pass_through::completed(host::cpu& c, control& r) { if (user_) user_->completed(c, r); }
void pass_through::finished(host::cpu& c, job& j) { if (user_) user_->finished(c, j); }
void pass_through::changed(host::cpu& c, const link_state& s) { if (user_) user_->changed(c, s); }

}  // namespace nicteam::driver
