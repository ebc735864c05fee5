// The door to all outputs on a small system: a bus with one master and one target.
#include <catch2/catch.hpp>

#include <filesystem>
#include <functional>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nicteam/check/outputs.h"
#include "unit/fresh_kernel.h"
#include "unit/pci/programmable_target.h"
#include "unit/pci/workload_master.h"
#include "unit/report/scratch.h"

using namespace nicteam;
using namespace nicteam::check;

namespace {

const outcome_info delivered{"delivered", false, ""};
const stage_info posted{"posted", ""};
const block_info table{"t", "", {}, {}, {}, {}, {}, {}, {}};

struct left {
    report::run_result result;
    bool stopped;
    std::string reason;
    std::vector<std::pair<std::string, std::string>> not_written;
};

left ran(const std::string& directory, bool wave, bool twice = false, bool reverse = false, bool page = false) {
    test::fresh_kernel kernel(7);
    outputs_options o;
    o.directory = directory;
    o.scenario = "small";
    o.version = "1";
    o.wave = wave;
    o.packets = true;
    o.page = page;
    o.window_from = 10 * microsecond;
    outputs out(kernel.session(), o);
    test::master_program work;
    for (int i = 0; i < 40; ++i)
        work.items.push_back({i * 2 * microsecond, i % 2 ? pci::command::memory_read : pci::command::memory_write, 0x1000, 256, -1});
    test::target_program memory;
    memory.size = 65536;
    pci::bus bus("pci0", {});
    std::unique_ptr<test::workload_master> master;
    std::unique_ptr<test::programmable_target> target;
    if (!reverse) master = std::make_unique<test::workload_master>("master", bus, work, 0);
    target = std::make_unique<test::programmable_target>("target", memory);
    if (reverse) master = std::make_unique<test::workload_master>("master", bus, work, 0);
    bus.plug(target->agent);
    sim::station& stack = kernel.session().bind_station("stack");
    kernel.session().settle_order();
    out.attach({{&bus, {}}}, {}, {});
    if (wave) REQUIRE(out.pins(bus));
    sc_core::sc_start(sim::to_sc_time(10 * microsecond));
    out.begin_window(sim::now());
    const trace_id n = stack.next_id();
    stack.born(n, 0, 60, sim::now());
    stack.passed(n, posted, sim::now() + 5);
    sc_core::sc_start(sim::to_sc_time(90 * microsecond));
    stack.ended(n, delivered, sim::now());
    if (twice) stack.ended(n, delivered, sim::now());
    left l{out.finish(sim::now()), out.stopped(), out.reason(), {}};
    out.write({});
    l.not_written = out.not_written();
    return l;
}

// The page goes into a pipe: what `then` does is done before the second list of the files, and after the first.
left ran_with_page(const test::scratch& a, const std::function<void()>& then) {
    const std::string page = a / "report.html";
    REQUIRE(mkfifo(page.c_str(), 0600) == 0);
    const int end = open(page.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(end >= 0);
    REQUIRE(fcntl(end, F_SETPIPE_SZ, 4096) >= 4096);       // less than a page: its writer waits
    REQUIRE(fcntl(end, F_SETFL, 0) == 0);
    std::thread reader([&] {
        pollfd some{end, POLLIN, 0};
        poll(&some, 1, 10'000);
        then();
        char buffer[4096];
        while (read(end, buffer, sizeof buffer) > 0) {}
    });
    const left l = ran(a.path().string(), false, false, false, true);
    reader.join();
    close(end);
    return l;
}

}  // namespace

TEST_CASE("A run leaves every file whole and the same bytes twice and in reverse") {
    test::scratch a, b, c;
    const left l = ran(a.path().string(), true);
    CHECK_FALSE(l.stopped);
    ran(b.path().string(), true);
    ran(c.path().string(), true, false, true);
    for (const char* file : {"result.json", "packets.csv", "wave.vcd", "wave.gtkw"}) {
        INFO(file);
        CHECK(test::content_of(a / file).size() > 50);
        CHECK(test::content_of(a / file) == test::content_of(b / file));
        CHECK(test::content_of(a / file) == test::content_of(c / file));
    }
    std::size_t files = 0;
    for (const auto& e : std::filesystem::directory_iterator(a.path())) {
        CHECK(e.path().extension() != ".part");
        ++files;
    }
    CHECK(files == 5);
}

TEST_CASE("Results are the same with the waveform on and off") {
    test::scratch a, b;
    ran(a.path().string(), true);
    ran(b.path().string(), false);
    CHECK(test::content_of(a / "result.json") == test::content_of(b / "result.json"));
    CHECK_FALSE(std::filesystem::exists(b / "wave.vcd"));
}

TEST_CASE("The result measures the window and names the bus as a resource") {
    const left l = ran("", false);
    REQUIRE(l.result.resources.size() == 1);
    // 35 tenures of 64 words in the window of 90 us, 3,000 clocks: N + 3 clocks each. The one that began 67 clocks before its
    // end at 10.05 us, one clock after its arrival at 8 us, reaches in by 2.
    CHECK(l.result.resources[0].path == "pci0");
    CHECK(l.result.resources[0].used.decimal(0) == "2347");
    CHECK(l.result.resources[0].capacity.decimal(0) == "3000");
    REQUIRE(l.result.find("pci0.tenures"));
    CHECK(l.result.find("pci0.tenures")->total == 35);
    CHECK_FALSE(l.result.limit.limited);
    REQUIRE(l.result.limit.waited_for >= 0);
    CHECK(l.result.waits[static_cast<std::size_t>(l.result.limit.waited_for)].from == "posted");
    REQUIRE(l.result.flows.size() == 1);
    CHECK(l.result.flows[0].packets == 1);
}

TEST_CASE("A breach stops the run and is in the result") {
    const left l = ran("", false, true);
    CHECK(l.stopped);
    CHECK(l.reason.find("conservation") == 0);
    CHECK(l.result.checks[0].breaches == 1);
}

TEST_CASE("A directory that cannot be written is refused before anything runs") {
    test::fresh_kernel kernel;
    outputs_options o;
    o.directory = "/proc/nicteam";
    CHECK_THROWS_AS(outputs(kernel.session(), o), report::write_error);
}

TEST_CASE("Columns of packets.csv stand in the order of a frame's way whatever the order of the tables") {
    const stage_info up[] = {{"delivered", ""}, {"of_my_own", ""}, {"driver_received", ""}};
    const stage_info down[] = {{"wire_end", ""}, {"wire_begin", ""}, {"nic_tx_fetch", ""}, {"host_post", ""}};
    const block_info above{"a", "", {}, {}, {}, {}, {}, up, {}}, below{"b", "", {}, {}, {}, {}, {}, down, {}};
    for (const std::vector<const block_info*>& tables :
         {std::vector<const block_info*>{&above, &below}, std::vector<const block_info*>{&below, &above}}) {
        test::scratch dir;
        test::fresh_kernel kernel;
        outputs_options o;
        o.directory = dir.path().string();
        o.packets = true;
        o.tables = tables;
        outputs out(kernel.session(), o);
        kernel.session().settle_order();
        out.attach({}, {}, {});
        out.finish(0);
        out.write({});
        const std::string csv = test::content_of(dir / "packets.csv");
        CHECK(csv ==
              "id,parent,from,to,length,born_ps,host_post_ps,nic_tx_fetch_ps,wire_begin_ps,wire_end_ps,driver_received_ps,delivered_ps,of_"
              "my_own_ps,ended_ps,outcome,fate\n");
    }
}

TEST_CASE("A run that is not finished leaves nothing") {
    test::scratch dir;
    {
        test::fresh_kernel kernel;
        outputs_options o;
        o.directory = dir.path().string();
        o.wave = true;
        outputs out(kernel.session(), o);
        pci::bus bus("pci0", {});
        kernel.session().settle_order();
        out.attach({{&bus, {}}}, {}, {});
    }
    CHECK(dir.empty());
}

TEST_CASE("A list of the files that can be written in the end is not missing") {
    test::scratch a;
    const auto in_the_way = a / "run.json.part";
    std::filesystem::create_directory(in_the_way);
    const left l = ran_with_page(a, [&] { std::filesystem::remove(in_the_way); });
    CHECK(l.not_written.empty());
    CHECK(test::content_of(a / "run.json").find("not_written") == std::string::npos);
    CHECK(test::content_of(a / "run.json").find("report.html") != std::string::npos);
}

TEST_CASE("A list of the files that misses one is not left there") {
    test::scratch a;
    const left l = ran_with_page(a, [&] {
        CHECK(std::filesystem::exists(a / "run.json"));
        std::filesystem::create_directory(a / "run.json.part");
    });
    REQUIRE(l.not_written.size() == 1);
    CHECK(l.not_written[0].first == "run.json");
    CHECK_FALSE(std::filesystem::exists(a / "run.json"));
}
