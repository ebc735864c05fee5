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

    // The silences of each flow that overlap [from, until], and, with `decided`, those in which frames were lost that were sent before `until`: the longest
    // of those with losses, or of all, up to `upto`; the losses of all of them that are not told yet; and disorder from there to `next`.
    std::vector<report::gap> gaps(ps from, ps until, bool decided, ps upto, ps next);
    // What arrived around the silences of a failover that has been told so far.
    void draw(report::failover&, ps end) const;
    // The earliest that one of these members (a bit each) carried in [since, until); frames for or of the team itself are no traffic.
    report::failover::good_frame first_good(unsigned members, bool out, ps since, ps until) const;
    // When the frame of the team's own that was made at `at` began on this member's wire; `never`: it did not arrive.
    ps announced(unsigned member, ps at) const;
    std::vector<report::reordering> reordered() const;

private:
    struct arrival {
        ps at, sent, on_wire;
        std::uint32_t octets;
        std::int8_t member;
        bool out;
    };
    struct flow {
        std::uint16_t from, to;
        std::vector<arrival> arrivals;
        ps usual = 0;                                            // half of the spaces between arrivals are no longer
    };
    struct loss { ps sent; std::uint32_t octets; std::uint16_t from, where; const char* reason; const flow* of = nullptr; bool told = false; };
    // What a place is to the team: nothing, the wire of a member in one direction.
    struct role { std::int8_t member = -1; bool out = false, known = false; };

    role role_of(std::uint16_t place);
    flow& flow_of(std::uint16_t from, std::uint16_t to);
    bool of_the_team(const flow& f) const { return lines_.place_name(f.from) == team_.path; }
    bool is_control(const flow& f) const { return of_the_team(f) || lines_.place_name(f.to) == team_.path; }
    const flow* flow_that_lost(const loss&) const;
    void count_losses(report::gap&, const flow&, ps after, ps before);                   // of those sent in between; they are told then

    const watched_team& team_;
    const report::lifelines& lines_;
    std::vector<role> roles_;                                    // by place
    std::deque<flow> flows_;
    std::vector<loss> losses_;
};

}  // namespace nicteam::check
