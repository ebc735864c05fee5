#include "nicteam/secondary/loading_order.h"

namespace nicteam::secondary {

bool open_engines(const std::vector<engine_state>& all, loading order, std::vector<bool>& open) {
    open.assign(all.size(), false);
    unsigned first = engine_uses;                        // the first use with room
    bool hardware = false;                               // can do it, now or when it has room
    for (const engine_state& e : all) {
        if (e.can && e.use != engine_use::last_resort) hardware = true;
    }
    for (const engine_state& e : all) {
        if (e.can && e.room && !(hardware && e.use == engine_use::last_resort)) first = static_cast<unsigned>(e.use) < first ? static_cast<unsigned>(e.use) : first;
    }
    if (first == engine_uses) return false;
    for (std::size_t n = 0; n < all.size(); ++n) {
        const bool software = all[n].use == engine_use::last_resort;
        const bool wanted = order == loading::in_order || !hardware ? static_cast<unsigned>(all[n].use) == first : !software;
        open[n] = all[n].can && all[n].room && wanted;
    }
    return true;
}

}  // namespace nicteam::secondary
