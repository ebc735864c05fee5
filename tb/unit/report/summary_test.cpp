#include <catch2/catch.hpp>

#include <sstream>

#include "nicteam/report/summary.h"
#include "unit/report/sample_result.h"

using namespace nicteam;
using nicteam::test::sample_result;

namespace {
bool has(const std::string& s, const std::string& part) { return s.find(part) != std::string::npos; }
}  // namespace

TEST_CASE("The page says what ran, how fast, how late, what was lost and what limited it") {
    report::summary_options o;
    const std::string s = report::summary_text(sample_result(), o);
    CAPTURE(s);
    CHECK(has(s, "quickstart: a \"title\"\n"));
    CHECK(has(s, "measured from 1.00 ms to 11.0 ms"));
    CHECK(has(s, "client  server.stack    1 000  100 kpackets/s   51.2 Mb/s       64 B\n"));
    CHECK(has(s, "born -> wire_end"));
    CHECK(has(s, "6.00 us"));
    CHECK(has(s, "overrun: the receive FIFO was full"));
    CHECK(has(s, "of sender's\n"));
    CHECK(has(s, "client       10        1.0 %\n"));                    // 10 of 1010
    CHECK(has(s, "held at the end in lan0.a_to_b after wire_begin  1"));
    CHECK(has(s, "server.pci0 (bus): 96.0 % of its capacity"));
    CHECK(has(s, "bound: 33.3 Mclocks/s (PCI 2.2)"));
    CHECK(has(s, "FAILED  none_lost  server.lost at_most 0"));
    CHECK(has(s, "server.cpu0  1 000  100 k/s"));
    CHECK(has(s, "Check crossings: 2 breaches"));
    CHECK(has(s, "packets.csv has the first 10 packets"));
    CHECK_FALSE(has(s, "\033"));
    std::istringstream lines(s);
    for (std::string line; std::getline(lines, line);) CHECK((line.empty() || line.back() != ' '));
}

TEST_CASE("A loss is a share of what its sender sent and a mean has grouped digits") {
    auto r = sample_result();
    r.flows.push_back({"other", "client", 1'000'000, 64'000'000, {}, {}, {}});
    r.losses.push_back({"client", "server.stack", "no_socket", "nobody", 90, 5'760});
    r.fills[0].integral = static_cast<__int128>(51'903) * 10 * millisecond;
    const std::string s = report::summary_text(r);
    CAPTURE(s);
    CHECK(has(s, "client       10        0.9 %\n"));                   // 10 and 90 of 1,100
    CHECK(has(s, "client       90        8.2 %\n"));
    CHECK(has(s, " 51 903.0 B"));
}

TEST_CASE("What was lost or left waiting before a resource is demand and other full ones are named") {
    auto r = sample_result();
    r.resources[1].used = {10, 1};                                     // 100 %
    r.resources[0].waiting = 1'500;
    r.resources[0].missing = {480'000, 1};
    r.limit = bounds::find_limit(r.resources, r.waits);
    const std::string s = report::summary_text(r);
    CAPTURE(s);
    CHECK(has(s, "  server.pci0 (bus): 96.0 % of its capacity"));
    CHECK(has(s, "demand: 240.0 %, with 1 500 packets that were lost for want of room or left waiting before they came through"));
    CHECK(has(s, "full as well, with less demand: server.cpu0 (cpu) 100.0 %, demand 100.0 %"));
    r.resources[0].missing = {0, 1};
    r.limit = bounds::find_limit(r.resources, r.waits);
    CHECK(has(report::summary_text(r), "as much in demand (which has to grow first cannot be told): server.pci0 (bus) 96.0 %"));
}

TEST_CASE("Without a limit the page names the longest wait") {
    auto r = sample_result();
    r.resources[0].used = {100'000, 1};
    r.limit = bounds::find_limit(r.resources, r.waits);
    const std::string s = report::summary_text(r);
    CHECK(has(s, "no resource: none reached 95 % of its capacity; the highest was server.pci0 (bus): 30.0 %"));
    CHECK(has(s, "it waited for: born -> wire_end, 6.00 us a packet on average (client to server.stack)"));
}

TEST_CASE("Groups of digits are not torn apart at the end of a line") {
    auto r = sample_result();
    r.notes = {"a note that is just as long as it takes for the number that follows to stand at the very end of the line 1 234 567"};
    CHECK(has(report::summary_text(r), "1 234 567"));
}

TEST_CASE("Colour only when asked") {
    report::summary_options o;
    o.color = true;
    CHECK(has(report::summary_text(sample_result(), o), "\033[31mFAILED\033[0m"));
}

TEST_CASE("Faults and what came of them have a section when there are any") {
    auto r = sample_result();
    CHECK_FALSE(has(report::summary_text(r), "Faults and errors"));
    r.faults = {{"noise", "bit_errors", "lan0.b_to_a", 2 * millisecond, 5 * millisecond, never, 1, "1e-4"},
                {"dead", "stall", "server.cpu0", 4 * millisecond, never, never, 1, ""}};
    std::string s = report::summary_text(r);
    CHECK(has(s, "Faults and errors\n  injected  what        where        when                 amount\n"
                 "  noise     bit_errors  lan0.b_to_a  2.00 ms for 3.00 ms  1e-4\n"
                 "  dead      stall       server.cpu0  4.00 ms to the end\n  no component counted an error within the window; what was lost "
                 "stands under Losses\n"));
    r.losses.clear();
    CHECK(has(report::summary_text(r), "4.00 ms to the end\n  nothing came of it within the window\n"));
    r.troubles = {{"lan0.b_to_a.damaged", "frames", "frames with wrong bits", 1234}, {"server.cpu0.stalled", "ps", "time that it stood still", 1'500'000'000}};
    s = report::summary_text(r);
    CHECK(has(s, "4.00 ms to the end\n  counted                            meaning\n"
                 "  lan0.b_to_a.damaged  1 234 frames  frames with wrong bits\n  server.cpu0.stalled       1.50 ms  time that it stood still\n"));
    CHECK_FALSE(has(s, "nothing came of it"));
    r.faults.clear();
    s = report::summary_text(r);
    CHECK(has(s, "Faults and errors\n  counted "));
    CHECK_FALSE(has(s, "injected"));
}

TEST_CASE("An empty run makes a page too") {
    const std::string s = report::summary_text({});
    CHECK(has(s, "no packet arrived"));
    CHECK(has(s, "nothing was measured"));
}
