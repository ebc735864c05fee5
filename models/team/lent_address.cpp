#include "team/lent_address.h"

namespace nicteam::team {

lent_address::step lent_address::change(act a, const mac_address& to) {
    changing_ = true;
    asked_ = a == act::take ? std::optional(to) : std::nullopt;
    return {a, nullptr, to};
}

// In order: a job under another address waits for those before it, and keeps those behind it.
lent_address::step lent_address::next(const mac_address& own) {
    if (changing_) return {};
    if (waiting_.empty()) {
        refused_ = false;
        return borrowed_ && !open_ && !stuck_ ? change(act::give_back, own) : step{};
    }
    const wish first = waiting_.front();
    const bool has_it = first.as == borrowed_.value_or(own);
    if (refused_ || has_it) {
        waiting_.pop_front();
        open_ += !refused_;
        return {refused_ ? act::refuse : act::give, first.job, {}};
    }
    if (open_) return {};
    return change(first.as == own ? act::give_back : act::take, first.as);
}

void lent_address::changed(bool done) {
    changing_ = false;
    if (done) borrowed_ = asked_;
    else if (!waiting_.empty()) refused_ = true;
    else stuck_ = true;
}

}  // namespace nicteam::team
