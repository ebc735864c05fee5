// The base driver on a real host and a real device: contract, recovery, requests.
#include <catch2/catch.hpp>

#include <map>

#include "nicteam/driver/base_driver.h"
#include "nicteam/nic/nic.h"
#include "nicteam/sim/session.h"
#include "nicteam/wire/cable.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using namespace nicteam::driver;

namespace {
constexpr std::uint16_t type = 0x88B5;

// A user that counts what completes, and can hold on to what it receives.
struct user : adapter_user {
    explicit user(adapter& a) : below(a) { a.bind(*this); }
    void sent(host::cpu&, const packet_list& l, status s) override {
        for (packet* p : l) {
            ++completions[p];
            ++by_status[s];
        }
    }
    void received(host::cpu& c, const packet_list& l) override {
        for (packet* p : l) {
            got.push_back(bytes(p->bytes));
            ram->read(p->pieces[0].address, got.back().data(), p->bytes, c.now());
            if (hold) held.push_back(p);
        }
        if (!hold) below.give_back(c, l);
    }
    void completed(host::cpu&, control& r) override { requests.push_back(&r); }
    void finished(host::cpu&, job& j) override { jobs.push_back(&j); }
    void changed(host::cpu&, const link_state& s) override { link.push_back(s.up); }
    adapter& below;
    host::memory* ram = nullptr;
    bool hold = false;
    packet_list held;
    std::map<packet*, int> completions;
    std::map<status, int> by_status;
    std::vector<bytes> got;
    std::vector<control*> requests;
    std::vector<job*> jobs;
    std::vector<bool> link;
};

struct end {
    end(const char* name, base_driver_config d, const char* mac)
        : host(name, {}), nic((std::string(name) + "_nic").c_str(), nic_of(mac), host.bus(), &host.interrupt_sink()),
          driver((std::string(name) + "_driver").c_str(), with(d, mac), host.place_of(0, 0)), stack(driver) {
        host.install(nic.pci_device(), 0, 0);
        stack.ram = &host.ram();
    }
    static nic::nic_config nic_of(const char* mac) {
        nic::nic_config c;
        c.mac = mac;
        return c;
    }
    static base_driver_config with(base_driver_config d, const char* mac) {
        d.mac = mac;
        return d;
    }
    // A frame to the other end: `bytes` octets without FCS, in `pieces` pieces.
    packet& make(unsigned bytes, unsigned pieces = 1, std::uint8_t fill = 0) {
        packets.push_back(std::make_unique<packet>());
        packet& p = *packets.back();
        nicteam::bytes data(bytes);
        for (unsigned n = 0; n < bytes; ++n) data[n] = static_cast<std::uint8_t>(fill + n);
        const std::uint8_t head[14] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, type >> 8, type & 0xFF};
        std::copy(std::begin(head), std::end(head), data.begin());
        unsigned done = 0;
        for (unsigned n = 0; n < pieces; ++n) {
            const unsigned part = n + 1 == pieces ? bytes - done : bytes / pieces + n % 3;
            const std::uint64_t a = host.ram().allocate(part + 3, 16) + n % 3;      // odd addresses as well
            host.ram().write(a, data.data() + done, part, 0);
            p.pieces.push_back({a, part});
            done += part;
        }
        p.bytes = bytes;
        contents.push_back(data);
        return p;
    }
    host::host host;
    nic::nic nic;
    base_driver driver;
    user stack;
    std::vector<std::unique_ptr<packet>> packets;
    std::vector<bytes> contents;
};

struct pair {
    explicit pair(base_driver_config da = {}, base_driver_config db = {}) : a("a", da, "02:00:00:00:00:01"), b("b", db, "02:00:00:00:00:02"), cable("lan", {}, a.nic, b.nic) {}
    void send(ps at, std::vector<packet*> l) {
        a.host.cpu().post(at, [this, l](host::cpu& c) { a.driver.send(c, l); });
    }
    end a, b;
    wire::cable cable;
};

std::uint64_t metric(const std::string& path) {
    for (const sim::bound_metric& m : sim::session::current().metrics())
        if (m.path == path) return m.as_counter ? m.as_counter->value() : static_cast<std::uint64_t>(m.as_level->value());
    throw std::out_of_range(path);
}
void simulate(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }
}  // namespace

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

TEST_CASE("Statistics come from the device; unknown requests and jobs are refused", "[driver]") {
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
