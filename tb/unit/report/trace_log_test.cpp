#include <catch2/catch.hpp>

#include "nicteam/report/trace_log.h"
#include "scratch.h"

using namespace nicteam;
using namespace nicteam::report;

TEST_CASE("a frame whose preamble lies before the beginning of time has a time that is a number") {
    test::scratch here;
    trace_log log({"0.1.0", "s"});
    const auto wire = log.add_track("lan0", "a_to_b");
    const auto none = log.intern("");
    log.frame(wire, -640'001, 5'120'000, 0, 64, none, 5'120'000);
    log.frame(wire, 6'000'000, 7'000'000, 0, 64, none, 7'000'000);
    log.write(here / "trace.json", 8'000'000);
    std::ifstream in(here / "trace.json");
    std::ostringstream text;
    text << in.rdbuf();
    CHECK(text.str().find("\"ts\":-0.640001,\"dur\":5.760001,") != std::string::npos);
    CHECK(text.str().find("\"ts\":6.000000,\"dur\":1.000000,") != std::string::npos);
}
