#include "system/compare/medium_model.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <tuple>

#include "nic/transmit/transmit_path.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/peer/peer.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/wire/cable.h"
#include "nicteam/wire/repeater.h"
#include "unit/fresh_kernel.h"

namespace compare {

using namespace nicteam;
using test::medium_case;

namespace {

struct entry {
    ps at;
    std::size_t station;
    int kind;
    std::string text;
};
using journal = std::vector<entry>;

// Between a station and its cable: writes down what passes.
class spy : public wire::wire_end_point {
public:
    spy(journal& j, std::size_t i, wire::wire_end_point& s, ps octet) : log_(j), index_(i), octet_(octet), station_(s), mouth_(*this), ear_(*this) {}
    wire::wire_sink& receiver() override { return ear_; }
    void plug(wire::wire_source& s) override {
        mouth_.line = &s;
        station_.plug(mouth_);
    }
    const char* end_point_name() const override { return station_.end_point_name(); }
    wire::phy_setting phy() const override { return station_.phy(); }
    void finish() {
        if (ear_.on) note(ear_.off, 3, "carrier off");
    }

private:
    void note(ps at, int kind, const std::string& text) { log_.push_back({at, index_, kind, text}); }

    struct mouth : wire::wire_source {
        explicit mouth(spy& s) : of(s) {}
        void begin(const frame_ref& f, const span& s) override {
            octets = s;
            of.note(s.first(), 0, "begin");
            line->begin(f, s);
        }
        void replan(const span& s) override {
            octets = s;
            of.note(sim::now(), 1, "collision");
            line->replan(s);
        }
        void end(const frame_ref& f, wire::wire_end how) override {
            of.note(octets.last(), 2, how == wire::wire_end::good ? "end whole" : "end jam");
            line->end(f, how);
        }
        std::int64_t bits_per_second() const override { return line->bits_per_second(); }
        bool link_up() const override { return line->link_up(); }
        wire::negotiated outcome() const override { return line->outcome(); }
        spy& of;
        wire::wire_source* line = nullptr;
        span octets;
    };
    struct ear : wire::wire_sink {
        explicit ear(spy& s) : of(s) {}
        void begin(const frame_ref& f, const span& s) override {
            octets = s;
            if (s.first() > off) {
                if (on) of.note(off, 3, "carrier off");
                of.note(s.first(), 4, "carrier on");
            }
            on = true;
            of.station_.receiver().begin(f, s);
        }
        void replan(const span& s) override {
            octets = s;
            of.station_.receiver().replan(s);
        }
        void end(const frame_ref& f, wire::wire_end how) override {
            off = octets.last() + of.octet_;
            if (how == wire::wire_end::good) of.note(octets.last(), 5, "receives " + std::to_string(f->data.size()));
            of.station_.receiver().end(f, how);
        }
        spy& of;
        span octets;
        bool on = false;
        ps off = INT64_MIN;
    };
    journal& log_;
    std::size_t index_;
    ps octet_;
    wire::wire_end_point& station_;
    mouth mouth_;
    ear ear_;
};

ref<frame> frame_of(unsigned octets) {
    ref<frame> f = frame::make();
    f->data.assign(octets - 4, 0x5A);
    f->data[0] = 2;
    packet::append_lazy_fcs(*f);
    return f;
}

struct listed : peer::frame_source {
    explicit listed(const medium_case::station& s) : station(s) {}
    ps ready() const override { return next < station.frames.size() ? station.frames[next].offered : never; }
    peer::outgoing take(ps) override { return {frame_of(station.frames[next++].octets)}; }
    const medium_case::station& station;
    std::size_t next = 0;
};

// A NIC's transmit path with its frames whole in the FIFO at the time that they are offered.
class path_station : public wire::wire_end_point, public wire::wire_sink, private sim::agenda_user {
public:
    path_station(const std::string& name, const medium_case& c, std::size_t i, wire::medium_access::draw d)
        : name_(name), station_(c.stations[i]), medium_(std::move(d)), agenda_((name + "_agenda").c_str(), *this, 2) {
        nic::transmit_setup s;
        s.octet = clock_domain(c.octet_period);
        s.gap_octets = station_.gap_octets;
        s.medium = &medium_;
        s.wait_after_win = station_.wait_after_win;
        s.priority_slots = station_.priority;
        medium_.setup(s.octet, s.gap_octets, station_.priority_after_reception ? station_.priority : 0);
        path_.setup(s);
        if (!station_.frames.empty()) agenda_.set(1, station_.frames[0].offered);
    }
    wire::wire_sink& receiver() override { return *this; }
    void plug(wire::wire_source& s) override { line_ = &s; }
    const char* end_point_name() const override { return name_.c_str(); }
    wire::phy_setting phy() const override { return {wire::phy_setting::role::negotiates, wire::half_10 | wire::half_100}; }
    void begin(const frame_ref&, const span& s) override { carrier([&] { medium_.carrier_on(s.first()); }); }
    void replan(const span&) override {}
    void end(const frame_ref&, wire::wire_end) override { carrier([&] { medium_.carrier_off(sim::now() + path_.current().octet.period()); }); }
    unsigned collisions = 0, lost = 0;

private:
    template <class F> void carrier(F f) {
        f();
        path_.medium_changed(sim::now());
        agenda_.set(0, path_.next_step());
    }
    void due(unsigned slot, ps at) override {
        if (slot == 1) return load(at);
        using nic::transmit_step;
        const transmit_step what = path_.advance(at);
        frame_ref f(path_.sending().data);
        switch (what) {
        case transmit_step::start: line_->begin(f, path_.octets()); break;
        case transmit_step::collision:
            ++collisions;
            line_->replan(path_.octets());
            break;
        default:
            lost += what == transmit_step::late || what == transmit_step::too_many;
            line_->end(f, what == transmit_step::good ? wire::wire_end::good : wire::wire_end::cut);
            if (what != transmit_step::back_off && ++next_ < station_.frames.size()) {
                if (station_.frames[next_].offered <= at) load(at);
                else agenda_.set(1, station_.frames[next_].offered);
            }
        }
        agenda_.set(0, path_.next_step());
    }
    void load(ps at) {
        nic::transmit_frame t;
        t.octets = station_.frames[next_].octets;
        t.bytes = t.octets - 4;
        t.threshold = t.bytes;
        t.data = frame_of(t.octets);
        path_.open(t);
        path_.take(at, 0, t.bytes);
        path_.give(0, at);
        path_.loaded();
        agenda_.set(0, path_.next_step());
    }
    std::string name_;
    const medium_case::station& station_;
    wire::medium_access medium_;
    nic::transmit_path path_;
    sim::agenda agenda_;
    wire::wire_source* line_ = nullptr;
    std::size_t next_ = 0;
};

}  // namespace

test::backoff_draw draws(std::size_t stations, std::uint64_t seed, bool no_backoff) {
    auto streams = std::make_shared<std::vector<random_stream>>();
    for (std::size_t i = 0; i < stations; ++i) streams->emplace_back(seed, "end" + std::to_string(i), "backoff");
    return [streams, no_backoff](std::size_t i, std::uint64_t below) { return no_backoff ? 0 : (*streams)[i].below(below); };
}

std::string run_medium(const medium_case& c, std::uint64_t seed, bool no_backoff) {
    test::fresh_kernel kernel(seed);
    journal log;
    const test::backoff_draw draw = draws(c.stations.size(), seed, no_backoff);
    std::vector<std::unique_ptr<peer::peer>> peers;
    std::vector<std::unique_ptr<path_station>> paths;
    std::vector<std::unique_ptr<spy>> spies;
    std::vector<std::unique_ptr<wire::cable>> cables;
    std::vector<path_station*> path_of(c.stations.size());
    for (std::size_t i = 0; i < c.stations.size(); ++i) {
        const std::string name = "end" + std::to_string(i);
        wire::wire_end_point* end;
        if (c.stations[i].fifo) {
            paths.push_back(std::make_unique<path_station>(name, c, i, [draw, i](std::uint64_t n) { return draw(i, n); }));
            path_of[i] = paths.back().get();
            end = paths.back().get();
        } else {
            peer::peer_config p;
            p.duplex = peer::wire_duplex::half;
            p.mac = "02:00:00:00:00:0" + std::to_string(i + 1);
            peers.push_back(std::make_unique<peer::peer>(name.c_str(), p));
            peers.back()->add_source(std::make_unique<listed>(c.stations[i]));
            end = peers.back().get();
        }
        spies.push_back(std::make_unique<spy>(log, i, *end, c.octet_period));
    }
    wire::cable_config link;
    link.rate = 8 * second / c.octet_period;
    std::unique_ptr<wire::repeater> hub;
    if (c.repeater) {
        wire::repeater_config r;
        r.ports = static_cast<std::int64_t>(c.stations.size());
        r.latency = c.latency;
        r.half_duplex = true;
        hub = std::make_unique<wire::repeater>("hub", r);
        for (std::size_t i = 0; i < c.stations.size(); ++i) {
            link.delay = c.stations[i].delay;
            cables.push_back(std::make_unique<wire::cable>(("lan" + std::to_string(i)).c_str(), link, *spies[i], hub->port(static_cast<unsigned>(i))));
        }
    } else {
        link.delay = c.stations[0].delay;
        cables.push_back(std::make_unique<wire::cable>("lan", link, *spies[0], *spies[1]));
    }
    sim::session::current().settle_order();
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_SEC));
    for (auto& s : spies) s->finish();
    std::stable_sort(log.begin(), log.end(), [](const entry& a, const entry& b) { return std::tie(a.at, a.station, a.kind) < std::tie(b.at, b.station, b.kind); });
    std::string text;
    for (const entry& e : log) text += std::to_string(e.at) + " station " + std::to_string(e.station) + ' ' + e.text + '\n';
    const auto metric = [](const std::string& path) -> std::uint64_t {
        for (const auto& m : sim::session::current().metrics())
            if (m.path == path) return m.as_counter->value();
        throw std::logic_error("no metric " + path);
    };
    for (std::size_t i = 0; i < c.stations.size(); ++i) {
        const std::string name = "end" + std::to_string(i);
        const std::uint64_t hits = path_of[i] ? path_of[i]->collisions : metric(name + ".collisions");
        const std::uint64_t lost = path_of[i] ? path_of[i]->lost : metric(name + ".lost_collisions");
        text += "station " + std::to_string(i) + " collisions " + std::to_string(hits) + " lost " + std::to_string(lost) + '\n';
    }
    return text;
}

}  // namespace compare
