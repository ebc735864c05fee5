// I-6: every frame that is born ends exactly once, with a reason, or is held at the end by a place that claims it. Nothing passes
// or ends that was not born; a child's parent was born; a copy, whole or damaged, needs an end of its own.
//
// A place claims what lies in its queues, FIFOs and rings, or in the hands of its software: what a component dropped without
// ending it is in none of them, and has vanished.
//
// Memory: two bits for each packet ever born, a record for each that is under way. No allocation while neither grows.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nicteam/check/breaches.h"
#include "nicteam/report/id_table.h"

namespace nicteam::check {

class conservation : public sim::packet_observer {
public:
    explicit conservation(breaches& b) : breaches_(b) {}

    void born(trace_id, trace_id parent, const std::string& where, std::uint32_t octets, ps) override;
    void passed(trace_id, const stage_info&, const std::string& where, ps) override;
    void ended(trace_id, const outcome_info&, const std::string& where, ps) override;
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
    bool over(trace_id) const override;

    // At the end of the run: every frame under way is claimed by one of the stations. `last_place` says where it was seen last.
    using place = std::function<std::string(trace_id)>;
    void finish(ps end, sim::session&, const place& last_place = {});

    // And every place that a component keeps (sim::keeper) is free, or taken by who is under way.
    void finish_places(ps end, sim::session&);

    std::uint64_t packets_born() const { return born_; }
    std::uint64_t packets_ended() const { return ended_; }
    std::uint64_t packets_held() const { return born_ - ended_; }

private:
    struct history { std::vector<std::uint64_t> born, ended; };     // a bit per running number
    static constexpr std::uint64_t most_stations = 1u << 20, most_packets = 1ull << 36;
    history* of(trace_id);
    bool known(trace_id);
    void breach(ps at, trace_id, const std::string& what, const std::string& where);

    breaches& breaches_;
    std::vector<history> stations_;
    report::id_table under_way_;         // membership, counted a second time against the bits
    std::uint64_t born_ = 0, ended_ = 0;
};

}  // namespace nicteam::check
