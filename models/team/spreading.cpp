// FIG. 6, 350 to 354: who lends engines to requesters, and whether several do, so that work can be spread over them. If not, the one that lends does it
// all, as in FIG. 4, and no policy is asked (decision 178). What is spread how, 360 to 372, is in engines.cpp, and with the service.
#include <utility>

#include "team/links.h"

namespace nicteam::team {

void augmentation_layer_250::machinery::verify_spreading(host::cpu& c) {
    bool all_known = true;
    for (unsigned n = 0; n < members_count(); ++n) all_known &= identities[n]->known;
    const bool now = several(engine_rights::encrypts);
    if (now && !spreading) count(step::verified_352);
    if (!now && (spreading || (all_known && !spreading_ended))) count(step::terminated_354);
    spreading_ended = !now && all_known;
    if (std::exchange(spreading, now) != now) service->reconsider(c);
}

}  // namespace nicteam::team
