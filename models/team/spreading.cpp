// FIG. 6, 350 to 354: who lends engines to requesters, and whether several do, so that work can be spread over them. If not, the one that lends does it
// all, as in FIG. 4, and no policy is asked (decision 178). What is spread how, 360 to 372, is in engines.cpp, and with the service.
#include "team/links.h"

namespace nicteam::team {

void augmentation_layer_250::machinery::verify_spreading(host::cpu& c) {
    auto lenders = static_cast<unsigned>(setup.cards.size()) + (setup.sharing.software == static_cast<unsigned>(secondary::software_use::another));
    bool all_known = true;
    for (unsigned n = 0; n < members_count(); ++n) {
        all_known &= identities[n]->known;
        if (unit_of(n) < 0) continue;
        lenders += members[n].present && (lends(n, false) || lends(n, true));
        const bool perhaps = !identities[n]->known && config.accepts.empty();      // its engines say themselves what they do not do
        service->lend(static_cast<unsigned>(unit_of(n)), perhaps || lends(n, false), perhaps || lends(n, true));
    }
    const bool several = lenders > 1;
    if (several && !spreading) count(step::verified_352);
    if (!several && (spreading || (all_known && !spreading_ended))) count(step::terminated_354);
    spreading_ended = !several && all_known;
    spreading = several;
    service->spread(c, several);
}

}  // namespace nicteam::team
