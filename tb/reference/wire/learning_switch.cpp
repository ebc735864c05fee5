#include "reference/wire/learning_switch.h"

#include <algorithm>
#include <tuple>

namespace reference::wire {
namespace {

struct known {
    station who;
    int where;              // a port, or -1 - group
    std::int64_t seen;
    bool fixed;
};

struct line_out {
    std::int64_t free = 0;
    std::vector<std::pair<std::int64_t, octets>> begins;     // planned; those that lie ahead can still be taken back
};

class plain_switch {
public:
    explicit plain_switch(const switch_case& c) : c_(c), lines_(c.rates.size()), up_(c.rates.size(), true), dead_in_(up_.size()), dead_out_(up_.size()),
                                                  lost_(up_.size(), -1), turn_(c.groups.size()) {
        for (const auto& [who, port] : c.fixed) table_.push_back({who, where_is(port), 0, true});
    }

    switch_result run() {
        // What a frame leads to happens `latency` later, before whatever else falls on that instant; of that losses of links come first.
        std::vector<std::pair<std::int64_t, const switch_case::happening*>> todo;
        for (const auto& h : c_.all) todo.emplace_back(h.what == switch_case::kind::frame ? h.at + c_.latency : h.at, &h);
        std::stable_sort(todo.begin(), todo.end(), [](const auto& a, const auto& b) {
            const auto key = [](const auto& x) {
                const bool frame = x.second->what == switch_case::kind::frame;
                return std::make_tuple(x.first, !frame, frame ? x.second->port : x.second->what != switch_case::kind::down);
            };
            return key(a) < key(b);
        });
        for (const auto& [at, h] : todo) act(at, *h);
        age(c_.end);
        switch_result r;
        r.counts = counts_;
        for (line_out& l : lines_) {
            r.out.emplace_back();
            for (auto& [first, data] : l.begins) r.out.back().push_back({first, data});
        }
        return r;
    }

private:
    int where_is(unsigned port) const {
        for (unsigned g = 0; g < c_.groups.size(); ++g)
            for (unsigned p : c_.groups[g])
                if (p == port) return -1 - static_cast<int>(g);
        return static_cast<int>(port);
    }

    std::vector<unsigned> ports_at(int where) const {
        std::vector<unsigned> all;
        for (unsigned p = 0; p < up_.size(); ++p)
            if (up_[p] && where_is(p) == where) all.push_back(p);
        return all;
    }

    unsigned one_of(int where, const octets& f) {
        const std::vector<unsigned> ports = ports_at(where);
        if (where >= 0) return ports[0];
        const auto g = static_cast<std::size_t>(-1 - where);
        unsigned sum = 0;
        switch (c_.choices[g]) {
            case 0: for (int i = 6; i < 12; ++i) sum ^= f[static_cast<std::size_t>(i)]; break;
            case 1: for (int i = 0; i < 6; ++i) sum ^= f[static_cast<std::size_t>(i)]; break;
            case 2: for (int i = 0; i < 12; ++i) sum ^= f[static_cast<std::size_t>(i)]; break;
            default: sum = turn_[g]++;
        }
        return ports[sum % ports.size()];
    }

    void act(std::int64_t at, const switch_case::happening& h) {
        using k = switch_case::kind;
        // Frames of the instant at which an entry falls due still find it.
        age(h.what == k::frame ? at - 1 : at);
        switch (h.what) {
            case k::frame: return frame(at, h);
            case k::up: up_[h.port] = true; return;
            case k::flush: return forget([](const known&) { return true; });
            case k::dead_in: dead_in_[h.port] = true; return;
            case k::alive_in: dead_in_[h.port] = false; return;
            case k::dead_out: stop(at, h.port); dead_out_[h.port] = true; return;
            case k::alive_out: dead_out_[h.port] = false; return;
            case k::down: break;
        }
        if (!up_[h.port]) return;
        up_[h.port] = false;
        lost_[h.port] = at;
        const std::size_t gone = take_back(at, h.port);
        counts_["link_down"] += static_cast<unsigned>(gone);
        const int where = where_is(h.port);
        if (ports_at(where).empty()) forget([&](const known& e) { return e.where == where; });
    }

    void age(std::int64_t at) {
        const auto old = [&](const known& e) { return !e.fixed && e.seen + c_.ageing <= at; };
        counts_["aged"] += static_cast<unsigned>(std::count_if(table_.begin(), table_.end(), old));
        table_.erase(std::remove_if(table_.begin(), table_.end(), old), table_.end());
    }

    template <class Which>
    void forget(Which which) {
        const auto goes = [&](const known& e) { return !e.fixed && which(e); };
        counts_["forgotten"] += static_cast<unsigned>(std::count_if(table_.begin(), table_.end(), goes));
        table_.erase(std::remove_if(table_.begin(), table_.end(), goes), table_.end());
    }

    // Those not begun by `at` never begin.
    std::size_t take_back(std::int64_t at, unsigned port) {
        line_out& l = lines_[port];
        std::size_t n = 0;
        for (; !l.begins.empty() && l.begins.back().first > at; l.begins.pop_back()) ++n;
        l.free = l.begins.empty() ? 0 : free_after(l.begins.back(), port);
        return n;
    }

    void stop(std::int64_t at, unsigned port) { counts_["tx_path_dead"] += static_cast<unsigned>(take_back(at, port)); }

    std::int64_t octet(unsigned port) const { return 8'000'000'000'000 / c_.rates[port]; }
    std::int64_t free_after(const std::pair<std::int64_t, octets>& b, unsigned port) const {
        return b.first + static_cast<std::int64_t>(8 + b.second.size() + 12) * octet(port);
    }

    void frame(std::int64_t at, const switch_case::happening& h) {
        if (dead_in_[h.port]) { ++counts_["rx_path_dead"]; return; }
        ++counts_["frames"];
        station to{}, from{};
        std::copy_n(h.data.begin(), 6, to.begin());
        std::copy_n(h.data.begin() + 6, 6, from.begin());
        const int here = where_is(h.port);
        const auto find = [&](const station& s) { return std::find_if(table_.begin(), table_.end(), [&](const known& e) { return e.who == s; }); };
        if (!(from[0] & 1) && up_[h.port] && lost_[h.port] < h.at) {
            const auto e = find(from);
            if (e == table_.end()) {
                if (table_.size() < c_.table) table_.push_back({from, here, at, false}), ++counts_["learned"];
                else ++counts_["not_learned"];
            } else if (e->fixed) {
                counts_["not_learned"] += e->where != here;
            } else {
                counts_["moves"] += e->where != here;
                e->where = here;
                e->seen = at;
            }
        }
        if (to[0] == 1 && to[1] == 0x80 && to[2] == 0xC2 && !to[3] && !to[4] && to[5] < 16) { ++counts_["reserved"]; return; }
        if (const auto e = find(to); !(to[0] & 1) && e != table_.end()) {
            if (e->where == here) { ++counts_["filtered"]; return; }
            if (ports_at(e->where).empty()) { ++counts_["no_port"]; return; }
            ++counts_["forwarded"];
            return leave(at, one_of(e->where, h.data), h.data);
        }
        std::vector<int> others;
        for (unsigned p = 0; p < up_.size(); ++p)
            if (up_[p] && where_is(p) != here && std::find(others.begin(), others.end(), where_is(p)) == others.end()) others.push_back(where_is(p));
        if (others.empty()) { ++counts_["no_port"]; return; }
        ++counts_[to[0] & 1 ? "to_group" : "unknown"];
        for (int w : others) leave(at, one_of(w, h.data), h.data);
    }

    void leave(std::int64_t at, unsigned port, const octets& data) {
        if (dead_out_[port]) { ++counts_["tx_path_dead"]; return; }
        line_out& l = lines_[port];
        const auto waiting = static_cast<std::size_t>(std::count_if(l.begins.begin(), l.begins.end(), [&](const auto& b) { return b.first >= at; }));
        if (waiting >= c_.queue) { ++counts_["full"]; return; }
        l.begins.emplace_back(std::max(at, l.free), data);
        l.free = free_after(l.begins.back(), port);
    }

    const switch_case& c_;
    std::vector<known> table_;
    std::vector<line_out> lines_;
    std::vector<bool> up_, dead_in_, dead_out_;
    std::vector<std::int64_t> lost_;
    std::vector<unsigned> turn_;
    std::map<std::string, unsigned> counts_;
};

}  // namespace

switch_result run(const switch_case& c) { return plain_switch(c).run(); }

}  // namespace reference::wire
