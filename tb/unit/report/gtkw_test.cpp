#include <catch2/catch.hpp>

#include "nicteam/report/gtkw.h"

using namespace nicteam;

TEST_CASE("A save file groups by scope and draws levels as curves and states as text") {
    const std::string s = report::gtkw_text("wave.vcd", {{"h.pci0.AD", 32, false}, {"h.pci0.GNT_n_0", 1, false}, {"h.pci0.nic0.state", 1, true}, {"h.pci0.nic0.rx_fifo_level", 12, false}}, 0, 1'000'000'000);
    CHECK(s.find("[dumpfile] \"wave.vcd\"\n") != std::string::npos);
    CHECK(s.find("[treeopen] h.\n[treeopen] h.pci0.\n[treeopen] h.pci0.nic0.\n") != std::string::npos);
    CHECK(s.find("@800200\n-h.pci0\n@22\n[color] 4\nh.pci0.AD[31:0]\n@28\n[color] 6\nh.pci0.GNT_n_0\n@1000200\n-h.pci0\n@800200\n-h.pci0.nic0\n") != std::string::npos);
    CHECK(s.find("@820\n[color] 2\nh.pci0.nic0.state\n") != std::string::npos);
    CHECK(s.find("@88024\n[color] 3\nh.pci0.nic0.rx_fifo_level[11:0]\n@20000\n-\n-\n") != std::string::npos);
}
