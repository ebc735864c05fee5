#include "scenario/relations/place_of.h"

namespace nicteam::scenario {

position place_of(const component& c, std::string_view key) {
    const setting* s = c.find(key);
    return s && s->given() ? s->at : c.at;
}

}  // namespace nicteam::scenario
