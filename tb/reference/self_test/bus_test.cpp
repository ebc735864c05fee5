// The clocked bus by itself against measured rows: an open, silicon-proven PCI bridge profiled in simulation (docs/timing.md).
#include <catch2/catch.hpp>

#include <sstream>

#include "reference/pci/setup.h"

using namespace reference::pci;

namespace {

constexpr std::int64_t clock_period = 30'000;

struct tenure {
    unsigned master = 0;
    std::string command, address, data, why;
    unsigned words = 0, done = 0;
    std::int64_t request = 0, start = 0, idle = 0;

    // In clocks from the address edge.
    std::int64_t first() const { return (std::stoll(data) - start) / clock_period; }
    std::int64_t idle_after() const { return (idle - start) / clock_period; }
    std::vector<std::int64_t> edges() const {
        std::vector<std::int64_t> v;
        std::istringstream in(data == "-" ? "" : data);
        char c = 0;
        std::int64_t first = 0, stride = 0, n = 0;
        while (in >> first >> c >> stride >> c >> n) {
            for (std::int64_t i = 0; i < n; ++i) v.push_back((first + i * stride - start) / clock_period);
            in >> c;
        }
        return v;
    }
};

std::vector<tenure> tenures_of(const setup& s) {
    std::istringstream in(run(s));
    std::vector<tenure> v;
    for (tenure t; in >> t.master >> t.command >> t.address >> t.words >> t.request >> t.start >> t.data >> t.idle >> t.done >> t.why;)
        v.push_back(t);
    return v;
}

setup one_master(unsigned command, std::uint32_t words, unsigned devsel) {
    setup s;
    s.masters.resize(1);
    s.masters[0].latency_timer = 255;
    s.masters[0].items = {{0, command, 0x1000, 4 * words, -1}};
    target_setup t;
    t.size = 0x10000;
    t.devsel = devsel;
    s.targets = {t};
    return s;
}

tenure one_tenure(const setup& s) { return tenures_of(s).at(0); }

}  // namespace

TEST_CASE("first write data passes with DEVSEL") {
    for (unsigned d = 1; d <= 4; ++d) CHECK(one_tenure(one_master(memory_write, 4, d)).first() == d);
}

TEST_CASE("first read data waits for the turnaround") {
    const std::int64_t expected[] = {0, 2, 2, 3, 4};
    for (unsigned d = 1; d <= 4; ++d) CHECK(one_tenure(one_master(memory_read, 4, d)).first() == expected[d]);
}

TEST_CASE("data passes at every clock without wait states - idle follows the last") {
    const tenure t = one_tenure(one_master(memory_read, 4, 2));
    CHECK(t.edges() == std::vector<std::int64_t>{2, 3, 4, 5});
    CHECK(t.idle_after() == 6);
}

TEST_CASE("wait states delay the first and each later word") {
    setup s = one_master(memory_write, 3, 2);
    s.targets[0].first_wait = {4};
    s.targets[0].next_wait = {2};
    CHECK(one_tenure(s).edges() == std::vector<std::int64_t>{6, 9, 12});
}

TEST_CASE("N words take N + 3 clocks from one FRAME to the next") {
    for (unsigned command : {memory_write, memory_read_multiple})
        for (std::uint32_t n : {1u, 2u, 4u, 8u, 16u, 32u, 64u}) {
            setup s = one_master(command, n, 2);
            s.masters[0].items.push_back(s.masters[0].items[0]);
            const auto t = tenures_of(s);
            CHECK((t.at(1).start - t.at(0).start) / clock_period == n + 3);
        }
}

// T = 1 + D + Wi + N + (N - 1) Ws + I for writes, max(D, 1) for reads; D from 0, I = 1.
TEST_CASE("the closed form of a tenure holds for every DEVSEL and wait state") {
    for (unsigned command : {memory_write, memory_read})
        for (unsigned d = 0; d < 4; ++d)
            for (unsigned first : {0u, 1u, 8u})
                for (unsigned next : {0u, 3u})
                    for (unsigned n : {1u, 2u, 9u}) {
                        setup s = one_master(command, n, d + 1);
                        s.targets[0].first_wait = {first};
                        s.targets[0].next_wait = {next};
                        s.masters[0].items.push_back(s.masters[0].items[0]);
                        const auto t = tenures_of(s);
                        const unsigned turn = command == memory_read ? std::max(d, 1u) : d;
                        CHECK((t.at(1).start - t.at(0).start) / clock_period == 1 + turn + first + n + (n - 1) * next + 1);
                    }
}

TEST_CASE("a retry takes 4 to 5 clocks to the next address phase") {
    for (std::uint32_t words : {1u, 8u}) {
        setup s = one_master(memory_read, words, 2);
        s.targets[0].pattern = "r.";
        const auto t = tenures_of(s);
        CHECK(t.at(0).why == "retry");
        CHECK(t.at(0).idle_after() == (words == 1 ? 3 : 4));
        CHECK((t.at(1).start - t.at(0).start) / clock_period == (words == 1 ? 4 : 5));
        CHECK(t.at(1).why == "completed");
    }
}

TEST_CASE("a disconnect with data is idle one or two clocks after the last word") {
    setup s = one_master(memory_write, 8, 2);
    s.targets[0].boundary = 16;
    auto t = tenures_of(s);
    CHECK(t.at(0).why == "disconnect");
    CHECK(t.at(0).idle_after() == t.at(0).edges().back() + 2);
    CHECK(t.at(1).why == "completed");
    CHECK(t.at(1).idle_after() == t.at(1).edges().back() + 1);   // STOP# with the master's own last word
}

TEST_CASE("a disconnect without data stops in the data phase after") {
    setup s = one_master(memory_write, 8, 2);
    s.targets[0].boundary = 16;
    s.targets[0].boundary_with_data = false;
    const auto t = tenures_of(s);
    CHECK(t.at(0).done == 4);
    CHECK(t.at(0).idle_after() == t.at(0).edges().back() + 3);
}

TEST_CASE("a master abort is idle after 6 clocks for one word and 7 for more") {
    for (std::uint32_t words : {1u, 4u}) {
        setup s = one_master(memory_write, words, 2);
        s.masters[0].items[0].address = 0x80000000;
        const tenure t = one_tenure(s);
        CHECK(t.why == "master_abort");
        CHECK(t.idle_after() == (words == 1 ? 6 : 7));
    }
}

TEST_CASE("a target abort ends the work") {
    setup s = one_master(memory_read, 4, 2);
    s.targets[0].pattern = "b";
    s.targets[0].abort_words = 2;
    const auto t = tenures_of(s);
    REQUIRE(t.size() == 1);
    CHECK(t[0].why == "target_abort");
    CHECK(t[0].done == 2);
}

TEST_CASE("an idle bus answers a request after 3 clocks elsewhere and 2 unparked and at once where parked") {
    setup s = one_master(memory_write, 1, 2);
    s.masters.push_back(s.masters[0]);
    s.masters[0].items.clear();
    s.masters[1].items[0].arrival = 10 * clock_period;
    tenure t = one_tenure(s);
    CHECK(t.request == 11 * clock_period);
    CHECK(t.start == t.request + 3 * clock_period);
    s.parking = parking::none;
    t = one_tenure(s);
    CHECK(t.start == t.request + 2 * clock_period);
    std::swap(s.masters[0], s.masters[1]);
    s.parking = parking::first;
    t = one_tenure(s);
    CHECK(t.start == t.request);
}

TEST_CASE("the latency timer bounds a tenure once another master wants the bus") {
    setup s = one_master(memory_write, 400, 2);
    s.masters[0].latency_timer = 64;
    s.masters.push_back(s.masters[0]);
    const tenure t = one_tenure(s);
    CHECK(t.why == "latency_timer");
    CHECK(t.idle_after() == 66);                                 // tenure of about the timer + 2
    CHECK(t.edges().back() == 65);
    s.masters[1].items.clear();
    CHECK(one_tenure(s).why == "completed");                     // GNT# stays with it
}

TEST_CASE("write and invalidate runs on to the end of its cache line") {
    setup s = one_master(memory_write_and_invalidate, 64, 2);
    s.masters[0].latency_timer = 4;
    s.masters[0].cache_line = 32;
    s.masters.push_back(s.masters[0]);
    const tenure t = one_tenure(s);
    CHECK(t.why == "latency_timer");
    CHECK(t.done == 8);
}

TEST_CASE("round robin takes turns and fixed priority does not") {
    setup s = one_master(memory_write, 1, 2);
    for (int i = 0; i < 3; ++i) s.masters[0].items.push_back(s.masters[0].items[0]);
    s.masters.resize(3, s.masters[0]);
    const auto order = [&] {
        std::string text;
        for (const tenure& t : tenures_of(s)) text += static_cast<char>('0' + t.master);
        return text;
    };
    CHECK(order().substr(0, 9) == "012012012");
    s.arbiter = arbitration::fixed;
    CHECK(order() == "010101012222");  // REQ# is high for a clock after each tenure, so the next one gets in between
}

TEST_CASE("work is read from text as it is written") {
    setup s = one_master(memory_read, 4, 3);
    s.targets[0].pattern = "r.";
    s.targets[0].first_wait = {1, 2};
    std::ostringstream text;
    write(text, s);
    std::istringstream again(text.str());
    CHECK(run(read(again)) == run(s));
    std::istringstream wrong("bus period=30000\nmaster timer=x\n");
    CHECK_THROWS_WITH(read(wrong), Catch::Contains("line 2"));
}
