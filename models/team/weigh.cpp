// Tells the service how busy members' engines are with their own traffic, where its dispatch goes by that (row A-92).
#include "team/links.h"

namespace nicteam::team {

void augmentation_layer_250::machinery::weigh_again(ps at) {
    home.cpu->post(at, [this](host::cpu& c) { weigh(c); });
}

// Of engines whose rate nobody has said, the line's rate stands for theirs.
void augmentation_layer_250::machinery::weigh(host::cpu& c) {
    const ps window = setup.sharing.workload_window;
    weigh_again(c.now() + window);
    c.spend(costs.mask, members_count());
    for (unsigned n = 0; n < members_count(); ++n) {
        if (unit_of(n) < 0) continue;
        const auto engine = static_cast<unsigned>(unit_of(n));
        secondary::engine_setting s = service->setting(engine);
        const auto line = static_cast<std::uint64_t>(members[n].rate) / 8;
        const std::uint32_t own = own_work[n].over(window, setup.sharing.rates.empty() ? line : s.rate);
        if (own == s.own) continue;
        s.own = own;
        service->set(c, engine, s);
    }
}

}  // namespace nicteam::team
