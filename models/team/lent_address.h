// Whose address a member has that sends for others under theirs (source documents 000/001, ¶31, third embodiment; row A-39): it takes its
// destination's for as many frames as there are, and gets its own again behind the last. Says what is to be done; does nothing. Plain C++.
#pragma once

#include <deque>
#include <optional>

#include "nicteam/team/member.h"

namespace nicteam::driver {
struct crypto_job;
}

namespace nicteam::team {

class lent_address {
public:
    enum class act : std::uint8_t {
        none,            // wait for changed(), ended() or put()
        give,            // hand this job to the adapter, then ask again
        refuse,          // it cannot be sent under that address: give it back not done, then ask again
        take, give_back, // change the adapter's address to this one, then say changed()
    };
    struct step {
        act what = act::none;
        driver::crypto_job* job = nullptr;
        mac_address address{};
    };

    void put(driver::crypto_job& j, const mac_address& as) { waiting_.push_back({&j, as}); }
    // `own`: the address that the member has for itself now.
    step next(const mac_address& own);
    void changed(bool done);
    void ended() { --open_; }                    // a job that was given came back
    void again() { stuck_ = false; }             // an adapter that did not get its own address back may be asked again
    bool borrows() const { return borrowed_.has_value(); }

private:
    struct wish { driver::crypto_job* job; mac_address as; };
    step change(act, const mac_address&);

    std::deque<wish> waiting_;
    std::optional<mac_address> borrowed_, asked_;        // none: its own
    unsigned open_ = 0;
    bool changing_ = false, refused_ = false, stuck_ = false;
};

}  // namespace nicteam::team
