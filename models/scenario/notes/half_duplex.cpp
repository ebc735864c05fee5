// Shared media: what real networks get wrong is noted.
#include "scenario/notes/half_duplex.h"

#include <fmt/format.h>

namespace nicteam::scenario {

std::vector<std::string> half_duplex_notes(const resolved& r, const std::function<const wire::cable*(const std::string& link)>& cable) {
    std::vector<std::string> notes;
    for (const component* link : r.of_kind("link"))
        if (const wire::cable* c = cable(link->path); c && c->mismatched())
            notes.push_back(
                fmt::format("{}: one end is half duplex and the other full: late collisions at the one and damaged frames at the other are "
                            "what comes of it",
                            link->path));
    return notes;
}

}  // namespace nicteam::scenario
