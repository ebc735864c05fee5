#include "nic/rings/chimney_unit.h"

#include "nicteam/packet/fcs.h"

namespace nicteam::nic {

chimney_unit::chimney_unit(chip& c, transmitter& t, receiver& r)
    : sc_module(sc_core::sc_module_name("chimney")), chip_(c), transmitter_(t), station_(sim::bind_station(*this)), services_(c.bus), unit_("unit", *this, c.config.chimney, services_, *this) {
    t.on_made_room([this](ps at) { unit_.may_transmit(at); });
    r.on_offload([this](const frame& f, ps at) -> const outcome_info* {
        switch (unit_.frame(packet::octets(f.data).first(f.data.size() - packet::fcs_octets), at)) {
            case rings::offload_unit::verdict::taken: return &row(rx_offloaded_outcome);
            case rings::offload_unit::verdict::no_room: return &row(rx_offload_full_outcome);
            default: return nullptr;
        }
    });
}

void chimney_unit::take(const bytes& octets, ps at) {
    const ref<frame> f = frame::make();
    f->data = octets;
    const auto n = static_cast<std::uint32_t>(octets.size());
    packet::append_lazy_fcs(*f);
    f->id = station_.next_id();
    station_.born(f->id, 0, static_cast<std::uint32_t>(f->data.size()), at);
    transmitter_.add_made(f, n, at);
}

}  // namespace nicteam::nic
