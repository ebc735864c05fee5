// Modes of teams beside groups of switches: what does not go together is said where the mode was written, and only that.
#include <catch2/catch.hpp>

#include "nicteam/scenario/modes_and_groups.h"
#include "unit/scenario/text_scenario.h"
#include "source_dir.h"

using nicteam::test::text_scenario;

namespace {

// `lacp`: of a group of the two ports; "": they are in none.
std::vector<std::string> noted(const std::string& mode, const std::string& lacp) {
    std::string s = "schema = 1\nextends = \"" NICTEAM_SOURCE_DIR "/scenarios/parts/two-nic-team.toml\"\n[[team]]\nname = \"team0\"\nmode = \"" + mode + "\"\n";
    if (!lacp.empty()) s += "[[port_group]]\nname = \"g\"\nswitch = \"core\"\nports = [\"lan0\", \"lan1\"]\nlacp = \"" + lacp + "\"\n";
    text_scenario text;
    const auto r = text.read(s);
    REQUIRE(r.found.to_string() == "");
    std::vector<std::string> notes;
    for (const std::string& n : nicteam::scenario::modes_and_groups(*r.what, r.found)) notes.push_back(text.plain(n));
    return notes;
}

using lines = std::vector<std::string>;

}  // namespace

// Which set-up each mode wants: Linux bonding.rst, chapter 11.
TEST_CASE("a mode that does not go with the group of its ports is noted, and no other") {
    for (const char* mode : {"aft", "alb", "active_backup", "balance_tlb", "balance_alb"}) {
        CHECK(noted(mode, "") == lines{});
        CHECK(noted(mode, "off").size() == 1);
        CHECK(noted(mode, "active").size() == 1);
    }
    for (const char* mode : {"balance_rr", "balance_xor", "broadcast"}) {
        CHECK(noted(mode, "").size() == 1);
        CHECK(noted(mode, "off") == lines{});
        CHECK(noted(mode, "passive").size() == 1);
    }
    CHECK(noted("802.3ad", "").size() == 1);
    CHECK(noted("802.3ad", "off").size() == 1);
    CHECK(noted("802.3ad", "passive") == lines{});
    CHECK(noted("802.3ad", "off") ==
          lines{"s.toml:5:8: note: team.mode = \"802.3ad\" of server.team0: the group g of core speaks no LACP: nobody answers; wanted: a [[port_group]] with "
                "lacp = \"active\" or \"passive\""});
}
