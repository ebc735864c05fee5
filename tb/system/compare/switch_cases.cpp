#include "system/compare/switch_cases.h"

#include <algorithm>
#include <memory>
#include <sstream>

#include "nicteam/packet/fcs.h"
#include "nicteam/sim/agenda.h"
#include "nicteam/wire/ethernet_switch.h"
#include "system/compare/random.h"
#include "unit/fresh_kernel.h"
#include "unit/wire/ends.h"

namespace compare {

using namespace nicteam;
using reference::wire::switch_case;
using reference::wire::switch_result;
using kind = switch_case::kind;

namespace {

// A port's line and who is at its other end: what the switch sends is written down, what the case has comes in.
class bare_line : public sc_core::sc_module, public wire::wire_source, private sim::agenda_user {
public:
    bare_line(sc_core::sc_module_name n, std::int64_t rate) : sc_module(n), agenda_("agenda", *this, 1), rate_(rate) {}

    void join(wire::ethernet_switch& s, unsigned port) {
        switch_ = &s;
        port_ = port;
        s.port(port).plug(*this);
    }
    void expect(const switch_case::happening& h) { script_.push_back(&h); }
    void start_of_simulation() override { plan(); }

    // wire_source
    void begin(const frame_ref& f, const span& octets) override {
        if (under_way_) throw std::logic_error("a frame begins in another");
        under_way_ = true;
        sent.push_back({octets.first(), f->data});
        last_ = octets.last();
        units_ = octets.units();
    }
    void replan(const span&) override { throw std::logic_error("a switch changes no plan"); }
    void end(const frame_ref& f, wire::wire_end q) override {
        if (!under_way_ || q != wire::wire_end::good || sim::now() != last_ || units_ != f->data.size() + 8) throw std::logic_error("a wrong end");
        under_way_ = false;
    }
    std::int64_t bits_per_second() const override { return rate_; }
    bool link_up() const override { return up_; }

    std::vector<reference::wire::departure> sent;

private:
    void plan() { agenda_.set(0, next_ < script_.size() ? script_[next_]->at : never); }
    void due(unsigned, ps at) override {
        const auto& h = *script_[next_++];
        if (h.what == kind::frame) {
            ref<frame> f = frame::make();
            f->data = h.data;
            switch_->port(port_).receiver().begin(f, wire::octet_plan(at, 1, rate_));
            switch_->port(port_).receiver().end(f, wire::wire_end::good);
        } else if (h.what == kind::up || h.what == kind::down) {
            up_ = h.what == kind::up;
            switch_->port(port_).receiver().link(up_, at);
        } else if (h.what == kind::flush) {
            fault("sw", "table_flush", true, at);
            fault("sw", "table_flush", false, at);
        } else {
            const bool in = h.what == kind::dead_in || h.what == kind::alive_in;
            fault("sw.port_" + std::to_string(port_), in ? "path_dead_in" : "path_dead_out", h.what == kind::dead_in || h.what == kind::dead_out, at);
        }
        plan();
    }
    static void fault(const std::string& path, const std::string& what, bool begin, ps at) {
        for (const auto& f : sim::session::current().faults())
            if (f.path == path && f.info->name == what) f.act(begin, 0, at);
    }

    sim::agenda agenda_;
    wire::ethernet_switch* switch_ = nullptr;
    unsigned port_ = 0;
    std::int64_t rate_;
    std::vector<const switch_case::happening*> script_;
    std::size_t next_ = 0;
    bool under_way_ = false, up_ = true;
    ps last_ = 0;
    std::uint64_t units_ = 0;
};

reference::wire::station numbered(std::int64_t n) { return {2, 0, 0, 0, 0, static_cast<std::uint8_t>(n)}; }

// Few stations, few places in table and queues, times that meet.
reference::wire::octets some_frame(random_source& r, std::int64_t stations, std::int64_t longest) {
    reference::wire::octets f(static_cast<std::size_t>(r.one_in(4) ? r.between(64, longest) : 64));
    const auto address = [&](std::size_t at, bool destination) {
        const auto known = numbered(r.between(1, stations));
        std::copy(known.begin(), known.end(), f.begin() + static_cast<std::ptrdiff_t>(at));
        if (destination && r.one_in(8)) std::fill_n(f.begin() + static_cast<std::ptrdiff_t>(at), 6, 0xFF);
        else if (r.one_in(12)) f[at] |= 1;
        else if (r.one_in(16)) {
            const std::uint8_t bridges[] = {1, 0x80, 0xC2, 0, 0, static_cast<std::uint8_t>(r.between(0, 17))};
            std::copy(std::begin(bridges), std::end(bridges), f.begin() + static_cast<std::ptrdiff_t>(at));
        } else if (r.one_in(10)) {
            for (std::size_t i = at; i < at + 6; ++i) f[i] = static_cast<std::uint8_t>(r.below(256));
        }
    };
    address(0, true);
    address(6, false);
    for (std::size_t i = 12; i < f.size(); ++i) f[i] = static_cast<std::uint8_t>(r.below(256));
    if (f[12] == 0x88) f[12] = 0x89;        // MAC control is another test's
    return f;
}

}  // namespace

switch_case random_switch(std::uint64_t seed, unsigned index) {
    random_source r(seed, 11 * std::uint64_t{index} + 5);
    switch_case c;
    const auto ports = static_cast<unsigned>(r.between(2, 8));
    for (unsigned p = 0; p < ports; ++p) c.rates.push_back(r.any<std::int64_t>({10'000'000, 100'000'000, 100'000'000, 1'000'000'000}));
    for (unsigned p = 0; p < ports && r.one_in(2);) {
        const auto n = static_cast<unsigned>(r.between(1, 4));
        c.groups.emplace_back();
        for (unsigned i = 0; i < n && p < ports; ++i, ++p)
            if (!r.one_in(4)) c.groups.back().push_back(p);
        c.choices.push_back(static_cast<int>(r.between(0, 3)));
        if (c.groups.back().empty()) c.groups.pop_back(), c.choices.pop_back();
    }
    const std::int64_t stations = r.between(1, 12), longest = r.any<std::int64_t>({64, 200, 1518});
    c.latency = r.any<std::int64_t>({1'000, 80'000, 4'000'000, 7'654'321});
    c.ageing = r.any<std::int64_t>({5'000'000, 40'000'000, 1'000'000'000, 300'000'000'000'000});
    c.queue = static_cast<std::size_t>(r.any<std::int64_t>({1, 2, 5, 100}));
    c.table = static_cast<std::size_t>(r.any<std::int64_t>({1, 3, 8, 1000}));
    c.longest = 1518;
    if (c.table > 2 && r.one_in(3)) c.fixed.emplace_back(numbered(1), static_cast<unsigned>(r.below(ports)));
    const std::int64_t step = r.any<std::int64_t>({1, 80'000, 1'000'000});
    const std::int64_t spread = r.any<std::int64_t>({1'000'000, 6'720'000, 30'000'000}) / step;
    const bool faults = r.one_in(2);
    std::vector<std::int64_t> last(ports, -1);
    std::vector<bool> up(ports, true), dead_in(ports), dead_out(ports);
    std::int64_t at = 1'000'000;
    for (std::int64_t left = r.between(5, 60); left--;) {
        if (!r.one_in(3)) at += step * static_cast<std::int64_t>(r.below(static_cast<std::uint64_t>(spread + 1)));
        const auto p = static_cast<unsigned>(r.below(ports));
        if (last[p] == at) continue;                // one thing a port and instant
        last[p] = at;
        switch_case::happening h{at, kind::frame, p, {}};
        if (!faults || !r.one_in(6)) {
            h.data = some_frame(r, stations, longest);
        } else if (const auto what = r.below(4); what == 0) {
            h.what = up[p] ? kind::down : kind::up;
            up[p] = !up[p];
        } else if (what == 1) {
            h.what = dead_in[p] ? kind::alive_in : kind::dead_in;
            dead_in[p] = !dead_in[p];
        } else if (what == 2) {
            h.what = dead_out[p] ? kind::alive_out : kind::dead_out;
            dead_out[p] = !dead_out[p];
        } else {
            h.what = kind::flush;
        }
        c.all.push_back(std::move(h));
    }
    c.end = at + 60'000'000'000;                    // what waits for the slowest line has left by then
    return c;
}

switch_result run_model(const switch_case& c, bool reversed) {
    test::fresh_kernel k;
    wire::switch_config w;
    w.ports = static_cast<std::int64_t>(c.rates.size());
    w.latency = c.latency;
    w.ageing = c.ageing;
    w.queue = static_cast<std::int64_t>(c.queue);
    w.table_size = static_cast<std::int64_t>(c.table);
    w.max_frame = static_cast<std::int64_t>(c.longest);
    for (std::size_t g = 0; g < c.groups.size(); ++g)
        w.groups.push_back({"g" + std::to_string(g), c.groups[g], static_cast<wire::port_choice_kind>(c.choices[g])});
    for (const auto& [who, port] : c.fixed) w.fixed.emplace_back(wire::address_of(who.data()), port);
    std::unique_ptr<wire::ethernet_switch> s;
    std::vector<std::unique_ptr<bare_line>> lines(c.rates.size());
    if (!reversed) s = std::make_unique<wire::ethernet_switch>("sw", w);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t p = reversed ? lines.size() - 1 - i : i;
        lines[p] = std::make_unique<bare_line>(("line" + std::to_string(p)).c_str(), c.rates[p]);
    }
    if (reversed) s = std::make_unique<wire::ethernet_switch>("sw", w);
    for (std::size_t p = 0; p < lines.size(); ++p) lines[p]->join(*s, static_cast<unsigned>(p));
    for (const auto& h : c.all) lines[h.port]->expect(h);
    sc_core::sc_start(sim::to_sc_time(c.end));
    switch_result r;
    for (const auto& l : lines) r.out.push_back(l->sent);
    const auto path_of = [](const std::string& m) { return m.substr(m.rfind('.') + 1); };
    for (const auto& m : k.session().metrics())
        if (m.as_counter && m.as_counter->value()) r.counts[path_of(m.path)] += static_cast<unsigned>(m.as_counter->value());
    for (const char* not_compared : {"rx_frames", "rx_octets", "tx_frames", "tx_octets", "waited"}) r.counts.erase(not_compared);
    return r;
}

std::string text_of(const switch_case& c) {
    std::ostringstream s;
    s << "latency " << c.latency << " ageing " << c.ageing << " queue " << c.queue << " table " << c.table << "\n  rates";
    for (const auto rate : c.rates) s << ' ' << rate;
    for (std::size_t g = 0; g < c.groups.size(); ++g) {
        s << "\n  group by " << c.choices[g] << ':';
        for (const unsigned p : c.groups[g]) s << ' ' << p;
    }
    for (const auto& [who, port] : c.fixed) s << "\n  fixed " << int{who[5]} << " at " << port;
    static constexpr const char* names[] = {"frame", "down", "up", "flush", "dead_in", "alive_in", "dead_out", "alive_out"};
    for (const auto& h : c.all) {
        s << "\n  " << h.at << ' ' << names[static_cast<int>(h.what)] << " port " << h.port;
        if (h.data.empty()) continue;
        s << " octets " << h.data.size() << std::hex;
        for (std::size_t i = 0; i < 12; ++i) s << (i % 6 ? ":" : "  ") << int{h.data[i]};
        s << std::dec;
    }
    s << '\n';
    return s.str();
}

std::string text_of(const switch_result& r) {
    std::ostringstream s;
    for (std::size_t p = 0; p < r.out.size(); ++p) {
        s << "  port " << p << ':';
        for (const auto& d : r.out[p]) s << ' ' << d.first << '/' << d.data.size();
        s << '\n';
    }
    for (const auto& [name, n] : r.counts)
        if (n) s << "  " << name << ' ' << n;
    s << '\n';
    return s.str();
}

}  // namespace compare
