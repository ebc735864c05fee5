// A host's layers over a minidriver, its device's offload target at the other end of a way that takes its time, and a peer.
#pragma once

#include <deque>

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
                answer([=] { who().offloaded(now, n, back); });
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
                    auto back = device.upload(now, list);
                    answer([=] { who().uploaded(now, n, back); });
                });
            });
        };
        t.write = [=, &device](ps, ticket n, handle h, part p, bytes b) {
            ask([=, &device] {
                const status s = device.load(now, h, p, b, o);
                answer([=] { who().written(now, n, s); });
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
            });
        };
        t.send = [=, &device](ps, handle h, bytes b) { ask([=, &device] { device.send(now, h, b, o); }); };
        t.consume = [=, &device](ps, handle h, std::size_t n) { ask([=, &device] { device.consume(now, h, n, o); }); };
        t.close = [=, &device](ps, handle h) { ask([=, &device] { device.close(now, h, o); }); };
        t.abort = [=, &device](ps, handle h) { ask([=, &device] { device.abort(now, h, o); }); };
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
    virtual bool taken_by_device(const tcp::results::outgoing& s) { return device.take(now, s.from, s.to, s.segment, o); }
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
