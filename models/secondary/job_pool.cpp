#include "nicteam/secondary/job_pool.h"

#include <algorithm>
#include <stdexcept>

namespace nicteam::secondary {
namespace {

constexpr ps longest_memory = 64 * millisecond;          // of measuring: what is older counts half, and half again
constexpr std::uint64_t in_a_second = static_cast<std::uint64_t>(second);

unsigned first_open(const std::vector<bool>& open) { return static_cast<unsigned>(std::find(open.begin(), open.end(), true) - open.begin()); }

}  // namespace

job_pool::job_pool(std::unique_ptr<dispatch_policy> p, limits l) : policy_(std::move(p)), limits_(l) {}

unsigned job_pool::add(const engine_setting& s) {
    if (all_.size() == most_engines) throw std::length_error("too many engines in a pool");
    all_.emplace_back().set = s;
    return static_cast<unsigned>(all_.size() - 1);
}

void job_pool::set(unsigned n, const engine_setting& s, ps now) {
    account(now);
    engine& e = all_.at(n);
    const bool other = !s.up || s.use != e.set.use || s.most < jobs(n);
    e.set = s;
    if (!s.up) e.full = false;
    if (other) take_from(n);
    place_waiting();
}

// In the order of engines, and of each engine's queue.
void job_pool::reconsider(const std::function<void(pooled_job&)>& say, ps now) {
    account(now);
    for (pooled_job* j : common_) say(*j);
    auto front = common_.begin();
    for (unsigned n = 0; n < all_.size(); ++n) {
        engine& e = all_[n];
        std::deque<pooled_job*> stay;
        for (pooled_job* j : e.queue) {
            say(*j);
            if (j->can >> n & 1u) {
                stay.push_back(j);
                continue;
            }
            e.octets -= j->octets;
            front = common_.insert(front, j) + 1;
        }
        e.queue.swap(stay);
    }
    place_waiting();
}

bool job_pool::unspared(const pooled_job& j) const {
    for (unsigned n = 0; n < all_.size(); ++n)
        if (all_[n].set.most && waits_for(n, j)) return true;
    return false;
}

bool job_pool::anybody(const pooled_job& j) const {
    for (unsigned n = 0; n < all_.size(); ++n)
        if (waits_for(n, j)) return true;
    return false;
}

job_pool::answer job_pool::put(pooled_job& j, ps now) {
    account(now);
    if (!anybody(j)) return answer::nobody;
    if (place(j)) return answer::taken;
    if (common_.size() >= limits_.waiting) return answer::full;
    common_.push_back(&j);
    return answer::taken;
}

bool job_pool::place(pooled_job& j) {
    states_.resize(all_.size());
    for (unsigned n = 0; n < all_.size(); ++n) states_[n] = {all_[n].set.use, can(n, j), room(n)};
    if (!open_engines(states_, limits_.order, open_)) return false;
    views_.resize(all_.size());
    for (unsigned n = 0; n < all_.size(); ++n) {
        const engine& e = all_[n];
        views_[n] = {open_[n], jobs(n), e.octets, e.set.rate, measured(n), e.set.own, states_[n].can && !states_[n].room};
    }
    const unsigned to = j.spread ? policy_->choose(views_, j.octets) : first_open(open_);
    if (to == no_engine) return false;
    all_.at(to).queue.push_back(&j);
    all_[to].octets += j.octets;
    return true;
}

// In order; one that finds no place does not keep back another that does.
void job_pool::place_waiting() {
    for (std::size_t n = 0; n < common_.size();) {
        bool any_room = false;
        for (unsigned k = 0; k < all_.size(); ++k) any_room |= all_[k].set.up && room(k);
        if (!any_room) return;
        if (place(*common_[n])) common_.erase(common_.begin() + static_cast<std::ptrdiff_t>(n));
        else ++n;
    }
}

void job_pool::take_from(unsigned n) {
    engine& e = all_[n];
    for (const pooled_job* j : e.queue) e.octets -= j->octets;
    common_.insert(common_.begin(), e.queue.begin(), e.queue.end());
    e.queue.clear();
}

job_pool::gift job_pool::next(ps now) {
    account(now);
    for (unsigned k = 0; k < all_.size(); ++k) {
        const unsigned n = (next_ + k) % static_cast<unsigned>(all_.size());
        engine& e = all_[n];
        if (!e.set.up || e.full || e.queue.empty() || e.given >= e.set.given) continue;
        pooled_job* const j = e.queue.front();
        e.queue.pop_front();
        ++e.given;
        j->given = now;
        next_ = n + 1;
        return {n, j};
    }
    return {};
}

void job_pool::not_taken(unsigned n, pooled_job& j, ps now) {
    account(now);
    engine& e = all_.at(n);
    --e.given;
    e.full = e.given > 0;                                // else nobody of ours would come back
    e.queue.push_front(&j);
    if (can(n, j)) return;
    if (!e.set.up) {                                     // it has gone meanwhile
        take_from(n);
    } else {                                             // or may not do it any more
        e.queue.pop_front();
        e.octets -= j.octets;
        common_.push_front(&j);
    }
    place_waiting();
}

void job_pool::back(unsigned n, pooled_job& j, bool done, ps now) {
    account(now);
    engine& e = all_.at(n);
    --e.given;
    e.octets -= j.octets;
    e.full = false;
    if (done) {
        e.done_octets += j.octets;
        e.done_time += std::max<ps>(0, now - std::max(j.given, e.last_back));
        if (e.done_time > longest_memory) e.done_octets /= 2, e.done_time /= 2;
    }
    e.last_back = now;
    place_waiting();
}

pooled_job* job_pool::stranded(ps now) {
    account(now);
    place_waiting();
    const auto at = std::find_if(common_.begin(), common_.end(), [this](const pooled_job* j) { return !anybody(*j); });
    if (at == common_.end()) return nullptr;
    pooled_job* const j = *at;
    common_.erase(at);
    return j;
}

std::uint64_t job_pool::measured(unsigned n) const {
    const engine& e = all_[n];
    if (e.done_time <= 0) return 0;
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(e.done_octets) * in_a_second / static_cast<std::uint64_t>(e.done_time));
}

bool job_pool::idles() const {
    const auto could = [this](unsigned n) {
        const auto one = [&](const pooled_job* j) { return can(n, *j); };
        if (std::any_of(common_.begin(), common_.end(), one)) return true;
        return std::any_of(all_.begin(), all_.end(), [&](const engine& e) { return std::any_of(e.queue.begin(), e.queue.end(), one); });
    };
    for (unsigned n = 0; n < all_.size(); ++n) {
        const engine_setting& s = all_[n].set;
        const bool loaded = s.use != engine_use::last_resort && (s.use != engine_use::active || limits_.order == loading::all_alike);
        if (loaded && jobs(n) == 0 && could(n)) return true;
    }
    return false;
}

// Up to now it was as it is.
void job_pool::account(ps now) {
    if (now > accounted_ && idles()) idle_ += now - accounted_;
    accounted_ = std::max(accounted_, now);
}

ps job_pool::idle_with_backlog(ps now) {
    account(now);
    return idle_;
}

}  // namespace nicteam::secondary
