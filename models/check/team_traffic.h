// What frames of a team's flows did, and when.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "nicteam/check/failovers.h"

namespace nicteam::check {

class team_traffic {
public:
    team_traffic(const watched_team&, report::lifelines&);

    void settled(const report::settled_packet&);
    void sort();                                                 // once, when nothing more comes

    // The silence of each flow that overlaps [from, until]; losses within it, and disorder from there to `next`.
    std::vector<report::gap> gaps(ps from, ps until, ps next) const;
    // The earliest that one of these members (a bit each) carried from `since` on.
    report::failover::good_frame first_good(unsigned members, bool out, ps since, bool of_the_team = false) const;
    std::vector<report::reordering> reordered() const;

private:
    struct arrival {
        ps at, sent, on_wire;
        std::uint32_t octets;
        std::int8_t member;
        bool out;
    };
    struct flow { std::uint16_t from, to; std::vector<arrival> arrivals; };
    struct loss { ps at, sent; std::uint16_t from, where; const char* reason; };
    // What a place is to the team: nothing, the wire of a member in one direction.
    struct role { std::int8_t member = -1; bool out = false, known = false; };

    role role_of(std::uint16_t place);
    flow& flow_of(std::uint16_t from, std::uint16_t to);
    bool of_the_team(const flow& f) const { return lines_.place_name(f.from) == team_.path; }
    void count_losses(report::gap&, std::uint16_t from, ps after, ps before) const;     // of those sent in between
    void picture(report::gap&, const flow&) const;

    const watched_team& team_;
    const report::lifelines& lines_;
    std::vector<role> roles_;                                    // by place
    std::deque<flow> flows_;
    std::vector<loss> losses_;
    std::vector<std::pair<std::uint16_t, ps>> arrived_;          // whose, and when it was sent
};

}  // namespace nicteam::check
