// A host's table of connections, the offload target of its device, and a peer that hears both.
#pragma once

#include "nicteam/chimney/target.h"
#include "nicteam/tcp/moved_octets.h"
#include "unit/tcp/two_tables.h"

namespace nicteam::chimney::test {

using state::block;
using state::block_list;
using state::handle;
using state::layer;
using state::part;

struct offloaded : tcp::test::two_tables {
    tcp::runner nic{by.rules};
    chimney::target device;
    outcome o;

    explicit offloaded(abilities a = {}, tcp::tcp_rules rules = quick()) : two_tables(65536, rules), device(nic, a, {5, 6}) {
        nic.rules = by.rules;
        nic.is_nic = true;
    }
    static tcp::tcp_rules quick() {
        tcp::tcp_rules r;
        r.delayed_acknowledgements = false;
        r.cached.flags = 0;
        return r;
    }
    // What the host and the device have sent arrives at the peer. false: there was nothing.
    bool to_peer() {
        bool any = false;
        for (auto* from : {&r[0].segments, &o.out.segments}) {
            auto going = std::move(*from);
            from->clear();
            for (auto& s : going) any = true, table[1].on_segment(now, s.from, s.to, s.segment, r[1]);
        }
        return any;
    }
    // Everything that is on its way arrives: at the peer, at the device if it is one of its connections, else at the host.
    void carry_all() {
        for (bool any = true; any;) {
            any = to_peer();
            auto back = std::move(r[1].segments);
            r[1].segments.clear();
            for (auto& s : back) {
                any = true;
                if (!device.take(now, s.from, s.to, s.segment, o)) table[0].on_segment(now, s.from, s.to, s.segment, r[0]);
            }
        }
    }
    handle established(std::uint16_t port) {
        const handle h = connect(port);
        table[1].accept(80);
        return h;
    }
    // What the host's layers put into a list; the connections leave its table.
    block neighbour_block(handle known = {}) {
        block b;
        b.layer = layer::neighbor;
        b.target = known;
        if (!known) hop[0]->set_time(now), hop[0]->save(part::cached, b.cached);
        return b;
    }
    block path_block(handle known = {}) {
        block b;
        b.layer = layer::path;
        b.target = known;
        if (known) return b;
        way[0]->set_time(now);
        for (const part p : {part::constant, part::cached, part::delegated}) way[0]->save(p, b.of(p));
        return b;
    }
    block connection_block(handle h) {
        auto m = table[0].take_out(now, h);
        block b;
        b.layer = layer::connection;
        b.host = h.index;
        b.data = tcp::moved_octets(m);
        b.constant = m.constant, b.cached = m.cached, b.delegated = m.delegated;
        return b;
    }
    block_list list_of(const std::vector<handle>& all, handle neighbour = {}, handle path = {}) {
        block_list l;
        const auto n = l.add(neighbour_block(neighbour));
        const auto p = l.add(path_block(path), n);
        for (const handle h : all) l.add(connection_block(h), p);
        return l;
    }
    block_list offload(block_list l, bool whole = true) { return device.offload(now, std::move(l), whole, o); }
    handle back_to_host(const block& b, std::uint16_t port, const block& sent) {
        tcp::moved_connection m;
        m.constant = sent.constant, m.cached = sent.cached, m.delegated = b.delegated;
        if (!tcp::read_moved(m, b.data.data(), b.data.size())) return {};
        return table[0].put_in(now, {tcp::test::us, tcp::test::them, port, 80}, std::move(m), r[0]);
    }
    std::string heard(std::uint16_t port) {
        const handle h = table[1].named({tcp::test::them, tcp::test::us, 80, port});
        const auto* c = table[1].find(h);
        return c ? std::string(c->received().data(), c->received().data() + c->received().size()) : "";
    }
};

inline packet::octets text(const std::string& s) { return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()}; }
inline status status_of(const block& b) { return static_cast<status>(b.status); }

}  // namespace nicteam::chimney::test
