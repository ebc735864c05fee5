// The offload target alone: source document 002, FIG. 4A to 4D, ¶52-58, ¶68, ¶85-90, ¶96-97, ¶101-106.
#include <catch2/catch.hpp>

#include "unit/chimney/offloaded.h"

using namespace nicteam;
using namespace nicteam::chimney;
using namespace nicteam::chimney::test;

TEST_CASE("a connection runs on in the device and comes back, every octet once and in order (B-49, B-119)") {
    offloaded s;
    s.table[1].listen(80, 100);
    const handle h = s.established(1000);
    s.table[0].use(h, s.r[0], [&](tcp::connection& c, tcp::actions& a) { c.send(s.now, text("from the host, "), a); });
    s.carry_all();
    const auto sent = s.list_of({h});
    const auto done = s.offload(sent);
    REQUIRE(status_of(done[2]) == status::done);
    const handle t = done[2].target;
    CHECK(s.table[0].size() == 0);
    CHECK(s.device.send(s.now, t, text("from the device, "), s.o) == status::done);
    s.carry_all();
    CHECK(s.heard(1000) == "from the host, from the device, ");
    // Data that the device has acknowledged and nobody has consumed comes back with the state.
    const handle peer = s.table[1].named({tcp::test::them, tcp::test::us, 80, 1000});
    s.table[1].use(peer, s.r[1], [&](tcp::connection& c, tcp::actions& a) { c.send(s.now, text("an answer"), a); });
    s.carry_all();
    const auto back = s.device.upload(s.now, done);
    CHECK(s.device.used().connections == 0);
    CHECK(s.device.used().paths == 0);
    CHECK(s.device.used().neighbours == 0);
    const handle again = s.back_to_host(back[2], 1000, sent[2]);
    REQUIRE(again);
    const auto* c = s.table[0].find(again);
    CHECK(std::string(c->received().data(), c->received().data() + c->received().size()) == "an answer");
    s.table[0].use(again, s.r[0], [&](tcp::connection& x, tcp::actions& a) { x.send(s.now, text("from the host again"), a); });
    s.carry_all();
    CHECK(s.heard(1000) == "from the host, from the device, from the host again");
    CHECK(s.device.send(s.now, t, text("x"), s.o) == status::stale_handle);
}

TEST_CASE("FIG. 4A to 4C: what is there already is named by its handle, and only what is new takes a slot (B-85, B-86, B-88)") {
    offloaded s;
    s.table[1].listen(80, 100);
    const auto first = s.offload(s.list_of({s.established(1000)}));
    CHECK(s.device.used().neighbours == 1);
    CHECK(s.device.used().paths == 1);
    CHECK(s.device.used().connections == 1);
    const auto second = s.offload(s.list_of({s.established(1001)}, first[0].target, first[1].target));
    REQUIRE(status_of(second[2]) == status::done);
    CHECK(s.device.used().neighbours == 1);
    CHECK(s.device.used().paths == 1);
    CHECK(s.device.used().connections == 2);
    CHECK(s.device.dependents(first[1].target) == 2);
    CHECK(s.device.dependents(first[0].target) == 1);
    // ¶104: the path goes with the last connection that depends on it, not before.
    CHECK(s.device.invalidate(first[1].target) == status::in_use);
    auto one = s.device.upload(s.now, second);
    CHECK(status_of(one[2]) == status::done);
    CHECK(status_of(one[1]) == status::in_use);
    CHECK(s.device.used().paths == 1);
    one = s.device.upload(s.now, first);
    CHECK(status_of(one[1]) == status::done);
    CHECK(!one[1].delegated.empty());
    CHECK(s.device.used().neighbours == 0);
}

TEST_CASE("a layer may write its state after the request was granted (¶72-74), until all is there nothing runs") {
    offloaded s;
    s.table[1].listen(80, 100);
    const auto whole = s.list_of({s.established(1000)});
    block_list bare;
    for (std::uint32_t n = 0; n < 3; ++n) {
        block b;
        b.layer = whole[n].layer;
        bare.add(b, n ? n - 1 : block::none);
    }
    const auto granted = s.offload(bare);
    const auto load = [&](std::uint32_t n, part p) { return s.device.load(s.now, granted[n].target, p, const_cast<block&>(whole[n]).of(p), s.o); };
    CHECK(s.device.connection(granted[2].target) == nullptr);
    CHECK(load(1, part::cached) == status::wrong_order);               // a path without ends
    CHECK(load(0, part::cached) == status::done);
    for (const part p : {part::constant, part::cached, part::delegated}) CHECK(load(1, p) == status::done);
    CHECK(s.device.load_data(granted[2].target, whole[2].data) == status::done);
    CHECK(load(2, part::constant) == status::done);
    CHECK(load(2, part::cached) == status::done);
    CHECK(s.device.send(s.now, granted[2].target, text("too early"), s.o) == status::wrong_order);
    CHECK(load(2, part::delegated) == status::done);
    REQUIRE(s.device.connection(granted[2].target));
    CHECK(s.device.send(s.now, granted[2].target, text("now"), s.o) == status::done);
    s.carry_all();
    CHECK(s.heard(1000) == "now");
    CHECK(load(2, part::delegated) == status::wrong_order);            // written once (B-42)
}

TEST_CASE("more than it has room for: of a list what fits, or nothing (B-61), nothing is left behind") {
    abilities few;
    few.connections = 2;
    offloaded s(few);
    s.table[1].listen(80, 100);
    std::vector<handle> three{s.established(1), s.established(2), s.established(3)};
    const auto sent = s.list_of(three);
    const auto none = s.offload(sent, false);
    const auto statuses = [](const block_list& l) {
        std::vector<status> all;
        for (const auto n : l.blocks_of(layer::connection)) all.push_back(status_of(l[n]));
        return all;
    };
    CHECK(statuses(none) == std::vector<status>{status::done, status::done, status::no_room});
    CHECK(s.device.used().connections == 2);
    abilities no_path;
    no_path.paths = 0;
    offloaded without(no_path);
    without.table[1].listen(80, 100);
    const auto refused = without.offload(without.list_of({without.established(1)}));
    CHECK(status_of(refused[0]) == status::taken_back);
    CHECK(status_of(refused[1]) == status::no_room);
    CHECK(status_of(refused[2]) == status::refused_below);
    CHECK(without.device.used().neighbours == 0);
}

TEST_CASE("one write for the next hop, one for the path, and all connections have it (FIG. 4C, B-87, B-89)") {
    offloaded s;
    s.table[1].listen(80, 2000);
    std::vector<handle> all;
    for (std::uint16_t k = 0; k < 1000; ++k) all.push_back(s.established(static_cast<std::uint16_t>(2000 + k)));
    const auto done = s.offload(s.list_of(all));
    REQUIRE(s.device.used().connections == 1000);
    tcp::neighbor moved;
    tcp::neighbor_cached there;
    there.destination = {2, 0, 0, 0, 0, 9};
    moved.update(there);
    bytes cached;
    moved.save(part::cached, cached);
    CHECK(s.device.update(s.now, done[0].target, cached, s.o) == status::done);
    for (const auto n : done.blocks_of(layer::connection))
        CHECK(s.device.connection(done[n].target)->over()->next_hop()->cached().destination == there.destination);
    tcp::path shorter(s.way[0]->constant(), tcp::path_cached{600});
    cached.clear();
    shorter.save(part::cached, cached);
    CHECK(s.device.update(s.now, done[1].target, cached, s.o) == status::done);
    for (const std::uint32_t n : {2u, 500u, 1001u}) {
        s.device.send(s.now, done[n].target, text(std::string(1200, 'x')), s.o);
        for (const auto& segment : s.o.out.segments) CHECK(segment.segment.size() <= 580);
        s.o.out.segments.clear();
    }
}

TEST_CASE("FIG. 4D: a route changes and two trees become one, as one transaction (B-90, B-117)") {
    offloaded s;
    s.table[1].listen(80, 100);
    const auto first = s.offload(s.list_of({s.established(1)}));
    block other;
    other.layer = layer::neighbor;
    block_list alone;
    alone.add(other);
    const auto second = s.offload(alone);
    CHECK(s.device.relink(first[1].target, {77, 1}) == status::stale_handle);
    CHECK(s.device.relink(first[1].target, second[0].target) == status::done);
    CHECK(s.device.dependents(first[0].target) == 0);
    CHECK(s.device.dependents(second[0].target) == 1);
    CHECK(s.device.invalidate(first[0].target) == status::done);       // the new one was there before the old one went
    CHECK(s.device.invalidate(second[0].target) == status::in_use);
}

TEST_CASE("what is forwarded while the state is on its way up is told so, and lost nowhere (B-107, B-108, B-118)") {
    offloaded s;
    s.table[1].listen(80, 100);
    const auto sent = s.list_of({s.established(7)});
    const auto done = s.offload(sent);
    const handle peer = s.table[1].named({tcp::test::them, tcp::test::us, 80, 7});
    s.table[1].use(peer, s.r[1], [&](tcp::connection& c, tcp::actions& a) { c.send(s.now, text("by another NIC"), a); });
    auto way = std::move(s.r[1].segments);
    s.r[1].segments.clear();
    REQUIRE(way.size() == 1);
    CHECK(s.device.forward(s.now, done[2].target, way[0].from, way[0].to, way[0].segment, s.o) == status::done);
    CHECK(s.device.connection(done[2].target)->received().size() == 14);
    CHECK(s.device.stop(s.now, done[2].target) == status::done);
    CHECK(s.device.forward(s.now, done[2].target, way[0].from, way[0].to, way[0].segment, s.o) == status::upload_in_progress);
    CHECK(s.device.send(s.now, done[2].target, text("x"), s.o) == status::upload_in_progress);
    CHECK(!s.device.take(s.now, way[0].from, way[0].to, way[0].segment, s.o));
    const auto back = s.device.upload(s.now, done);
    const handle again = s.back_to_host(back[2], 7, sent[2]);
    REQUIRE(again);
    CHECK(s.table[0].find(again)->received().size() == 14);
}

TEST_CASE("a query is a copy of one instant, and the connection goes on (B-44)") {
    offloaded s;
    s.table[1].listen(80, 100);
    const auto done = s.offload(s.list_of({s.established(7)}));
    bytes before, after;
    CHECK(s.device.query(s.now, done[2].target, part::delegated, before) == status::done);
    s.device.send(s.now, done[2].target, text("more"), s.o);
    CHECK(s.device.query(s.now, done[2].target, part::delegated, after) == status::done);
    CHECK(before != after);
    bytes constant;
    CHECK(s.device.query(s.now, done[2].target, part::constant, constant) == status::done);
    CHECK(constant.size() == s.device.upload(s.now, done)[2].constant.size() + constant.size());     // B-40: it does not come back at an upload
}

TEST_CASE("what it is not able to do it refuses, and what it meets later it wants to be rid of (B-115, T-02, T-04)") {
    abilities plain;
    plain.sack = plain.urgent = false;
    offloaded s(plain);
    s.table[1].listen(80, 100);
    const auto sack = s.offload(s.list_of({s.established(7)}));
    CHECK(status_of(sack[2]) == status::not_able);
    CHECK(s.device.used().paths == 0);

    auto rules = offloaded::quick();
    rules.sack = false;
    offloaded u(plain, rules);
    u.table[1].listen(80, 100);
    const auto done = u.offload(u.list_of({u.established(8)}));
    REQUIRE(status_of(done[2]) == status::done);
    const handle peer = u.table[1].named({tcp::test::them, tcp::test::us, 80, 8});
    u.table[1].use(peer, u.r[1], [&](tcp::connection& c, tcp::actions& a) { c.send_urgent(u.now, text("!"), a); });
    u.carry_all();
    REQUIRE(u.o.indications.size() == 1);
    CHECK(u.o.indications[0].reason == reason::urgent);
    CHECK(u.o.indications[0].connection == done[2].target);
    CHECK(u.device.connection(done[2].target)->received().size() == 0);

    offloaded g;
    g.table[1].listen(80, 100);
    const handle h = g.established(9);
    g.table[0].use(h, g.r[0], [&](tcp::connection& c, tcp::actions& a) { c.close(g.now, a); });
    g.carry_all();
    const handle closing = g.table[1].named({tcp::test::them, tcp::test::us, 80, 9});
    g.table[1].use(closing, g.r[1], [&](tcp::connection& c, tcp::actions& a) { c.close(g.now, a); });
    g.carry_all();
    CHECK(g.table[0].find(h)->state() == tcp::connection_state::time_wait);
    CHECK(status_of(g.offload(g.list_of({h}))[2]) == status::not_movable);
}

TEST_CASE("a reset ends a connection in the device, which tells the host (B-114)") {
    offloaded s;
    s.table[1].listen(80, 100);
    const auto done = s.offload(s.list_of({s.established(7)}));
    const handle peer = s.table[1].named({tcp::test::them, tcp::test::us, 80, 7});
    s.table[1].use(peer, s.r[1], [&](tcp::connection& c, tcp::actions& a) { c.abort(s.now, a); });
    s.carry_all();
    REQUIRE(s.o.indications.size() == 1);
    CHECK(s.o.indications[0].reason == reason::reset);
    const auto back = s.device.upload(s.now, done);
    CHECK(back[2].delegated.empty());                                  // there is no state any more
    CHECK(s.device.used().connections == 0);
}

TEST_CASE("IP-IDs of a path go on where they were (B-53 to B-55)") {
    offloaded s;
    s.table[1].listen(80, 100);
    tcp::path_delegated half;
    half.identification_start = 40'000;
    half.identifications_used = 32'766;
    s.way[0]->set_identifications(half);
    const auto done = s.offload(s.list_of({s.established(7)}));
    tcp::path* p = s.device.path_to(tcp::test::us, tcp::test::them);
    REQUIRE(p);
    CHECK(p->next_identification() == (40'000 + 32'766) % 65'536);
    CHECK(p->next_identification() == (40'000 + 32'767) % 65'536);
    CHECK(p->next_identification() == 40'000);
    const auto back = s.device.upload(s.now, done);
    tcp::path again(s.way[0]->constant(), s.way[0]->cached());
    REQUIRE(again.load(part::delegated, back[1].delegated.data(), back[1].delegated.size()));
    CHECK(again.next_identification() == 40'001);
}
