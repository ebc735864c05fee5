// The base driver on a real host and a real device: contract, recovery, requests.
#include <catch2/catch.hpp>

#include "unit/driver/two_ends.h"

using namespace nicteam;
using namespace nicteam::driver;
using namespace nicteam::test;

TEST_CASE("Packets in one to eight pieces at odd addresses arrive as they were", "[driver]") {
    const bool standard = GENERATE(false, true);
    test::fresh_kernel k;
    base_driver_config d;
    d.standard_tcb = standard;
    pair p(d);
    std::vector<packet*> l;
    for (unsigned n = 1; n <= 8; ++n) l.push_back(&p.a.make(60 + 150 * n, n, static_cast<std::uint8_t>(n)));
    packet& nine = p.a.make(200, 9);
    l.push_back(&nine);
    p.send(millisecond, l);
    simulate(5 * millisecond);
    REQUIRE(p.b.stack.got.size() == 8);
    for (unsigned n = 0; n < 8; ++n) CHECK(p.b.stack.got[n] == p.a.contents[n]);
    CHECK(p.a.stack.by_status[status::done] == 8);
    CHECK(p.a.stack.by_status[status::refused] == 1);
    for (const auto& [q, n] : p.a.stack.completions) CHECK(n == 1);
    CHECK(p.a.driver.ready());
    CHECK(metric("b_driver.receiver_restarts") == 0);     // EL moved on in time
    CHECK(p.a.stack.link == std::vector<bool>{true});
}

TEST_CASE("With an 82557 packets pass both ways in standard blocks and what it lacks is not asked for", "[driver]") {
    using nic::nic_identity;
    const auto identity = GENERATE(nic_identity::i82557, nic_identity::i82558, nic_identity::i82559);
    const bool long_frames = GENERATE(false, true);
    test::fresh_kernel k;
    nic::nic_config n;
    n.identity = identity;
    base_driver_config d;
    d.long_frames = long_frames;
    pair p(d, d, {}, n);
    std::vector<packet*> there, back;
    for (unsigned i = 1; i <= 8; ++i) {
        there.push_back(&p.a.make(60 + 150 * i, i, static_cast<std::uint8_t>(i)));
        back.push_back(&p.b.make(1300 - 150 * i, i, static_cast<std::uint8_t>(i)));
        const std::uint8_t head[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};     // the other way
        std::copy(std::begin(head), std::end(head), p.b.contents.back().begin());
        p.b.host.ram().write(back.back()->pieces[0].address, head, sizeof head, 0);
    }
    p.send(millisecond, there);
    p.b.host.cpu().post(millisecond, [&](host::cpu& c) { p.b.driver.send(c, packet_list(back.begin(), back.end())); });
    simulate(5 * millisecond);
    CHECK(p.b.stack.got == p.a.contents);
    CHECK(p.a.stack.got == p.b.contents);
    for (const char* end : {"a", "b"}) {
        CHECK(metric(std::string(end) + "_nic.refused_configuration") == (long_frames && identity == nic_identity::i82557));
        CHECK(metric(std::string(end) + "_nic.tx_unsendable") == 0);
    }
}

TEST_CASE("A byte flipped in host memory between post and DMA leaves flipped and a wrong length is sent as posted", "[driver]") {
    test::fresh_kernel k;
    pair p;
    packet &flipped = p.a.make(300), &shorter = p.a.make(300);
    shorter.pieces[0].bytes = 200;
    p.a.host.cpu().post(millisecond, [&](host::cpu& c) {
        p.a.driver.send(c, {&flipped, &shorter});
        const std::uint8_t v = 0x5A;
        p.a.host.ram().write(flipped.pieces[0].address + 250, &v, 1, c.now());
    });
    simulate(3 * millisecond);
    REQUIRE(p.b.stack.got.size() == 2);
    CHECK(p.b.stack.got[0][250] == 0x5A);
    CHECK(p.b.stack.got[0][249] == p.a.contents[0][249]);
    CHECK(p.b.stack.got[1].size() == 200);
}

TEST_CASE("A packet above the MTU is refused before the ring and one that the device cannot send has failed", "[driver]") {
    test::fresh_kernel k;
    pair p;
    packet &longest = p.a.make(1514), &above = p.a.make(1515), &far_above = p.a.make(4000), &after = p.a.make(100);
    far_above.bytes = 100;                        // a sender that says the wrong length: only the device finds out
    p.send(millisecond, {&longest, &above, &far_above, &after});
    simulate(3 * millisecond);
    REQUIRE(p.b.stack.got.size() == 2);
    CHECK(p.b.stack.got[0] == p.a.contents[0]);
    CHECK(p.b.stack.got[1] == p.a.contents[3]);
    for (const auto& [q, n] : p.a.stack.completions) CHECK(n == 1);
    CHECK(p.a.stack.ended_as.at(&above) == status::refused);
    CHECK(p.a.stack.ended_as.at(&far_above) == status::failed);
    CHECK(p.a.stack.by_status[status::done] == 2);
    CHECK(metric("a_nic.tx_unsendable") == 1);
    CHECK(metric("a_driver.refused") == 1);
    CHECK(metric("a_driver.failed") == 1);
    CHECK(metric("a_driver.sent_packets") == 2);
    CHECK(metric("a_driver.sent_bytes") == 1514 + 100);
}

TEST_CASE("More packets than the ring holds and the rest is told that there is no room and nothing is lost unseen", "[driver]") {
    test::fresh_kernel k;
    base_driver_config d;
    d.transmit_ring = 8;
    pair p(d);
    std::vector<packet*> l;
    for (unsigned n = 0; n < 20; ++n) l.push_back(&p.a.make(100, 1, static_cast<std::uint8_t>(n)));
    p.send(millisecond, l);
    simulate(5 * millisecond);
    CHECK(p.a.stack.by_status[status::done] == 7);
    CHECK(p.a.stack.by_status[status::no_room] == 13);
    CHECK(p.b.stack.got.size() == 7);
}

TEST_CASE("Halt completes everything outstanding once and afterwards every call is not done", "[driver]") {
    const ps when = GENERATE(1 * microsecond, 20 * microsecond, 150 * microsecond, 400 * microsecond);
    const auto reason = GENERATE(halt_reason::shutdown, halt_reason::removed);
    test::fresh_kernel k;
    pair p;
    std::vector<packet*> l;
    for (unsigned n = 0; n < 40; ++n) l.push_back(&p.a.make(1000));
    p.send(millisecond, l);
    read_statistics s;
    set_filter f;
    control late("late");
    job j("work");
    packet& after = p.a.make(100);
    p.a.host.cpu().post(millisecond + 1, [&](host::cpu& c) {
        p.a.driver.request(c, s);
        p.a.driver.request(c, f);
    });
    p.a.host.cpu().post(millisecond + when, [&](host::cpu& c) { p.a.driver.halt(c, reason); });
    p.a.host.cpu().post(3 * millisecond, [&](host::cpu& c) {
        p.a.driver.send(c, {&after});
        p.a.driver.request(c, late);
        p.a.driver.submit(c, j);
        p.a.driver.halt(c, reason);
    });
    simulate(5 * millisecond);
    const bool ready_device = reason == halt_reason::shutdown;
    CHECK(p.a.stack.completions.size() == 41);
    for (const auto& [q, n] : p.a.stack.completions) CHECK(n == 1);
    CHECK(p.a.stack.by_status[status::done] + p.a.stack.by_status[status::not_done] == 41);
    // What had left before the halt is told to be done, although no interrupt had said so yet.
    if (ready_device) CHECK(static_cast<std::size_t>(p.a.stack.by_status[status::done]) >= p.b.stack.got.size());
    CHECK(p.a.stack.requests.size() == 3);
    CHECK(late.result == status::not_done);
    CHECK(j.result == status::not_done);
    CHECK(p.a.stack.link.back() == false);
    CHECK(!p.a.driver.ready());
}

TEST_CASE("A user that holds all buffers stops the receiver and giving them back starts it again", "[driver]") {
    const unsigned policy = GENERATE(0u, 1u);
    test::fresh_kernel k;
    base_driver_config d;
    d.receive_ring = 4;
    d.policy = policy;
    pair p({}, d);
    p.b.stack.hold = true;
    std::vector<packet*> first, second;
    for (unsigned n = 0; n < 5; ++n) first.push_back(&p.a.make(200, 1, static_cast<std::uint8_t>(n)));
    for (unsigned n = 0; n < 6; ++n) second.push_back(&p.a.make(200, 1, static_cast<std::uint8_t>(10 + n)));
    p.send(millisecond, first);
    p.b.host.cpu().post(3 * millisecond, [&](host::cpu& c) {
        CHECK(p.b.stack.held.size() == 4);
        p.b.stack.hold = false;
        packet_list l;
        l.swap(p.b.stack.held);
        p.b.driver.give_back(c, l);
    });
    p.send(4 * millisecond, second);
    simulate(8 * millisecond);
    // The fifth waits in the device's FIFO and comes when there are descriptors again (SDM 6.4.3).
    REQUIRE(p.b.stack.got.size() >= 10);
    CHECK(p.b.stack.got.back() == p.a.contents.back());
    CHECK(metric("b_driver.receiver_restarts") >= 1);
    CHECK(metric("b_driver.receive_posted") == 4);
}

TEST_CASE("Statistics come from the device - unknown requests and jobs are refused", "[driver]") {
    test::fresh_kernel k;
    pair p;
    std::vector<packet*> l;
    for (unsigned n = 0; n < 5; ++n) l.push_back(&p.a.make(100));
    p.send(millisecond, l);
    read_statistics s, again;
    control odd("odd");
    job j("odd");
    set_mac group;
    group.mac = {1, 0, 0, 0, 0, 0};
    p.a.host.cpu().post(3 * millisecond, [&](host::cpu& c) {
        p.a.driver.request(c, s);
        p.a.driver.request(c, again);
        p.a.driver.request(c, odd);
        p.a.driver.request(c, group);
        p.a.driver.submit(c, j);
    });
    simulate(5 * millisecond);
    CHECK(p.a.stack.requests.size() == 4);
    CHECK(s.result == status::done);
    REQUIRE(s.counters.size() == 16);
    CHECK(s.counters[0] == std::make_pair(std::string("tx_good_frames"), std::uint64_t{5}));
    CHECK(again.result == status::done);
    CHECK(again.counters.at(0).second == 0);      // dumped and reset
    CHECK(odd.result == status::refused);
    CHECK(group.result == status::refused);
    CHECK(j.result == status::refused);
    CHECK(!odd.detail.empty());
}

TEST_CASE("Address and filter requests change what the device receives", "[driver]") {
    test::fresh_kernel k;
    pair p;
    set_mac other;
    other.mac = {2, 0, 0, 0, 0, 9};
    set_filter all;
    all.promiscuous = true;
    p.send(millisecond, {&p.a.make(100)});
    p.b.host.cpu().post(2 * millisecond, [&](host::cpu& c) { p.b.driver.request(c, other); });
    p.send(3 * millisecond, {&p.a.make(100)});
    p.b.host.cpu().post(4 * millisecond, [&](host::cpu& c) { p.b.driver.request(c, all); });
    p.send(5 * millisecond, {&p.a.make(100)});
    simulate(6 * millisecond);
    CHECK(other.result == status::done);
    CHECK(all.result == status::done);
    CHECK(p.b.stack.got.size() == 2);             // not the second
}
