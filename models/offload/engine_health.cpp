#include "nicteam/offload/engine_health.h"

namespace nicteam::offload {

engine_health::judgement engine_health::failed(finding f, bool tested, ps at) {
    ++in_a_row_;
    if (out_of_use()) outages_.push_back({at, never});
    return {f, tested, times()};
}

void engine_health::reset(ps at) {
    if (out_of_use()) outages_.back().until = at;
    in_a_row_ = since_test_ = 0;
}

void engine_health::slow(bool on, std::uint32_t times) {
    if (on) slow_.insert(times);
    else slow_.erase(slow_.find(times));
}

engine_health::judgement engine_health::next(ps at) {
    if (out_of_use()) return {finding::out_of_use, false};
    if (stuck_) return failed(finding::stuck, false, at);
    const bool tests = setup_.self_test && ++since_test_ >= setup_.self_test;
    if (tests) since_test_ = 0;
    if (tests && wrong_) return failed(finding::found_wrong, true, at);
    if (tests || !setup_.self_test) in_a_row_ = 0;       // of what no test has looked at nobody knows
    return {wrong_ ? finding::wrong : finding::good, tests, times()};
}

}  // namespace nicteam::offload
