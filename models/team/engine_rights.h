// Who of a team may work with engines, and for whom: the one policy that packets (314, 316, 336), jobs (FIG. 6), 302, 352 and what the team says of itself (306)
// ask. Engines that are out of use have no right to what they cannot do, and have it again when they are back (decision 193). Masks are made when something is
// told of a port, and read for each packet and job. Plain C++.
#pragma once

#include <cstdint>
#include <vector>

namespace nicteam::team {

class engine_rights {
public:
    enum work : unsigned { encrypts, decrypts, digests, works };
    struct port {
        int unit = -1;                            // its engines, as the service numbers them; -1: it has none
        bool there = true;                        // its device answers
        bool known = true, accepted = true;       // 300, 350
        bool trusted = false;                     // not known yet, and nobody can be refused
        bool protects = false;                    // its driver says that it puts associations on what it sends
        bool lends[works] = {true, true, true};   // 302: to others
        bool in_use[works] = {true, true, true};  // its engines
    };
    // From now on; ports are numbered from 0, in that order at first. False: nothing is another way than before.
    bool tell(unsigned number, const port&);

    // 314: a member puts associations on what it sends itself; whether it has the association is another question.
    bool itself(unsigned number) const { return itself_ >> number & 1u; }
    // 302: it lends engines that are in use, whether its device answers at the moment or not.
    bool any_lends(work w) const { return lenders_[w] != 0; }
    // 352: and it answers.
    unsigned workers(work w) const { return workers_[w]; }
    // Units of ports that may work for the team, for its users and for each other, a bit each; and those of ports at all. What is in neither is software.
    std::uint64_t may(work w) const { return may_[w]; }
    std::uint64_t of_ports() const { return of_ports_; }
    // … for whoever asks the operating system: those that lend, or whose device says itself what it does not do.
    std::uint64_t open(work w) const { return open_[w]; }
    // Units whose engines are out of use: they work for nobody.
    std::uint64_t out_of_use(work w) const { return out_of_use_[w]; }

private:
    void add(unsigned number, const port&);

    std::vector<port> ports_;
    std::uint64_t itself_ = 0, lenders_[works] = {}, may_[works] = {}, open_[works] = {}, out_of_use_[works] = {}, of_ports_ = 0;
    unsigned workers_[works] = {};
};

}  // namespace nicteam::team
