#include "nicteam/offload/engine_faults.h"

#include "nicteam/sim/session.h"

namespace nicteam::offload {

void bind_engine_faults(const sc_core::sc_object& block, engine_health& h) {
    sim::bind_fault(block, engine_fault_rows[0], [&h, n = sim::fault_count()](bool begin, std::int64_t, ps) mutable {
        if (n.change(begin)) h.stick(begin);
    });
    sim::bind_fault(block, engine_fault_rows[1], [&h, n = sim::fault_count()](bool begin, std::int64_t, ps) mutable {
        if (n.change(begin)) h.spoil(begin);
    });
    sim::bind_fault(block, engine_fault_rows[2], [&h](bool begin, std::int64_t times, ps) { h.slow(begin, static_cast<std::uint32_t>(times)); });
}

void append_engine_work(std::vector<engine_work>& to, const engine_health::judgement& j, const engine_work& self_test, const engine_work& own, std::uint32_t watchdog) {
    using finding = engine_health::finding;
    const auto push = [&](engine_work w) {
        w.cipher *= j.times;
        w.authentication *= j.times;
        w.lag *= j.times;
        to.push_back(w);
    };
    if (j.tested) push(self_test);
    if (j.what == finding::found_wrong || j.what == finding::out_of_use) return;
    push(own);
    if (j.what != finding::stuck) return;
    engine_work& w = to.back();
    if (w.cipher) w.cipher = watchdog;
    if (w.authentication) w.authentication = watchdog;
    w.lag = 0;
    w.chained = true;
}

}  // namespace nicteam::offload
