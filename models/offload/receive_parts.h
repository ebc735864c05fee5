// The parts of the receive side, and how they are joined: what a reset makes anew.
#pragma once

#include "nicteam/offload/association_cache.h"
#include "nicteam/offload/bubble_gate.h"
#include "nicteam/offload/ipsec_logic_21a.h"
#include "nicteam/offload/multiplexer_120.h"
#include "nicteam/offload/receiver_ip_logic_22b.h"
#include "nicteam/offload/receive_buffer_142.h"
#include "offload/crypto_tables.h"
#include "offload/outlet.h"
#include "offload/receive_path_152.h"
#include "offload/watched_input.h"

namespace nicteam::offload {

inline const packet::overlap_policy& overlap_policy_of(overlaps o) {
    return o == overlaps::discard_all ? packet::discard_all() : o == overlaps::first_wins ? packet::first_wins() : packet::last_wins();
}

inline packet::reassembly_limits limits_of(const crypto_config& c) {
    packet::reassembly_limits l{c.contexts, c.fragments, c.reassembly_memory, c.reassembly_timeout};
    l.least_first = c.least_first;
    l.when_full = c.when_full ? packet::context_policy::refuse_new : packet::context_policy::evict_oldest;
    return l;
}

struct receive_parts {
    receive_buffer_142 in_142;
    feedback_buffer_140 back_140;
    bubble_gate gate_130;
    watched_input input_130, input_122, past_21a;
    multiplexer_120 mux_120;
    ipsec_logic_21a logic_21a;
    receiver_ip_logic_22b logic_22b;
    outlet out;
    association_cache cache;
    packet::reassembler again;

    template <class Owner>
    receive_parts(const crypto_config& c, const clock_domain& clock, engine_pool& engines, Owner& o, receive_path_152& path_152, receive_block_user& user)
        : in_142({clock, c.word_octets, c.buffer_142, c.crossing, c.bypass, c.bypass_room, lane_of_21a(c, o.count.link_to_21a), lane_past_21a(c, o.count.link_past_21a), c.cut_through},
                 [&o](item& i, ps at) { o.lost(i, crypto_outcome::lost_142, at); }, [&o](item& i, ps passes) { o.ended_late(i, passes); }),
          back_140(clock, c.word_octets, c.buffer_140, o.lane_of_140()), gate_130(in_142.output_130()),
          input_130(gate_130, [&o](item& i, ps at) { o.taken(i, multiplexer_input::feedforward_130, at); }),
          input_122(back_140, [&o](item& i, ps at) { o.taken(i, multiplexer_input::feedback_122, at); }),
          past_21a(in_142.output_past_21a(), [&o](item& i, ps at) { o.passed_by(i, at); }), mux_120(input_130, input_122, policy_of(c.priority)),
          logic_21a({clock, c.word_octets, c.places, {}, lane_of_21a(c, o.count.link_from_21a), &engines}, [&o](item& i, ps at) { return o.visit_21a(i, at); }),
          logic_22b({clock, c.word_octets, c.when_140_full, over_152(c.feedback_input) && c.bubble_rule ? std::max(1u, c.buffer_140) : 0}, [&o](item& i, ps at) { return o.visit_22b(i, at); },
                    [&o](item& i, ps at) { o.lost(i, crypto_outcome::lost_140, at); }),
          out(clock, c.word_octets, user),
          cache(c.cache_entries, c.cache_ways, make_replacement(c.cache_replacement, {c.cache_hysteresis, c.cache_decay})), again(limits_of(c), overlap_policy_of(c.overlaps)) {
        const bool shared = c.feedback_input == feedback_input::mux_120, away = over_152(c.feedback_input);
        stream_sink& inputs = shared ? static_cast<stream_sink&>(mux_120) : logic_21a;
        in_142.connect(inputs);
        back_140.connect(away ? path_152.away() : inputs, logic_22b);
        mux_120.connect(logic_21a);
        if (c.bubble_rule && !away) gate_130.ask([this](ps at) { return logic_21a.free(at) + back_140.free(at) >= 2; });
        logic_21a.connect(shared ? static_cast<stream_source&>(mux_120) : input_130, logic_22b);
        if (!shared && !away) logic_21a.connect_150(input_122, policy_of(c.priority));
        logic_21a.watch(&o);
        logic_22b.connect(logic_21a, back_140, out);
        if (c.bypass) in_142.connect_past_21a(logic_22b), logic_22b.connect_past_21a(past_21a);
        if (away) logic_22b.connect_returned(path_152.back());
        logic_22b.watch([&o](item& i, ps at, next_stop next) { o.settled(i, at, next); });
        out.connect(logic_22b);
    }
    timed* blocks[5] = {&in_142, &back_140, &logic_21a, &logic_22b, &out};
    ps next() const {
        ps t = never;
        for (const timed* b : blocks) t = std::min(t, b->next());
        return t;
    }
};

}  // namespace nicteam::offload
