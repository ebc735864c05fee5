// A sender that follows a script and a receiver that writes down what it is told.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "nicteam/packet/fcs.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/wire/link.h"
#include "unit/fresh_kernel.h"

namespace nicteam::test {

struct heard {
    ps begun = 0, first = 0, last = 0, ended = 0;
    std::uint64_t octets = 0;
    wire::wire_end quality{};
    unsigned preamble = 0;
    bytes data;
    trace_id id = 0, parent = 0, id_at_begin = 0;
    std::vector<std::uint8_t> at_begin;
    unsigned replans = 0;
    bool operator==(const heard& o) const {
        return begun == o.begun && first == o.first && last == o.last && ended == o.ended && octets == o.octets && quality == o.quality && data == o.data && replans == o.replans;
    }
};

class scripted_end : public sc_core::sc_module, public wire::wire_end_point, public wire::wire_sink, private sim::agenda_user {
public:
    struct sending { ps at; ref<frame> data; ps lead = 0; };   // lead: how long before `at` begin() is called

    // late: everything it does happens one delta cycle after whatever else falls on the same time.
    explicit scripted_end(sc_core::sc_module_name n, bool late = false) : sc_module(n), agenda_("agenda", *this, 3), late_(late) {
        SC_METHOD(catch_up);
        sensitive << later_;
        dont_initialize();
    }
    SC_HAS_PROCESS(scripted_end);

    void add(ps at, std::size_t octets, ps lead = 0) {
        auto f = frame::make();
        for (std::size_t i = 0; i < octets - 4; ++i) f->data.push_back(static_cast<std::uint8_t>(script_.size() * 17 + i));
        packet::append_lazy_fcs(*f);
        script_.push_back({at, f, lead});
    }
    void add_octets(ps at, const bytes& without_fcs) {
        auto f = frame::make();
        f->data = without_fcs;
        packet::append_lazy_fcs(*f);
        script_.push_back({at, f, 0});
    }
    void name_all(trace_id id) {
        for (sending& s : script_) s.data->id = id;
    }
    void name_last(trace_id id) { script_.back().data->id = id; }
    void preambles(unsigned octets) {
        for (sending& s : script_) s.data->preamble_octets = static_cast<std::uint8_t>(octets);
    }
    void call(ps at, std::function<void()> f) { calls_[at] = std::move(f); }

    wire_sink& receiver() override { return *this; }
    void plug(wire::wire_source& s) override { line = &s; }
    const char* end_point_name() const override { return name(); }
    void start_of_simulation() override { plan(); }

    void begin(const frame_ref& f, const span& o) override {
        open_ = {};
        open_.begun = sim::now();
        open_.at_begin = f->data;
        open_.id_at_begin = f->id;
        octets_ = o;
    }
    void replan(const span& o) override {
        octets_ = o;
        ++open_.replans;
    }
    void end(const frame_ref& f, wire::wire_end q) override {
        open_.first = octets_.first();
        open_.last = octets_.last();
        open_.octets = octets_.units();
        open_.ended = sim::now();
        open_.quality = q;
        open_.data = f->data;
        open_.preamble = f->preamble_octets;
        open_.id = f->id;
        open_.parent = f->parent;
        got.push_back(open_);
    }
    void link(bool up, ps at) override { carrier.emplace_back(at, up); }

    wire::wire_source* line = nullptr;
    std::vector<heard> got;
    std::vector<std::pair<ps, bool>> carrier;

private:
    void plan() {
        agenda_.set(0, next_ < script_.size() && !sending_ ? script_[next_].at - script_[next_].lead : never);
        agenda_.set(2, calls_.empty() ? never : calls_.begin()->first);
    }
    void due(unsigned slot, ps) override {
        if (!late_) return act(slot);
        postponed_.push_back(slot);
        later_.notify(sc_core::SC_ZERO_TIME);
    }
    void catch_up() {
        const auto slots = std::move(postponed_);
        postponed_.clear();
        for (const unsigned slot : slots) act(slot);
    }
    void act(unsigned slot) {
        if (slot == 0) {
            const sending& s = script_[next_];
            plan_ = wire::octet_plan(s.at, static_cast<std::uint32_t>(s.data->preamble_octets + s.data->data.size()), line->bits_per_second());
            sending_ = true;
            line->begin(s.data, plan_);
            agenda_.set(1, plan_.last());
        } else if (slot == 1) {
            sending_ = false;
            line->end(script_[next_++].data, wire::wire_end::good);
        } else {
            auto f = std::move(calls_.begin()->second);
            calls_.erase(calls_.begin());
            f();
        }
        plan();
    }
    sim::agenda agenda_;
    bool late_;
    sc_core::sc_event later_;
    std::vector<unsigned> postponed_;
    std::vector<sending> script_;
    std::map<ps, std::function<void()>> calls_;
    std::size_t next_ = 0;
    bool sending_ = false;
    span plan_, octets_;
    heard open_;
};

inline std::uint64_t counted_at(sim::session& s, const std::string& path) {
    for (const auto& m : s.metrics())
        if (m.path == path) {
            if (m.settle) m.settle(sim::now());
            return m.as_counter->value();
        }
    throw std::logic_error("no metric " + path);
}

}  // namespace nicteam::test
