// Crossings over a real bus: a master reads and writes memory that the shadow maps to packets.
#include <catch2/catch.hpp>

#include "nicteam/check/crossings.h"
#include "unit/fresh_kernel.h"
#include "unit/pci/programmable_target.h"
#include "unit/pci/workload_master.h"

using namespace nicteam;
using namespace nicteam::check;

namespace {
const outcome_info delivered{"delivered", false, ""}, lost{"no_buffer", true, ""};
constexpr std::uint32_t body = 1000;

test::master_program reads(std::vector<std::pair<std::uint64_t, std::uint32_t>> pieces,
                           pci::command c = pci::command::memory_read_multiple) {
    test::master_program p;
    p.latency_timer = 16;
    for (const auto& [address, bytes] : pieces) p.items.push_back({0, c, address, bytes, -1});
    return p;
}

struct bench {
    explicit bench(const test::master_program& work, test::target_program memory = plain())
        : bus("pci0", {}), master("nic", bus, work, 0), target("memory", memory), found(kernel.session(), {}, [] {}), check(found, kernel.session()),
          station(kernel.session().bind_station("pci0.stack")), far(kernel.session().bind_station("peer")) {
        bus.plug(target.agent);
        kernel.session().observe(&check);
        check.watch(bus);
        kernel.session().settle_order();
        packet = station.next_id();
        station.born(packet, 0, body, 0);
        kernel.session().shadow_of("pci0").mark(0x1002, body, packet);
    }
    static test::target_program plain() {
        test::target_program t;
        t.size = 65536;
        return t;
    }
    void run() { sc_core::sc_start(sim::to_sc_time(10 * millisecond)); }
    void end(const outcome_info& o, std::uint32_t told = body) {
        station.crossed(packet, "pci0", told, sim::now());
        far.ended(packet, o, sim::now());
        check.finish(sim::now());
    }
    std::uint64_t count() { return found.count(checker::crossings); }

    test::fresh_kernel kernel;
    pci::bus bus;
    test::workload_master master;
    test::programmable_target target;
    breaches found;
    crossings check;
    sim::station &station, &far;      // in the host of the bus, and elsewhere
    trace_id packet = 0;
};
bool has(const std::string& s, const std::string& part) { return s.find(part) != std::string::npos; }
}  // namespace

TEST_CASE("A body that crosses once is right however it is cut up") {
    {
        bench t(reads({{0x1002, body}}));
        t.run();
        t.end(delivered);
        CHECK(t.count() == 0);
        CHECK(t.check.octets(t.bus) == body);
    }
    {
        auto memory = bench::plain();                      // retries, disconnects at every 64 bytes, a short latency timer
        memory.pattern = "r..";
        memory.boundary = 64;
        bench t(reads({{0x1002, 300}, {0x1002 + 300, 700}}), memory);
        t.run();
        REQUIRE(t.master.finished == 2);
        t.end(delivered);
        CHECK(t.count() == 0);
        CHECK(t.check.octets(t.bus) == body);
    }
}

TEST_CASE("Other traffic beside the body and around it does not count") {
    bench t(reads({{0x0F00, 0x102}, {0x1002, body}, {0x1002 + body, 64}, {0x4000, 512}}));
    t.run();
    t.end(delivered);
    CHECK(t.count() == 0);
    CHECK(t.check.octets(t.bus) == body);
}

TEST_CASE("One burst over the borders of a body counts what lies within") {
    bench t(reads({{0x0FF0, body + 64}}));
    t.run();
    t.end(delivered);
    CHECK(t.count() == 0);
    CHECK(t.check.octets(t.bus) == body);
}

TEST_CASE("A body that is fetched twice is a breach that names packet and bus") {
    bench t(reads({{0x1002, body}, {0x1002, body}}));
    t.run();
    t.end(delivered, 2 * body);
    CHECK(t.count() == 1);
    CHECK(has(t.found.reason(), "packet 1:1 of 1000 B crossed too often over the buses of pci0"));
}

TEST_CASE("Words that are fetched again show against the report") {
    bench t(reads({{0x1002, 500}, {0x1002 + 498, 502}}));
    t.run();
    t.end(delivered);
    CHECK(t.count() == 1);
    CHECK(has(t.found.reason(), "did not cross as reported over the buses of pci0: 1002 B moved in tenures, 1000 B reported"));
}

TEST_CASE("A body delivered though only a part crossed is a breach") {
    bench t(reads({{0x1002, 600}}));
    t.run();
    t.end(delivered, 600);
    CHECK(t.count() == 1);
    CHECK(has(t.found.reason(), "crossed only in part over the buses of pci0"));
}

TEST_CASE("A report without tenures is a breach") {
    bench t(reads({{0x4000, 4}}));
    t.run();
    t.end(delivered);
    CHECK(t.count() == 1);
}

TEST_CASE("A packet lost on its way or cut by an abort may have crossed in part") {
    {
        bench t(reads({{0x1002, 600}}));
        t.run();
        t.end(lost, 600);
        CHECK(t.count() == 0);
    }
    {
        auto memory = bench::plain();
        memory.pattern = "b";
        memory.abort_words = 8;
        bench t(reads({{0x1002, body}}), memory);
        t.run();
        t.end(delivered, body);
        CHECK(t.count() == 0);
    }
}

TEST_CASE("A second crossing after the end is still seen") {
    auto work = reads({{0x1002, body}, {0x1002, body}});
    work.items[1].arrival = millisecond;
    bench t(work);
    sc_core::sc_start(sim::to_sc_time(500 * microsecond));
    t.station.crossed(t.packet, "pci0", body, sim::now());
    t.far.ended(t.packet, delivered, sim::now());
    CHECK(t.count() == 0);
    t.run();
    CHECK(t.count() == 1);
}

TEST_CASE("A received body without its FCS has crossed whole") {
    bench t(reads({{0x1002, body - 4}}, pci::command::memory_write));
    t.run();
    t.end(delivered, body - 4);
    CHECK(t.count() == 0);
}

TEST_CASE("A packet that was delivered though nothing of it crossed is a breach") {
    bench t(reads({{0x4000, 64}}));
    t.run();
    t.end(delivered, 0);
    CHECK(t.count() == 1);
    CHECK(has(t.found.reason(), "packet 1:1 of 1000 B never crossed the buses of pci0: 0 B moved in tenures, 0 B reported"));
}

TEST_CASE("A packet of others has no business on the bus") {
    bench t(reads({{0x8000, 700}}));
    const trace_id foreign = t.far.next_id();
    t.far.born(foreign, 0, 700, 0);
    t.kernel.session().shadow_of("pci0").mark(0x8000, 700, foreign);
    t.run();
    t.far.crossed(foreign, "pci0", 700, sim::now());
    t.far.ended(foreign, delivered, sim::now());
    CHECK(t.count() == 1);
}

TEST_CASE("From one NIC of a host to another the body crosses twice") {
    for (const bool twice : {true, false}) {
        bench t(reads(twice ? std::vector<std::pair<std::uint64_t, std::uint32_t>>{{0x1002, body}, {0x1002, body}}
                            : std::vector<std::pair<std::uint64_t, std::uint32_t>>{{0x1002, body}}));
        t.run();
        t.station.crossed(t.packet, "pci0", twice ? 2 * body : body, sim::now());
        t.station.ended(t.packet, delivered, sim::now());
        CHECK(t.count() == (twice ? 0 : 1));
    }
}

TEST_CASE("A copy made within its host has crossed with its original") {
    // 400 of 1000 B cross, then the original goes its own way and the rest is the copy's; `again`: all of it crosses once more.
    for (const bool again : {false, true}) {
        const std::uint32_t rest = again ? 0 : 400;
        auto work = reads({{0x1002, 400}, {0x1002 + rest, body - rest}});
        work.items[1].arrival = 100 * microsecond;
        bench t(work);
        const trace_id copy = t.station.next_id();
        sc_core::sc_start(sim::to_sc_time(50 * microsecond));
        t.station.crossed(t.packet, "pci0", 400, sim::now());
        t.station.born(copy, t.packet, body, sim::now());
        t.kernel.session().shadow_of("pci0").mark(0x1002, body, copy);
        t.far.ended(t.packet, lost, sim::now());
        t.run();
        t.station.crossed(copy, "pci0", body - rest, sim::now());
        t.far.ended(copy, delivered, sim::now());
        CHECK(t.count() == (again ? 1 : 0));
    }
}

TEST_CASE("What a device puts IPsec on crosses as it was before and once only") {
    const outcome_info put_on{"put_on", false, "", true};
    for (const unsigned times : {1u, 2u, 0u}) {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> pieces{{0x4000, 64}};
        for (unsigned n = 0; n < times; ++n) pieces.push_back({0x1002, body});
        bench t(reads(pieces));
        t.run();
        t.station.crossed(t.packet, "pci0", times * body, sim::now());
        const trace_id outside = t.station.next_id();
        t.station.born(outside, t.packet, body + 73, sim::now());
        t.station.ended(t.packet, put_on, sim::now());
        t.far.ended(outside, delivered, sim::now());
        CHECK(t.count() == (times == 1 ? 0 : 1));
    }
}

TEST_CASE("Two masters that drive at once are a breach") {
    bench t(reads({{0x4000, 64}}));
    t.run();
    CHECK(t.count() == 0);
    pci::payload& p = pci::make_payload();
    pci::pci_extension& e = pci::extension_of(p);
    e.command = pci::command::io_write;
    e.master = 3;
    e.address = 30 * nanosecond;
    e.idle = 300 * nanosecond;
    e.done = 1;
    t.check.overheard(t.bus, p, e);
    CHECK(t.count() == 1);
    CHECK(has(t.found.reason(), "the tenure of master 3 overlaps another on pci0"));
    p.release();
}

TEST_CASE("What a device in doubt touches is not judged and what it does not touch is") {
    for (const bool here : {true, false}) {
        bench t(reads({{0x1002, body}, {0x1002, body}}));
        t.kernel.session().doubt_of("pci0").raise(here ? "pci0" : "pci1");
        t.run();
        t.end(delivered, 2 * body);
        CHECK(t.count() == (here ? 0 : 1));
    }
    bench t(reads({{0x1002, body}, {0x1002, body}}));      // it came later
    sc_core::sc_start(sim::to_sc_time(9 * millisecond));
    t.kernel.session().doubt_of("pci0").raise("pci0");
    t.end(delivered, 2 * body);
    CHECK(t.count() == 1);
}

// docs/decisions/0074: IPsec is taken off by a device, or by software.
TEST_CASE("What a device makes of a packet from elsewhere crosses once and what software makes does not cross") {
    struct made_bench : bench {
        made_bench(const char* where, std::uint64_t reads_from) : bench(reads({{reads_from, body}})), maker(kernel.session().bind_station(where)) {
            kernel.session().settle_order();
            maker.serial = far.serial = 100;             // numbers of stations are others now
            kernel.session().shadow_of("pci0").mark(0x1002, body, 0);
            before = far.next_id();
            far.born(before, 0, body + 40, 0);
            packet = maker.next_id();
            maker.born(packet, before, body, 0);
            kernel.session().shadow_of("pci0").mark(0x3000, body, packet);
        }
        void finish(std::uint32_t told) {
            run();
            station.crossed(packet, "pci0", told, sim::now());
            station.ended(packet, delivered, sim::now());
            check.finish(sim::now());
        }
        sim::station& maker;
        trace_id before = 0;
    };
    const char *device = "pci0.nic", *software = "pci0";
    {
        made_bench t(software, 0x3000);              // an answer to what has ended is its host's own
        t.far.ended(t.before, delivered, 0);
        t.packet = t.maker.next_id();
        t.maker.born(t.packet, t.before, body, 0);
        t.kernel.session().shadow_of("pci0").mark(0x3000, body, t.packet);
        t.run();
        t.station.crossed(t.packet, "pci0", body, sim::now());
        t.far.ended(t.packet, delivered, sim::now());
        t.check.finish(sim::now());
        CHECK(t.count() == 0);
    }
    {
        made_bench t(device, 0x3000);
        t.finish(body);
        CHECK(t.count() == 0);
    }
    {
        made_bench t(device, 0x6000);
        t.finish(0);
        CHECK(has(t.found.reason(), "never crossed the buses of pci0"));
    }
    {
        made_bench t(software, 0x6000);
        t.finish(0);
        CHECK(t.count() == 0);
    }
    {
        made_bench t(software, 0x3000);
        t.finish(body);
        CHECK(has(t.found.reason(), "crossed too often over the buses of pci0"));
    }
}
