// Settings that nothing can come of are noted where they stand, unless the run asked for less.
#include <catch2/catch.hpp>

#include "nicteam/scenario/idle_settings.h"
#include "unit/scenario/text_scenario.h"

using nicteam::scenario::read_options;
using nicteam::test::small;
using nicteam::test::text_scenario;

namespace {

std::string block(const std::string& crypto, const std::string& more = "", const std::string& sa = "") {
    std::string s = small;
    const std::string nic = "bus = \"server.pci0\"\n";
    s.insert(s.find(nic) + nic.size(), "identity = \"extended\"\n[nic.crypto]\nenable = true\n" + crypto + more);
    return s + "[[sa]]\nname = \"inbound\"\nfrom = \"client\"\nto = \"server\"\n" + sa;
}

std::vector<std::string> noted(const std::string& text, const std::vector<std::string>& sets = {}) {
    text_scenario s;
    read_options o;
    o.sets = sets;
    const auto r = s.read(text, o);
    REQUIRE(r.found.to_string() == "");
    std::vector<std::string> notes;
    for (const std::string& n : nicteam::scenario::idle_settings(*r.what, r.found)) notes.push_back(s.plain(n));
    return notes;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a setting that changes nothing is noted with what makes it so") {
    CHECK(noted(block("link_word = 8\n")) ==
          lines{"s.toml:15:13: note: nic.crypto.link_word of server.pci0.nic0 changes nothing: nic.crypto.chips = 1: no joint is between two chips"});
    CHECK(noted(block("link_word = 8\nchips = 2\n")) == lines{});
    CHECK(noted(block("link_word = 4\n")) == lines{});                       // as it is anyway
    CHECK(noted(block("cache_ways = 2\ncache_miss_clocks = 9\n")).size() == 2);
    CHECK(noted(block("cache_ways = 2\ncache_entries = 4\n")) == lines{});
    CHECK(noted(block("buffer_140 = 0\nwhen_140_full = \"drop\"\n")).size() == 1);
    CHECK(noted(block("return_path = \"host\"\nbubble_rule = true\nfeedback_input = \"separate_150\"\n")).size() == 2);
    CHECK(noted(block("", "[nic.driver]\nlease = 9\n")).size() == 1);
    CHECK(noted(block("", "[nic.driver]\nlease = 9\nnumbers = \"lent\"\n")) == lines{});
    for (const char* sa : {"hop_limit = 9\n", "dont_fragment = \"set\"\n", "dscp = 9\n", "copy_congestion = false\n"}) {
        CHECK(noted(block("", "", sa)) == lines{});
        CHECK(noted(block("", "", std::string("mode = \"transport\"\n") + sa)).size() == 1);
    }
    CHECK(noted(block("", "", "udp_source = 7\n")).size() == 1);
    CHECK(noted(block("", "", "udp = true\nudp_source = 7\n")) == lines{});
}

TEST_CASE("a run that asks for less than its file is no reason to speak, one that asks for more in vain is") {
    CHECK(noted(block("link_word = 8\nchips = 2\n"), {"nic.crypto.chips=1"}) == lines{});
    CHECK(noted(block("chips = 1\n"), {"nic.crypto.link_word=8"}) ==
          lines{"--set nic.crypto.link_word=8: note: nic.crypto.link_word of server.pci0.nic0 changes nothing: nic.crypto.chips = 1: no joint is between two "
                "chips"});
}
