// A host's layers over a minidriver, its device's offload target at the other end of a way that takes its time, and a peer.
#pragma once

#include <algorithm>
#include <deque>
#include <map>

#include "nicteam/chimney/tli_switch_206.h"
#include "unit/chimney/offloaded.h"

namespace nicteam::chimney::test {

struct chimney_stack : offloaded, act_observer, switch_user {
    std::deque<std::function<void()>> under_way;               // questions to the device, and its answers, in order
    std::vector<unsigned> numbers;                             // of acts, as they happen
    std::vector<std::pair<act, std::size_t>> told;
    chimney_options options;
    minidriver_210 driver{table_of_device(), *this};
    framing_layer_214 framing{driver, options, *this};
    network_layer_212 network{framing, driver, options, *this};
    transport_layer_210 transport{table[0], r[0], network, driver, *this};
    tli_switch_206 top{transport, table[0], r[0], driver, *this, *this};
    std::vector<std::tuple<std::uint64_t, place, std::string, status>> moves;
    std::vector<reason> log;
    std::map<std::uint64_t, std::uint32_t> events;             // of connections away, as the switch tells of them
    struct watched {                             // what was told of a connection that a target runs
        chimney::target* of;
        handle connection;
        bool any = false;
        tcp::sequence next = 0, acknowledged = 0;
    };
    std::vector<watched> watching;
    std::vector<std::size_t> lists_up;                         // blocks of each upload that are to come back

    explicit chimney_stack(chimney_options k = {}, abilities a = {}, tcp::tcp_rules rules = quick()) : offloaded(a, rules), options(k) {
        table[1].listen(80, 5000);
    }

    void acted(act a, std::size_t of) override {
        numbers.push_back(acts().rows[static_cast<std::size_t>(a)].number);
        told.emplace_back(a, of);
    }
    void moved(ps, std::uint64_t name, place p, refusal f) override { moves.emplace_back(name, p, f.layer ? f.layer : "", f.why); }
    void logged(ps, std::uint64_t, reason why) override { log.push_back(why); }
    void happened(ps, std::uint64_t name, std::uint32_t e) override { events[name] |= e; }

    // Behind each call of a target: octets not yet told of, what is acknowledged, events.
    void tell(chimney::target& by, const std::function<answers&()>& who) {
        std::map<std::uint32_t, std::uint32_t> fired;
        for (const auto& e : std::exchange(o.out.events, {})) fired[e.connection.index] |= e.events;
        for (watched& w : watching) {
            const tcp::connection* c = w.of == &by ? by.connection(w.connection) : nullptr;
            if (!c) continue;
            happening h;
            const auto e = fired.find(w.connection.index);
            h.events = e == fired.end() ? 0 : e->second;
            const bool over = c->state() == tcp::connection_state::closed;
            const tcp::sequence end = over ? w.next : c->delegated().rcv_nxt - (c->peer_closed() ? 1 : 0);
            const auto unread = static_cast<tcp::sequence>(c->received().size());
            h.from = w.any ? w.next : end - unread;            // whoever has not told of anything tells of all that is unread
            h.acknowledged = c->delegated().snd_una;
            if (w.any && !h.events && h.from == end && h.acknowledged == w.acknowledged) continue;
            const packet::octets all = c->received().all();
            bytes octets(all.data + (unread - (end - h.from)), all.data + unread);
            w = {w.of, w.connection, true, end, h.acknowledged};
            under_way.push_back([this, h, octets = std::move(octets), who, its = w.connection]() mutable {
                h.octets = {octets.data(), octets.size()};
                who().happened(now, its, h);
            });
        }
    }
    void watch(chimney::target& t, const block_list& l) {
        for (const auto n : l.blocks_of(layer::connection))
            if (l[n].target) watching.push_back({&t, l[n].target});
    }
    void watch_no_more(chimney::target& t, const block_list& l) {
        for (const auto n : l.blocks_of(layer::connection))
            watching.erase(std::remove_if(watching.begin(), watching.end(), [&](const watched& w) { return w.of == &t && w.connection == l[n].target; }),
                           watching.end());
    }

    dispatch_table table_of_device() { return table_of(device, [this]() -> answers& { return driver; }); }
    // Of any target; its answers go to whoever that tells.
    dispatch_table table_of(chimney::target& device, std::function<answers&()> who) {
        dispatch_table t;
        const auto ask = [this](auto what) { under_way.push_back(std::move(what)); };
        const auto answer = [this](auto what) { under_way.push_back(std::move(what)); };
        t.able = [&device]() -> const abilities& { return device.able(); };
        t.offload = [=, &device](ps, ticket n, state::block_list l, bool whole) {
            // Over the bus it goes as octets.
            ask([=, &device, octets = l.encode()] {
                std::string why;
                auto back = device.offload(now, block_list::decode(octets.data(), octets.size(), why), whole, o);
                watch(device, back);
                answer([=] { who().offloaded(now, n, back); });
                tell(device, who);
            });
        };
        t.upload = [=, &device](ps, ticket n, state::block_list l) {
            std::size_t blocks = 0;
            for (std::uint32_t b = 0; b < l.size(); ++b) blocks += !l[b].stays;
            lists_up.push_back(blocks);
            ask([=, &device, octets = l.encode()] {
                std::string why;
                auto list = block_list::decode(octets.data(), octets.size(), why);
                for (const auto c : list.blocks_of(layer::connection)) device.stop(now, list[c].target);
                answer([=, &device] {
                    watch_no_more(device, list);
                    auto back = device.upload(now, list);
                    answer([=] { who().uploaded(now, n, back); });
                });
            });
        };
        t.write = [=, &device](ps, ticket n, handle h, part p, bytes b) {
            ask([=, &device] {
                const status s = device.load(now, h, p, b, o);
                answer([=] { who().written(now, n, s); });
                tell(device, who);
            });
        };
        t.write_data = [=, &device](ps, ticket n, handle h, bytes b) {
            ask([=, &device] {
                const status s = device.load_data(h, b);
                answer([=] { who().written(now, n, s); });
            });
        };
        t.update = [=, &device](ps, ticket n, handle h, bytes b) {
            ask([=, &device] {
                const status s = device.update(now, h, b, o);
                answer([=] { who().updated(now, n, s); });
            });
        };
        t.relink = [=, &device](ps, ticket n, handle p, handle to) {
            ask([=, &device] {
                const status s = device.relink(p, to);
                answer([=] { who().written(now, n, s); });
            });
        };
        t.query = [=, &device](ps, ticket n, handle h, part p) {
            ask([=, &device] {
                bytes b;
                const status s = device.query(now, h, p, b);
                answer([=] { who().asked(now, n, s, b); });
            });
        };
        t.forward = [=, &device](ps, ticket n, handle h, packet::ip_address from, packet::ip_address to, bytes segment) {
            ask([=, &device] {
                const status s = device.forward(now, h, from, to, segment, o);
                answer([=] { who().sent_on(now, n, s); });
                tell(device, who);
            });
        };
        t.send = [=, &device](ps, handle h, bytes b) { ask([=, &device] { device.send(now, h, b, o), tell(device, who); }); };
        t.consume = [=, &device](ps, handle h, std::size_t n) { ask([=, &device] { device.consume(now, h, n, o), tell(device, who); }); };
        t.close = [=, &device](ps, handle h) { ask([=, &device] { device.close(now, h, o), tell(device, who); }); };
        t.abort = [=, &device](ps, handle h) { ask([=, &device] { device.abort(now, h, o), tell(device, who); }); };
        return t;
    }
    // One question or answer further; false: nothing is under way.
    bool one() {
        if (under_way.empty()) return false;
        const auto next = std::move(under_way.front());
        under_way.pop_front();
        next();
        indicate();
        return true;
    }
    // What is on the wire arrives; what the host gets of the device's connections it sees to (B-75, B-77).
    void wire() {
        for (bool any = true; any;) {
            any = to_peer();
            auto back = std::move(r[1].segments);
            r[1].segments.clear();
            for (auto& s : back) {
                any = true;
                if (taken_by_device(s)) continue;
                if (!transport.take(now, s.from, s.to, s.segment)) table[0].on_segment(now, s.from, s.to, s.segment, r[0]);
            }
            indicate();
        }
    }
    virtual void indicate() {
        for (const auto& i : std::exchange(o.indications, {})) driver.indicated(now, i.connection, i.reason);
    }
    bool taken_by(chimney::target& t, const std::function<answers&()>& who, const tcp::results::outgoing& s) {
        if (!t.take(now, s.from, s.to, s.segment, o)) return false;
        tell(t, who);
        return true;
    }
    virtual bool taken_by_device(const tcp::results::outgoing& s) { return taken_by(device, [this]() -> answers& { return driver; }, s); }
    void settle() {
        wire();
        while (one()) wire();
    }
    std::uint64_t name_of(std::uint16_t port) { return top.add(established(port)); }
    void peer_says(std::uint16_t port, const std::string& s) {
        table[1].use(table[1].named({tcp::test::them, tcp::test::us, 80, port}), r[1], [&](tcp::connection& c, tcp::actions& a) { c.send(now, text(s), a); });
    }
    std::string received(std::uint64_t name) {
        const auto* c = top.where(name) == place::device ? device.connection(transport.in_device(name)) : table[0].find(transport.in_host(name));
        return c ? std::string(c->received().data(), c->received().data() + c->received().size()) : "";
    }
};

}  // namespace nicteam::chimney::test
