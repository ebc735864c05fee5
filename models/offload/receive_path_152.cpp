#include "offload/receive_path_152.h"

#include <utility>

#include "offload/receive_machinery.h"

namespace nicteam::offload {

receive_path_152::receive_path_152(receive_block::machinery& m)
    : receive_(m), engines_(engine_set(transmit_engines_of(m.config), m.config.coupling), way::in, m.table.first()) {
    if (over_152(m.config.feedback_input)) m.known.also(engines_);
}

item_ref receive_path_152::returning::take(ps at) {
    item_ref p = path.far->returned().take(at);
    p->came_in = false;
    path.far->receive_acted();
    return p;
}

ps receive_path_152::marked::offered() const { return path.receive_.all->input_122.offered(); }

item_ref receive_path_152::marked::take(ps at) {
    item_ref p = path.receive_.all->input_122.take(at);
    p->came_in = true;
    path.receive_.plan();
    return p;
}

security_work receive_path_152::visit_152(item& i, engine_bank& bank, engine_health& health, ps at) { return receive_.visit_21a(i, {engines_, bank, health}, at); }
void receive_path_152::worked_152(const item& i, ps started, ps done) { receive_.count_work(i, started, done); }

void receive_path_152::offers_22b(ps at) {
    receive_.all->logic_22b.offers_changed(at);
    receive_.plan();
}

void receive_path_152::transmit_acted(ps at) { receive_.show(at); }

}  // namespace nicteam::offload
