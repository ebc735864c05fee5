#include "nicteam/rings/association_store.h"

namespace nicteam::rings {

reason lend(ipsec::association_table& table, state::handle h, const ipsec::lease& numbers) {
    ipsec::association* a = table.find(h);
    if (!a) return reason::stale_handle;
    if (table.frozen(h)) return reason::frozen;
    return a->take(numbers) ? reason::none : reason::number_refused;
}

void remove_all(ipsec::association_table& t) {
    std::vector<state::handle> all;
    t.each([&](state::handle h, ipsec::association&) { all.push_back(h); });
    for (const state::handle h : all) t.remove(h);
}

void own_associations::added(state::handle h) { serving_[h.index] = *serving(engines_, table_.find(h)->parameters()); }

offload::engine_work own_associations::work(state::handle h, offload::way w, std::size_t packet, std::size_t header, bool new_key) {
    return work_of(serving_[h.index], table_.find(h)->parameters(), w, packet, header, new_key);
}

offload::engine_work own_associations::self_test(state::handle h, offload::way w) {
    const ipsec::association* a = table_.find(h);
    return a ? self_test_of(engines_, w == offload::way::out ? serving_[h.index].out : serving_[h.index].in, a->parameters(), w) : offload::engine_work{};
}

}  // namespace nicteam::rings
