#include "nicteam/sim/pacing.h"

#include <algorithm>
#include <ctime>

#include "nicteam/sim/session.h"

namespace nicteam::sim {
namespace {

// From the present instant to the next event of the model, at most `rest`.
ps quiet_for(ps rest) {
    const sc_core::sc_time gap = sc_core::sc_time_to_pending_activity();
    return gap < to_sc_time(rest) ? static_cast<ps>(gap.value()) : rest;
}

// Wall-clock housekeeping; none of it is seen in the model.
constexpr auto longest_wait = std::chrono::milliseconds(50);      // Ctrl-C and the progress line are looked at that often
constexpr auto longest_slice = std::chrono::milliseconds(2);      // and the outside, when the model is behind
constexpr ps first_slice = 100 * microsecond, least_slice = microsecond;
constexpr std::int64_t part = 1'000'000'000;                      // the ratio is kept in 10^-9

}  // namespace

pacer::pacer(std::vector<outside*> o, std::int64_t ratio)
    : outsides_(std::move(o)), ratio_(std::max<std::int64_t>(ratio / part, 1)), slice_(first_slice) {}

ps pacer::simulated_by(wall::time_point t) const {
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(t - origin_).count();
    return first_ + static_cast<ps>(static_cast<__int128>(ns) * nanosecond * ratio_ / part);
}

pacer::wall::time_point pacer::shown_at(ps t) const {
    const __int128 ns = static_cast<__int128>(t - first_) * part / ratio_ / nanosecond + 1;
    return origin_ + std::chrono::nanoseconds(static_cast<std::int64_t>(ns));
}

void pacer::look() {
    for (outside* o : outsides_) o->look();
}

void pacer::begin(const std::function<bool()>& stop) {
    const auto all_ready = [this] { return std::all_of(outsides_.begin(), outsides_.end(), [](const outside* o) { return o->ready(); }); };
    for (look(); !all_ready() && !stop(); look()) wait(wall::now() + longest_wait);
    origin_ = wall::now();
    first_ = now();
}

void pacer::step(ps until) {
    const auto began = wall::now();
    // Where nothing happens, time passes at once; else it goes in slices, so that the outside is not left alone for long.
    const ps slice = std::max(slice_, quiet_for(until - now()));
    const ps target = std::min({until, simulated_by(began), now() + slice});
    if (target > now()) {
        const bool cut = target == now() + slice;
        sc_core::sc_start(to_sc_time(target - now()));
        const auto took = wall::now() - began;
        if (took > longest_slice && slice_ > least_slice) slice_ /= 2;
        else if (cut && took < longest_slice / 2 && slice_ < second) slice_ *= 2;
    }
    const ps lag = simulated_by(wall::now()) - now();
    if (now() < until) {
        greatest_lag_ = std::max(greatest_lag_, lag);
        lags_ += lag;
        ++looks_;
    }
    look();
    if (now() >= until) return;
    wait(std::min(shown_at(now() + quiet_for(until - now())), wall::now() + longest_wait));
}

void pacer::wait(wall::time_point until) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(until - wall::now()).count();
    if (left <= 0) return;
    watched_.clear();
    for (outside* o : outsides_) o->watch(watched_);
    timespec t{};
    t.tv_sec = static_cast<std::time_t>(left / 1'000'000'000);
    t.tv_nsec = static_cast<long>(left % 1'000'000'000);
    ppoll(watched_.data(), watched_.size(), &t, nullptr);   // an interrupt, too, ends the wait
}

}  // namespace nicteam::sim
