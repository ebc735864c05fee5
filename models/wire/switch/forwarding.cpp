#include "wire/switch/forwarding.h"

#include <algorithm>
#include <stdexcept>

namespace nicteam::wire {

forwarding::forwarding(unsigned ports, const std::vector<group>& groups, std::size_t table_size, ps ageing)
    : ports_(ports), table_(table_size, ageing), active_(ports + groups.size()), choice_(ports + groups.size()), up_since_(ports, never) {
    for (unsigned p = 0; p < ports; ++p) place_.push_back(p);
    for (unsigned g = 0; g < groups.size(); ++g) {
        choice_[ports + g] = make_port_choice(groups[g].choice);
        for (const unsigned p : groups[g].ports) {
            if (p >= ports || place_[p] != p) throw std::invalid_argument("a port that is not there, or in two groups");
            place_[p] = ports + g;
        }
    }
}

std::size_t forwarding::set_up(unsigned port, bool up, ps at) {
    if ((up_since_[port] != never) == up) return 0;
    up_since_[port] = up ? at : never;
    std::vector<unsigned>& here = active_[place_[port]];
    const auto place = std::lower_bound(here.begin(), here.end(), port);
    if (up) here.insert(place, port);
    else here.erase(place);
    const bool stays = up || std::any_of(here.begin(), here.end(), [&](unsigned p) { return up_since_[p] < at; });
    return stays ? 0 : table_.forget(place_[port]);
}

unsigned forwarding::port_at(filtering_database::place p, const bytes& frame) {
    const std::vector<unsigned>& here = active_[p];
    return here[choice_[p] ? choice_[p]->choose(frame, static_cast<unsigned>(here.size())) : 0];
}

const forwarding::decision& forwarding::decide(const bytes& frame, unsigned from, bool learns, ps now) {
    const std::uint64_t destination = address_of(frame.data()), source = address_of(frame.data() + 6);
    last_.to.clear();
    last_.lesson = learns ? table_.learn(source, place_[from], now) : filtering_database::lesson::no_station;
    if (destination >= first_reserved && destination <= last_reserved) {
        last_.what = fate::reserved;
        return last_;
    }
    if (!is_group_address(destination))
        if (const auto where = table_.where(destination)) {
            last_.what = *where == place_[from] ? fate::filtered : active_[*where].empty() ? fate::no_port : fate::forwarded;
            if (last_.what == fate::forwarded) last_.to.push_back(port_at(*where, frame));
            return last_;
        }
    for (filtering_database::place p = 0; p < active_.size(); ++p)
        if (p != place_[from] && !active_[p].empty()) last_.to.push_back(port_at(p, frame));
    std::sort(last_.to.begin(), last_.to.end());
    last_.what = last_.to.empty() ? fate::no_port : is_group_address(destination) ? fate::to_group : fate::unknown;
    return last_;
}

}  // namespace nicteam::wire
