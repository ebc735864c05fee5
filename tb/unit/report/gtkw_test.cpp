#include <catch2/catch.hpp>

#include "nicteam/report/gtkw.h"

using namespace nicteam;

namespace {

report::gtkw_view millisecond_from_0() { return {0, 1'000'000'000, report::gtkw_view{}.focus}; }
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("A save file groups by scope and draws levels as curves and states as text") {
    const std::string s = report::gtkw_text("wave.vcd",
                                            {{"h.cpu0.state", 1, true},
                                             {"h.pci0.AD", 32, false},
                                             {"h.pci0.GNT_n_nic0", 1, false},
                                             {"h.pci0.FRAME_n", 1, false},
                                             {"h.pci0.nic0.state", 1, true},
                                             {"h.pci0.nic0.rx_fifo_level", 12, false}},
                                            millisecond_from_0());
    CHECK(has(s, "[dumpfile] \"wave.vcd\"\n"));
    CHECK(has(s, "[treeopen] h.\n[treeopen] h.cpu0.\n[treeopen] h.pci0.\n[treeopen] h.pci0.nic0.\n"));
    // The bus and what is on it first, grants before data.
    CHECK(has(s,
              "@800200\n-h.pci0\n@28\n[color] 3\nh.pci0.GNT_n_nic0\n@28\n[color] 4\nh.pci0.FRAME_n\n@22\n[color] "
              "4\nh.pci0.AD[31:0]\n@1000200\n-h.pci0\n@800200\n-h.pci0.nic0\n"));
    CHECK(has(s, "@820\n[color] 2\nh.pci0.nic0.state\n"));
    CHECK(has(s, "@88024\n[color] 3\nh.pci0.nic0.rx_fifo_level[11:0]\n@20000\n-\n-\n@1000200\n-h.pci0.nic0\n@800200\n-h.cpu0\n"));
}

TEST_CASE("A save file opens at its focus and leaves out what never changes") {
    auto view = millisecond_from_0();
    CHECK(has(report::gtkw_text("w", {}, view), "[timestart] 0\n"));
    view.focus = 500'000'000;
    const std::string s = report::gtkw_text("w", {{"b.AD", 32, false}, {"b.PERR_n", 1, false, false}}, view);
    CHECK(has(s, "[timestart] 497902848\n"));
    CHECK(has(s, "*-21.000000 500000000 -1"));
    CHECK(has(s, "b.AD[31:0]\n"));
    CHECK_FALSE(has(s, "PERR_n"));
    view.until = 1'000'000;                                  // a microsecond: closer
    CHECK(has(report::gtkw_text("w", {}, view), "*-18.000000 "));
}

TEST_CASE("A save file has teams on top") {
    const std::string s = report::gtkw_text("w",
                                            {{"h.pci0.FRAME_n", 1, false}, {"h.pci0.nic0.link", 1, false},
                                             {"h.team0.active", 1, true}, {"h.team0.usable", 8, false}},
                                            millisecond_from_0());
    CHECK(s.find("-h.team0\n") < s.find("-h.pci0\n"));
    CHECK(s.find("h.team0.usable") < s.find("h.pci0.FRAME_n"));
    CHECK(s.find("-h.pci0\n") < s.find("-h.pci0.nic0\n"));
}
