#include "nicteam/secondary/dispatch.h"

namespace nicteam::secondary {

std::unique_ptr<dispatch_policy> make_dispatch(dispatch_kind k, const dispatch_options& o, random_stream r) {
    switch (k) {
        case dispatch_kind::round_robin: return make_round_robin();
        case dispatch_kind::proportional: return make_proportional();
        case dispatch_kind::shortest_queue: return make_shortest_queue();
        case dispatch_kind::first_idle: return make_first_idle();
        case dispatch_kind::by_size: return make_by_size(o.size_threshold, o.large_engines);
        case dispatch_kind::spill_over: return make_spill_over();
        case dispatch_kind::burst: return make_burst(o.burst);
        case dispatch_kind::expected_end: return make_expected_end();
        case dispatch_kind::random: break;
    }
    return make_random(r);
}

}  // namespace nicteam::secondary
