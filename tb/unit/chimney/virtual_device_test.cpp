// The virtual peripheral device: source document 002, ¶107-116, FIG. 9 (910 detected, 920 control to the CPU or not, 930 resources, 940 transfer).
#include <catch2/catch.hpp>

#include <algorithm>

#include "nicteam/base/random_stream.h"
#include "nicteam/chimney/virtual_device.h"
#include "unit/chimney/chimney_stack.h"

using namespace nicteam;
using namespace nicteam::chimney;
using namespace nicteam::chimney::test;

namespace {

// Three members below one virtual device.
struct teamed : chimney_stack {
    chimney::target second, third;
    chimney::target* all[3] = {&device, &second, &third};
    bool dark[3] = {};                           // its link, or the whole of it
    std::vector<std::uint64_t> names;
    std::unique_ptr<virtual_device> one_device;

    explicit teamed(virtual_device_options how = {}, abilities a = {}, abilities b = {}, abilities c = {})
        : chimney_stack({}, a), second(nic, b, {7, 8}), third(nic, c, {9, 10}) {
        std::vector<dispatch_table> tables;
        for (std::size_t k = 0; k < 3; ++k) tables.push_back(table_of(*all[k], [this, k]() -> answers& { return one_device->answers_of(k); }));
        one_device = std::make_unique<virtual_device>(std::move(tables), driver, std::move(how));
        one_device->wants_all_back = [this](ps) { top.upload(now, names); };
        driver.table() = one_device->table();
    }
    bool taken_by_device(const tcp::results::outgoing& s) override {
        for (unsigned k = 0; k < 3; ++k)
            if (!dark[k] && taken_by(*all[k], [this, k]() -> answers& { return one_device->answers_of(k); }, s)) return true;
        return false;
    }
    void indicate() override {
        for (const auto& i : std::exchange(o.indications, {}))
            for (std::size_t k = 0; k < 3; ++k)
                if (all[k]->connection(i.connection) || all[k]->used().connections) one_device->answers_of(k).indicated(now, i.connection, i.reason);
    }
    void make(unsigned n) {
        for (unsigned k = 0; k < n; ++k) names.push_back(name_of(static_cast<std::uint16_t>(100 + k)));
    }
    std::size_t in(unsigned k) const { return all[k]->used().connections; }
};

}  // namespace

TEST_CASE("to the host it is one device, a move of 300 connections changes nothing above (¶114, B-131, FIG. 9: 940)") {
    teamed s;
    s.make(300);
    s.top.offload(s.now, s.names);
    s.settle();
    REQUIRE(s.in(0) == 300);
    std::vector<handle> before;
    for (const auto n : s.names) before.push_back(s.transport.in_device(n));
    for (const auto n : s.names) s.top.send(s.now, n, text("before, "));
    s.settle();
    s.dark[0] = true;
    s.numbers.clear();
    REQUIRE(s.one_device->fail(s.now, 0, fault_class::readable));
    for (const auto n : s.names) s.top.send(s.now, n, text("meanwhile, "));
    s.peer_says(100, "an answer");
    s.settle();
    CHECK(s.numbers.empty());                    // no layer took part
    CHECK(s.in(0) == 0);
    CHECK(s.in(1) == 300);
    CHECK(s.one_device->active() == 1);
    CHECK(s.one_device->counted().moved == 300);
    CHECK(s.device.used().neighbours == 0);
    for (std::size_t k = 0; k < 300; ++k) CHECK(s.transport.in_device(s.names[k]) == before[k]);
    for (const auto n : s.names) s.top.send(s.now, n, text("after"));
    s.settle();
    for (unsigned k = 0; k < 300; ++k) CHECK(s.heard(static_cast<std::uint16_t>(100 + k)) == "before, meanwhile, after");
    s.top.upload(s.now, s.names);
    s.settle();
    CHECK(s.table[0].size() == 300);
    CHECK(s.one_device->objects() == 0);
    CHECK(s.second.used().neighbours == 0);
}

TEST_CASE("requests wait while state is moved (¶26, B-134), and one update is written where the state then is") {
    teamed s;
    s.make(4);
    s.top.offload(s.now, {s.names[0], s.names[1]});
    s.settle();
    s.dark[0] = true;
    s.one_device->fail(s.now, 0, fault_class::readable);
    s.top.offload(s.now, {s.names[2]});
    s.top.upload(s.now, {s.names[0]});
    s.hop[0]->update({{2, 0, 0, 0, 0, 9}});
    s.framing.changed(s.now, s.hop[0]);
    CHECK(s.one_device->moving());
    s.settle();
    CHECK(s.one_device->counted().most_stalled == 2);
    CHECK(s.top.where(s.names[0]) == place::host);
    CHECK(s.top.where(s.names[1]) == place::device);
    CHECK(s.top.where(s.names[2]) == place::device);
    CHECK(s.in(1) == 2);
    CHECK(s.second.path_to(tcp::test::us, tcp::test::them)->next_hop()->cached().destination == packet::mac_address{2, 0, 0, 0, 0, 9});
}

TEST_CASE("alternates differ: what the first has no room for goes to the second, the rest to the host (B-142, B-143, T-13)") {
    abilities two, three;
    two.connections = 2;
    three.connections = 3;
    teamed s({}, {}, two, three);
    s.make(8);
    s.top.offload(s.now, s.names);
    s.settle();
    s.dark[0] = true;
    s.one_device->fail(s.now, 0, fault_class::readable);
    for (const auto n : s.names) s.top.send(s.now, n, text("kept"));
    s.settle();
    CHECK(s.in(1) == 2);
    CHECK(s.in(2) == 3);
    CHECK(s.one_device->counted().parked == 3);
    CHECK(s.table[0].size() == 3);
    for (unsigned k = 0; k < 8; ++k) CHECK(s.heard(static_cast<std::uint16_t>(100 + k)) == "kept");
    // One update reaches both of them.
    s.way[0]->update({700});
    s.network.changed(s.now, s.way[0]);
    s.settle();
    CHECK(s.second.path_to(tcp::test::us, tcp::test::them)->cached().path_mtu == 700);
    CHECK(s.third.path_to(tcp::test::us, tcp::test::them)->cached().path_mtu == 700);
    s.top.upload(s.now, s.names);
    s.settle();
    CHECK(s.table[0].size() == 8);
    CHECK(s.second.used().neighbours == 0);
    CHECK(s.third.used().neighbours == 0);
    CHECK(s.one_device->objects() == 0);
}

TEST_CASE("a dead device loses its own connections and no others, nothing goes on with a guessed state (B-149)") {
    for (const auto how : {recovery::direct, recovery::by_host}) {
        virtual_device_options k;
        k.recovery = how;
        teamed s(k);
        s.make(5);
        s.top.offload(s.now, {s.names[0], s.names[1], s.names[2]});
        s.settle();
        s.dark[0] = true;
        s.one_device->fail(s.now, 0, fault_class::dead);
        s.settle();
        CHECK(s.one_device->counted().lost == 3);
        for (unsigned n = 0; n < 3; ++n) CHECK(s.top.where(s.names[n]) == place::gone);
        CHECK(s.table[0].size() == 2);
        if (how == recovery::by_host) s.one_device->enable(s.now);
        s.top.offload(s.now, {s.names[3], s.names[4]});
        s.settle();
        CHECK(s.in(1) == 2);
        s.top.send(s.now, s.names[3], text("still"));
        s.settle();
        CHECK(s.heard(103) == "still");
    }
}

TEST_CASE("the host manages the recovery: all comes back, goes on there, and down again (¶111 to 113, B-130, B-132, B-133)") {
    virtual_device_options k;
    k.recovery = recovery::by_host;
    abilities fewer;
    fewer.connections = 3;
    teamed s(k, {}, fewer);
    s.make(6);
    s.top.offload(s.now, s.names);
    s.settle();
    s.dark[0] = true;
    s.numbers.clear();
    s.one_device->fail(s.now, 0, fault_class::readable);
    CHECK(s.numbers == std::vector<unsigned>{728, 726, 724, 722, 732, 734});       // one list for all
    s.settle();
    CHECK(s.table[0].size() == 6);
    for (const auto n : s.names) s.top.send(s.now, n, text("in the host, "));
    s.settle();
    s.moves.clear();
    s.top.offload(s.now, {s.names[0]});                                            // before it is enabled again
    s.settle();
    CHECK(std::get<3>(s.moves.at(0)) == status::not_able);
    s.one_device->enable(s.now);
    CHECK(s.driver.able().connections == 3);                                       // asked anew
    s.top.offload(s.now, s.names);
    s.settle();
    CHECK(s.in(1) == 3);
    CHECK(s.table[0].size() == 3);
    for (const auto n : s.names) s.top.send(s.now, n, text("anywhere"));
    s.settle();
    for (unsigned n = 0; n < 6; ++n) CHECK(s.heard(static_cast<std::uint16_t>(100 + n)) == "in the host, anywhere");
}

TEST_CASE("a block of its own under each next hop, gone again before the host sees a list (¶116, B-136 to B-138)") {
    virtual_device_options k;
    k.inserted = {0x81, 0x00, 0x00, 0x2A, 'o', 'p', 'a', 'q', 'u', 'e'};
    teamed s(k);
    s.make(2);
    bytes seen;
    std::size_t blocks = 0;
    auto patched = s.table_of(s.device, [&]() -> answers& { return s.one_device->answers_of(0); });
    const auto before = patched.offload;
    patched.offload = [&, before](ps now, ticket t, block_list l, bool whole) {
        blocks = l.size();
        if (l[0].layer == layer::opaque) seen = l[0].data;
        before(now, t, l, whole);
    };
    s.one_device = std::make_unique<virtual_device>(std::vector<dispatch_table>{patched, patched, patched}, s.driver, k);
    s.driver.table() = s.one_device->table();
    std::size_t above = 0;
    const auto original = s.driver.table().offload;
    s.driver.table().offload = [&](ps now, ticket t, block_list l, bool whole) {
        above = l.size();
        original(now, t, l, whole);
    };
    s.top.offload(s.now, s.names);
    s.settle();
    CHECK(above == 4);
    CHECK(blocks == 5);
    CHECK(seen == k.inserted);
    CHECK(s.top.where(s.names[1]) == place::device);
    s.top.upload(s.now, s.names);
    s.settle();
    CHECK(s.table[0].size() == 2);
    CHECK(s.device.used().neighbours == 0);
}

TEST_CASE("300 timelines over three members, faults among them: every octet of what was not lost, once and in order (I-4, I-5, T-06)") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        INFO("seed " << seed);
        random_stream random(seed, "chimney", "team");
        const auto some_room = [&] {
            abilities a;
            a.connections = static_cast<std::uint32_t>(random.between(1, 6));
            return a;
        };
        virtual_device_options k;
        k.batch = static_cast<std::uint32_t>(random.between(1, 4));
        teamed s(k, some_room(), some_room(), some_room());
        const unsigned n = static_cast<unsigned>(random.between(1, 6));
        s.make(n);
        std::vector<std::string> said(n), answered(n);
        for (unsigned steps = 80; steps-- > 0;) {
            const unsigned c = static_cast<unsigned>(random.below(n));
            std::vector<std::uint64_t> some;
            for (const auto x : s.names)
                if (random.below(2)) some.push_back(x);
            const std::string words = "<" + std::to_string(random.below(1000)) + ">";
            switch (random.below(10)) {
                case 0: s.top.offload(s.now, some, random.below(2)); break;
                case 1: s.top.upload(s.now, some); break;
                case 2: s.top.send(s.now, s.names[c], text(words)); said[c] += words; break;
                case 3: s.peer_says(static_cast<std::uint16_t>(100 + c), words); answered[c] += words; break;
                case 4: s.hop[0]->update({{2, 0, 0, 0, 0, static_cast<std::uint8_t>(random.below(256))}}); s.framing.changed(s.now, s.hop[0]); break;
                case 5: s.wire(); break;
                case 6:
                    if (s.one_device->moving() || random.below(3)) break;
                    s.one_device->fail(s.now, s.one_device->active(), fault_class::readable);
                    for (unsigned m = 0; m < 3; ++m) s.one_device->restore(m);
                    break;
                default: s.one();
            }
        }
        for (unsigned round = 0; round < 3; ++round) s.settle();
        s.top.upload(s.now, s.names);
        s.settle();
        s.now += 20 * second;                    // what the peer sent into a move it sends again
        for (unsigned round = 0; round < 12; ++round) {
            s.table[1].on_timer(s.now, s.r[1]);
            s.table[0].on_timer(s.now, s.r[0]);
            s.settle();
            s.now += 60 * second;
        }
        for (unsigned c = 0; c < n; ++c) {
            CHECK(s.heard(static_cast<std::uint16_t>(100 + c)) == said[c]);
            CHECK(s.received(s.names[c]) == answered[c]);
        }
        std::string places;
        for (const auto x : s.names) places += std::string(to_text(s.top.where(x))) + " ";
        INFO(places << s.one_device->counted().moved << " moved " << s.one_device->counted().parked << " parked, active " << s.one_device->active());
        CHECK(s.table[0].size() == n);
        CHECK(s.one_device->objects() == 0);
        for (const auto* d : s.all) CHECK(d->used().connections + d->used().paths + d->used().neighbours == 0);
    }
}

TEST_CASE("a stream read through the switch on its way down, in the device, from member to member, up and down again: each octet once, in order (I-4)") {
    std::string stream;                          // long, and not periodic
    random_stream random(1, "chimney", "stream");
    for (unsigned n = 0; n < 6000; ++n) stream += static_cast<char>(random.below(256));
    abilities a;
    a.send_capacity = 2000;
    teamed s({}, a, a, a);
    s.nic.rules.send_capacity = 2000;            // and they take no more
    s.make(1);
    const auto name = s.names[0];
    std::string read, written;
    std::size_t said = 0, moves = 0, waited = 0, full = 0;
    place last = place::host;
    for (unsigned step = 0; read.size() < stream.size(); ++step) {
        INFO("step " << step << ", read " << read.size() << ", said " << said << ", moves " << moves << ", written " << written.size());
        REQUIRE(step < 20'000);
        if (step % 100 == 10) s.top.offload(s.now, s.names);
        if (step % 100 == 40) s.one_device->restore(1 - s.one_device->active() % 2), s.one_device->fail(s.now, s.one_device->active(), fault_class::readable);
        if (step % 100 == 70) s.top.upload(s.now, s.names);
        if (said < stream.size() && random.below(3) == 0) {
            const std::size_t n = std::min<std::size_t>(random.between(1, 40), stream.size() - said);
            s.peer_says(100, stream.substr(said, n));
            said += n;
        }
        switch (random.below(4)) {
            case 0: s.wire(); break;
            case 1:
                for (unsigned n = 0; n < 8; ++n) s.one();
                break;
            case 2: {
                const packet::octets there = s.top.readable(name);
                const std::size_t n = there.size ? random.between(0, there.size) : 0;
                read.append(there.data, there.data + n);
                s.top.consume(s.now, name, n);
                REQUIRE((stream.compare(0, read.size(), read) == 0));
                break;
            }
            default: {
                const std::size_t room = s.top.room(name);
                if (s.top.where(name) == place::device) {
                    REQUIRE(room <= a.send_capacity);
                    full += room == 0;
                }
                if (written.size() > 60'000) break;            // the peer does not read: its window
                const std::string words(std::min<std::size_t>(room, 700), static_cast<char>('a' + step % 26));
                s.top.send(s.now, name, text(words));
                written += words;
            }
        }
        const place at = s.top.where(name);
        moves += at != last;
        waited += at == place::coming_up && s.top.readable(name).size;
        last = at;
        for (const auto* t : s.all)
            if (const auto* c = t->connection(s.transport.in_device(name))) REQUIRE(c->unsent().size() <= a.send_capacity);
    }
    s.settle();
    CHECK((read == stream));
    CHECK(s.top.readable(name).size == 0);
    CHECK((s.heard(100) == written));
    CHECK(moves >= 8);
    CHECK(waited > 0);
    CHECK(s.one_device->counted().moved >= 2);
}

TEST_CASE("happenings come under the handles of the virtual device, none of a handle that no member has") {
    teamed s;
    s.make(2);
    s.top.offload(s.now, s.names);
    s.settle();
    const auto before = s.transport.in_device(s.names[1]);
    s.peer_says(101, "one");
    s.settle();
    s.one_device->fail(s.now, 0, fault_class::readable);
    s.settle();
    s.peer_says(101, " two");
    s.settle();
    CHECK(s.transport.in_device(s.names[1]) == before);
    const auto there = s.top.readable(s.names[1]);
    CHECK(std::string(there.data, there.data + there.size) == "one two");
    CHECK(s.top.readable(s.names[0]).size == 0);
    happening stray;
    stray.events = tcp::event::urgent;
    s.events.clear();
    s.one_device->answers_of(0).happened(s.now, before, stray);
    CHECK(s.events.empty());
}
