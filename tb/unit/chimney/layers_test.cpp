// The acts of FIG. 3, 6 and 7 of source document 002 in their order, and what may happen between any two of them.
#include <catch2/catch.hpp>

#include <algorithm>

#include "nicteam/base/random_stream.h"
#include "unit/chimney/chimney_stack.h"

using namespace nicteam;
using namespace nicteam::chimney;
using namespace nicteam::chimney::test;

namespace {
using order = std::vector<unsigned>;
order taken(chimney_stack& s) { return std::exchange(s.numbers, {}); }
}  // namespace

TEST_CASE("FIG. 3: 330, 332, 334, 336, 370, 308, 310, 312, 314, 316, 318, 320, 322 (B-60 to B-73)") {
    chimney_stack s;
    const auto name = s.name_of(1000);
    s.top.offload(s.now, {name});
    CHECK(taken(s) == order{330, 332, 334, 336});
    CHECK(s.top.where(name) == place::going_down);
    s.top.send(s.now, name, text("while it goes down"));
    CHECK(s.top.waiting(name) == 18);                          // ¶63: it waits at the switch
    s.settle();
    CHECK(taken(s) == order{370, 308, 310, 312, 314, 316, 318, 320, 322});
    CHECK(s.top.where(name) == place::device);
    CHECK(s.top.waiting(name) == 0);
    CHECK(s.heard(1000) == "while it goes down");
    CHECK(s.table[0].size() == 0);
    CHECK(s.moves == decltype(s.moves){{name, place::device, "", status::done}});
}

TEST_CASE("FIG. 7: 728, 726, 724, 722, 732, 734, 742, 744, 746, 748 (B-116 to B-120)") {
    chimney_stack s;
    const auto first = s.name_of(1000), second = s.name_of(1001);
    s.top.offload(s.now, {first, second});
    s.settle();
    taken(s);
    s.told.clear();
    s.top.upload(s.now, {first});
    CHECK(taken(s) == order{728, 726, 724, 722, 732, 734});
    s.top.send(s.now, first, text("while it comes up"));
    CHECK(s.top.waiting(first) == 17);
    s.settle();
    CHECK(taken(s) == order{742, 744, 746, 748});
    CHECK(s.top.where(first) == place::host);
    CHECK(s.heard(1000) == "while it comes up");
    // Its path and next hop have another dependent: they stay (¶104), and are not named as what is to come back.
    CHECK(s.lists_up.back() == 1);
    CHECK(s.device.used().paths == 1);
    s.top.upload(s.now, {second});
    s.settle();
    CHECK(s.lists_up.back() == 3);
    CHECK(s.device.used().connections == 0);
    CHECK(s.device.used().paths == 0);
    CHECK(s.device.used().neighbours == 0);
    CHECK(s.network.size() == 0);
    CHECK(s.framing.size() == 0);
}

TEST_CASE("FIG. 6: from the layer that changed downwards, and back (B-97, B-98)") {
    chimney_stack s;
    const auto name = s.name_of(1000);
    s.top.offload(s.now, {name});
    s.settle();
    taken(s);
    tcp::neighbor_cached there;
    there.destination = {2, 0, 0, 0, 0, 9};
    s.hop[0]->update(there);
    s.framing.changed(s.now, s.hop[0]);
    s.settle();
    CHECK(taken(s) == order{630, 640, 645, 635});
    CHECK(s.device.connection(s.transport.in_device(name))->over()->next_hop()->cached().destination == there.destination);
    s.way[0]->update({700});
    s.network.changed(s.now, s.way[0]);
    s.settle();
    CHECK(taken(s) == order{620, 630, 640, 645, 635, 625});
    CHECK(s.device.connection(s.transport.in_device(name))->over()->cached().path_mtu == 700);
    tcp::transport_cached c = s.device.connection(s.transport.in_device(name))->cached();
    c.flags ^= tcp::cached_flag::nagle;
    s.transport.changed(s.now, name, c);
    s.settle();
    CHECK(taken(s) == order{610, 620, 630, 640, 645, 635, 625, 615});
    CHECK(s.device.connection(s.transport.in_device(name))->cached().flags == c.flags);
    // What changed while it was there is the host's own when it is back: it does not come up with the state (B-41).
    s.top.upload(s.now, {name});
    s.settle();
    CHECK(s.table[0].find(s.transport.in_host(name))->cached().flags == c.flags);
}

TEST_CASE("many in one call, a second request names what is there (B-78, B-81, B-95)") {
    chimney_stack s;
    std::vector<std::uint64_t> names;
    for (std::uint16_t k = 0; k < 500; ++k) names.push_back(s.name_of(static_cast<std::uint16_t>(2000 + k)));
    s.top.offload(s.now, {names.begin(), names.begin() + 300});
    s.settle();
    taken(s);
    s.told.clear();
    s.top.offload(s.now, {names.begin() + 300, names.end()});
    s.settle();
    CHECK(taken(s) == order{330, 332, 334, 336, 370, 308, 310, 312, 314, 316, 318, 320, 322});
    for (const auto& [a, of] : s.told) {
        if (a == act::state_310 || a == act::state_314) CHECK(of == 0);      // nothing new there
        if (a == act::state_318) CHECK(of == 200);
    }
    CHECK(s.device.used().connections == 500);
    CHECK(s.device.used().paths == 1);
    s.top.upload(s.now, names);
    s.settle();
    CHECK(s.table[0].size() == 500);
    CHECK(s.device.used().neighbours == 0);
}

TEST_CASE("each layer may refuse, and nothing is changed or left behind then (B-60, T-04, T-13)") {
    chimney_stack s;
    CHECK(s.top.add({5, 5}) == 0);
    const auto closing = s.name_of(1);
    s.top.close(s.now, closing);
    s.wire();
    s.table[1].use(s.table[1].named({tcp::test::them, tcp::test::us, 80, 1}), s.r[1], [&](tcp::connection& c, tcp::actions& a) { c.close(s.now, a); });
    s.wire();
    s.top.offload(s.now, {closing});
    REQUIRE(s.moves.size() == 1);
    CHECK(std::get<2>(s.moves[0]) == "transport");
    CHECK(std::get<3>(s.moves[0]) == status::not_movable);

    chimney_stack n;
    const auto lost = n.name_of(1);
    n.way[0]->set_next_hop(nullptr);
    n.top.offload(n.now, {lost});
    CHECK(std::get<2>(n.moves.at(0)) == "network");
    CHECK(n.top.where(lost) == place::host);

    chimney_options refuse;
    refuse.queue_requests = false;
    chimney_stack b(refuse);
    const auto one = b.name_of(1), two = b.name_of(2);
    b.top.offload(b.now, {one});
    b.top.offload(b.now, {two});                               // its path is under way (¶76)
    CHECK(std::get<2>(b.moves.at(0)) == "network");
    CHECK(std::get<3>(b.moves[0]) == status::in_use);
    b.settle();
    CHECK(b.top.where(one) == place::device);
    CHECK(b.top.where(two) == place::host);

    chimney_stack q;                                           // … or waits
    const auto first = q.name_of(1), second = q.name_of(2);
    q.top.offload(q.now, {first});
    q.top.offload(q.now, {second});
    q.settle();
    CHECK(q.top.where(second) == place::device);

    abilities few;
    few.connections = 2;
    chimney_stack d({}, few);
    std::vector<std::uint64_t> three{d.name_of(1), d.name_of(2), d.name_of(3)};
    d.top.offload(d.now, three);
    d.settle();
    CHECK(std::count_if(three.begin(), three.end(), [&](auto x) { return d.top.where(x) == place::device; }) == 2);
    CHECK(d.top.where(three[2]) == place::host);
    CHECK(d.table[0].size() == 1);
    d.top.upload(d.now, three);
    d.settle();
    CHECK(d.device.used().neighbours == 0);
    CHECK(d.table[0].size() == 3);

    abilities plain;
    plain.sack = false;
    chimney_stack a({}, plain);                                // found out at 318
    const auto sack = a.name_of(1);
    a.top.offload(a.now, {sack});
    a.settle();
    CHECK(a.top.where(sack) == place::host);
    CHECK(std::get<2>(a.moves.at(0)) == "device");
    CHECK(std::get<3>(a.moves[0]) == status::not_able);
    CHECK(a.device.used().connections == 0);
    CHECK(a.device.used().neighbours == 0);
    a.top.offload(a.now, {sack});
    while (a.numbers.back() != 318) REQUIRE(a.one());          // its state is being written
    a.peer_says(1, "a word");
    a.settle();
    CHECK(a.received(sack) == "a word");                       // forwarded, refused, and taken here
    a.top.send(a.now, sack, text("still here"));
    a.settle();
    CHECK(a.heard(1) == "still here");
}

TEST_CASE("what was granted below what was refused goes again, two paths over a next hop that is on its way (B-80, B-110)") {
    abilities no_path;
    no_path.paths = 0;
    chimney_stack s({}, no_path);
    const auto name = s.name_of(1);
    s.top.offload(s.now, {name});
    s.settle();
    CHECK(std::get<3>(s.moves.at(0)) == status::refused_below);
    CHECK(s.device.used().neighbours == 0);
    CHECK(s.framing.size() == 0);

    for (const bool queue : {true, false}) {
        chimney_options k;
        k.queue_requests = queue;
        chimney_stack t(k);
        const auto first = t.name_of(1);
        t.way[0] = std::make_shared<tcp::path>(t.way[0]->constant(), tcp::path_cached{}, t.hop[0]);
        const auto second = t.name_of(2);
        t.top.offload(t.now, {first});
        t.top.offload(t.now, {second});
        t.settle();
        CHECK(t.top.where(first) == place::device);
        CHECK(t.top.where(second) == (queue ? place::device : place::host));
        CHECK(t.framing.size() == 1);
        CHECK(t.network.size() == (queue ? 2 : 1));
        CHECK(t.device.used().neighbours == 1);
        if (!queue) CHECK(std::get<2>(t.moves.at(0)) == "framing");
    }
}

TEST_CASE("segments that come up the host's way are forwarded, wait while the state comes up, and are lost nowhere (B-75, B-107, B-108)") {
    chimney_stack s;
    const auto name = s.name_of(1000);
    s.top.offload(s.now, {name});
    s.settle();
    const auto by_another_nic = [&](const std::string& words) {
        s.peer_says(1000, words);
        auto going = std::move(s.r[1].segments);
        s.r[1].segments.clear();
        for (auto& x : going) REQUIRE(s.transport.take(s.now, x.from, x.to, x.segment));
    };
    by_another_nic("one ");
    s.settle();
    CHECK(s.received(name) == "one ");
    s.top.upload(s.now, {name});
    by_another_nic("two ");                                    // the request is on its way
    s.one();
    by_another_nic("three");                                   // the device has stopped
    s.settle();
    CHECK(s.received(name) == "one two three");
}

TEST_CASE("a route changes: the new next hop is there before the old one goes (B-117)") {
    chimney_stack s;
    const auto name = s.name_of(1000);
    s.top.offload(s.now, {name});
    s.settle();
    const auto old = s.framing.in_device(s.hop[0]);
    const auto other = std::make_shared<tcp::neighbor>(tcp::neighbor_cached{{2, 0, 0, 0, 0, 7}});
    s.network.route(s.now, s.way[0], other);
    bool both = false;
    while (s.one()) both |= s.device.used().neighbours == 2;
    CHECK(both);
    CHECK(s.device.used().neighbours == 1);
    CHECK(s.framing.in_device(other) != old);
    CHECK(s.device.connection(s.transport.in_device(name))->over()->next_hop()->cached().destination == other->cached().destination);
    s.top.upload(s.now, {name});
    s.settle();
    CHECK(s.device.used().neighbours == 0);
}

TEST_CASE("the device ends an offload: the host grants it, and logs one that an administrator asked for (B-111, B-112, B-115)") {
    abilities plain;
    plain.urgent = false;
    chimney_stack s({}, plain);
    const auto name = s.name_of(1000);
    s.top.offload(s.now, {name}, false, true);
    s.settle();
    taken(s);
    const handle peer = s.table[1].named({tcp::test::them, tcp::test::us, 80, 1000});
    s.table[1].use(peer, s.r[1], [&](tcp::connection& c, tcp::actions& a) { c.send_urgent(s.now, text("!"), a); });
    s.settle();
    const order n = taken(s);
    CHECK(order(n.begin(), n.begin() + 2) == order{702, 704});
    CHECK(s.top.where(name) == place::host);
    CHECK(s.log == std::vector<reason>{reason::urgent});
    s.now += 10 * second;                                      // the peer sends it again
    s.table[1].on_timer(s.now, s.r[1]);
    s.settle();
    CHECK(s.received(name) == "!");
}

TEST_CASE("IP-IDs: the device's half, its place kept over offloads, literally it drifts into the host's half (B-53, B-55, DF-3)") {
    for (const bool literal : {false, true}) {
        chimney_options k;
        k.seed_literal_identifications = literal;
        chimney_stack s(k);
        const auto name = s.name_of(1000);
        std::vector<std::uint16_t> used;
        for (unsigned round = 0; round < 3; ++round) {
            s.top.offload(s.now, {name});
            s.settle();
            tcp::path* p = s.device.path_to(tcp::test::us, tcp::test::them);
            for (unsigned n = 0; n < 20'000; ++n) used.push_back(p->next_identification());
            s.top.upload(s.now, {name});
            s.settle();
        }
        const bool in_host_half = std::any_of(used.begin(), used.end(), [](std::uint16_t v) { return v < 0x8000; });
        CHECK(in_host_half == literal);
    }
}

TEST_CASE("500 timelines: offloads, uploads, data, changes at any point of each other, every octet once and in order (I-4, I-5)") {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        random_stream random(seed, "chimney", "timelines");
        chimney_options k;
        k.state_with_request = random.below(2);
        k.queue_requests = random.below(2);
        abilities a;
        a.connections = static_cast<std::uint32_t>(random.between(1, 6));
        chimney_stack s(k, a);
        const unsigned n = static_cast<unsigned>(random.between(1, 6));
        std::vector<std::uint64_t> names;
        std::vector<std::string> said(n), answered(n);
        for (unsigned c = 0; c < n; ++c) names.push_back(s.name_of(static_cast<std::uint16_t>(100 + c)));
        for (unsigned steps = 60; steps-- > 0;) {
            const unsigned c = static_cast<unsigned>(random.below(n));
            std::vector<std::uint64_t> some;
            for (const auto x : names)
                if (random.below(2)) some.push_back(x);
            const std::string words = "<" + std::to_string(random.below(1000)) + ">";
            switch (random.below(8)) {
                case 0: s.top.offload(s.now, some, random.below(2)); break;
                case 1: s.top.upload(s.now, some); break;
                case 2: s.top.send(s.now, names[c], text(words)); said[c] += words; break;
                case 3: s.peer_says(static_cast<std::uint16_t>(100 + c), words); answered[c] += words; break;
                case 4: s.hop[0]->update({{2, 0, 0, 0, 0, static_cast<std::uint8_t>(random.below(256))}}); s.framing.changed(s.now, s.hop[0]); break;
                case 5: s.wire(); break;
                default: s.one();
            }
            std::size_t in_device = 0;
            for (const auto x : names) {
                const bool in_table = s.table[0].find(s.transport.in_host(x));
                const bool there = s.device.connection(s.transport.in_device(x));
                REQUIRE(!(in_table && there));                 // never in two places
                in_device += there;
            }
            REQUIRE(in_device <= a.connections);
        }
        s.settle();
        INFO("seed " << seed);
        CHECK(s.network.size() == s.device.used().paths);
        CHECK(s.framing.size() == s.device.used().neighbours);
        CHECK(s.transport.size() == s.device.used().connections);
        for (unsigned c = 0; c < n; ++c) {
            CHECK(s.heard(static_cast<std::uint16_t>(100 + c)) == said[c]);
            CHECK(s.received(names[c]) == answered[c]);
        }
        s.top.upload(s.now, names);
        s.settle();
        CHECK(s.device.used().connections == 0);
        CHECK(s.device.used().paths == 0);
        CHECK(s.device.used().neighbours == 0);
        CHECK(s.table[0].size() == n);
    }
}

namespace {
std::string read_of(chimney_stack& s, std::uint64_t name) {
    const auto there = s.top.readable(name);
    return {there.data, there.data + there.size};
}
}  // namespace

TEST_CASE("the peer has closed only behind its last octet, and what is unread of a connection that is gone stays until it is forgotten") {
    chimney_stack s;
    const auto name = s.name_of(1000);
    s.peer_says(1000, "in the host, ");
    s.wire();
    s.top.offload(s.now, {name});
    s.settle();
    CHECK(read_of(s, name) == "in the host, ");
    s.events.clear();
    s.peer_says(1000, "in the device");
    const handle peer = s.table[1].named({tcp::test::them, tcp::test::us, 80, 1000});
    s.table[1].use(peer, s.r[1], [&](tcp::connection& c, tcp::actions& a) { c.close(s.now, a); });
    s.wire();
    do {
        if (s.top.peer_closed(name)) CHECK(read_of(s, name) == "in the host, in the device");
    } while (s.one());
    CHECK(s.top.peer_closed(name));
    CHECK((s.events[name] & (tcp::event::readable | tcp::event::peer_closed)) == (tcp::event::readable | tcp::event::peer_closed));
    s.top.consume(s.now, name, 3);
    CHECK(read_of(s, name) == "the host, in the device");
    CHECK_FALSE(s.top.forget(name));             // the device runs it
    s.top.upload(s.now, {name});
    s.top.consume(s.now, name, 4);               // waits, and is not read again
    CHECK(read_of(s, name) == "host, in the device");
    CHECK(s.top.peer_closed(name));
    s.settle();
    CHECK(s.top.where(name) == place::host);
    CHECK(read_of(s, name) == "host, in the device");
    CHECK(s.top.peer_closed(name));
    s.top.offload(s.now, {name});
    s.settle();
    CHECK(s.top.peer_closed(name));
    s.top.abort(s.now, name);
    s.settle();
    CHECK(s.top.where(name) == place::gone);
    CHECK(read_of(s, name) == "host, in the device");
    CHECK(s.top.room(name) == 0);
    CHECK(s.top.forget(name));
    CHECK(s.top.readable(name).size == 0);
    CHECK_FALSE(s.top.forget(name));
}

TEST_CASE("what a device tells again is not read again, what is missing is an error, and acknowledgements make room") {
    abilities a;
    a.send_capacity = 10;
    chimney_stack s({}, a);
    const auto name = s.name_of(1000);
    s.top.offload(s.now, {name});
    s.settle();
    s.peer_says(1000, "abcdef");
    s.settle();
    const auto there = s.transport.in_device(name);
    const auto* c = s.device.connection(there);
    happening h;
    h.from = c->delegated().rcv_nxt - 6;
    const std::string eight = "abcdefgh";
    h.octets = text(eight);
    h.acknowledged = c->delegated().snd_una;
    s.driver.happened(s.now, there, h);
    CHECK(read_of(s, name) == "abcdefgh");
    s.events.clear();
    s.driver.happened(s.now, there, h);
    CHECK(read_of(s, name) == "abcdefgh");
    CHECK(s.events.empty());
    h.from += 9;
    CHECK_THROWS_AS(s.driver.happened(s.now, there, h), std::logic_error);
    CHECK(s.top.room(name) == 10);
    s.top.send(s.now, name, text("0123456"));
    CHECK(s.top.room(name) == 3);
    s.settle();
    CHECK(s.top.room(name) == 10);
    CHECK(s.events[name] == tcp::event::writable);
}

TEST_CASE("what an application hands over within its room while a connection goes down is not lost in a device with a smaller queue") {
    abilities a;
    a.send_capacity = 1000;
    chimney_stack s({}, a);
    s.nic.rules.send_capacity = 1000;            // and it takes no more
    const auto name = s.name_of(1000);
    s.top.offload(s.now, {name});
    REQUIRE(s.top.room(name) > 5000);            // the host's, as long as it has the state
    std::string words;
    for (unsigned n = 0; words.size() < 5000; ++n) words += std::to_string(n) + ' ';
    s.top.send(s.now, name, text(words));
    s.top.close(s.now, name);
    s.settle();
    CHECK(s.top.where(name) == place::device);
    CHECK((s.heard(1000) == words));
    CHECK(s.top.waiting(name) == 0);
}
