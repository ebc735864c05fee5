// Settings of teams of which nothing can come: each said where it was written, and only where it is so.
#include <catch2/catch.hpp>

#include "nicteam/scenario/idle_teams.h"
#include "unit/scenario/text_scenario.h"
#include "source_dir.h"

using nicteam::test::text_scenario;

namespace {

// `team`: of a team of two; `more`: behind it.
std::vector<std::string> noted(const std::string& team, const std::string& more = "") {
    text_scenario text;
    const auto r = text.read("schema = 1\nextends = \"" NICTEAM_SOURCE_DIR "/scenarios/parts/two-nic-team.toml\"\n[[team]]\nname = \"team0\"\n" + team + more);
    REQUIRE(r.found.to_string() == "");
    std::vector<std::string> notes;
    for (const std::string& n : nicteam::scenario::idle_teams(*r.what, r.found)) notes.push_back(text.plain(n));
    return notes;
}

const std::string third = "members = [\"server.pci0.nic0\", \"server.pci0.nic1\", \"server.pci0.nic2\"]\n";
const std::string nic2 = "[[nic]]\nname = \"nic2\"\nbus = \"server.pci0\"\n[[link]]\nname = \"lan2\"\na = \"server.pci0.nic2\"\nb = \"core\"\n";

std::string group(const std::string& lacp) {
    return "[[port_group]]\nname = \"g\"\nswitch = \"core\"\nports = [\"lan0\", \"lan1\"]\nlacp = \"" + lacp + "\"\n";
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a team as it stands has nothing to note") { CHECK(noted("") == lines{}); }

TEST_CASE("probes of two members and beats of one are noted") {
    CHECK(noted("probe_enable = true\nprobe_send_time = \"1 ms\"\ncheck_time = \"2 ms\"\nmax_retries = 1\n") ==
          lines{"s.toml:5:16: note: team.probe_enable = true of server.team0: probes test nothing while fewer than three members have links: which of two is "
                "deaf cannot be told; it has 2"});
    CHECK(noted(third + "probe_enable = true\nprobe_send_time = \"1 ms\"\ncheck_time = \"2 ms\"\n", nic2) == lines{});
    CHECK(noted("members = [\"server.pci0.nic0\"]\nheartbeat_interval = \"50 ms\"\n") ==
          lines{"s.toml:6:22: note: team.heartbeat_interval = \"50 ms\" of server.team0: a beat is heard by another member, and there is none"});
    CHECK(noted("heartbeat_interval = \"50 ms\"\n") == lines{});
}

TEST_CASE("a team that nobody watches is noted, but one member or LACP") {
    CHECK(noted("miimon = \"0 ps\"\n").size() == 1);
    CHECK(noted("miimon = \"0 ps\"\nheartbeat_interval = \"50 ms\"\n") == lines{});
    CHECK(noted("miimon = \"0 ps\"\nmode = \"802.3ad\"\n", group("active")) == lines{});
    CHECK(noted("members = [\"server.pci0.nic0\"]\nmiimon = \"0 ps\"\n") == lines{});
}

TEST_CASE("delays that are no whole intervals are noted with what counts") {
    CHECK(noted("miimon = \"1 ms\"\nupdelay = \"2500 us\"\ndowndelay = \"2 ms\"\n") ==
          lines{"s.toml:6:11: note: team.updelay = \"2500 us\" of server.team0: is 2 ms: whole intervals of miimon = 1 ms count"});
}

TEST_CASE("LACP that nobody begins, and more links than there are, are noted") {
    CHECK(noted("mode = \"802.3ad\"\nlacp_active = false\n", group("passive")) ==
          lines{"s.toml:6:15: note: team.lacp_active = false of server.team0: the group g of core is passive too: neither begins, and there is no aggregate"});
    CHECK(noted("mode = \"802.3ad\"\nlacp_active = false\n", group("active")) == lines{});
    CHECK(noted("mode = \"802.3ad\"\nmin_links = 3\n", group("active")).size() == 1);
    CHECK(noted("mode = \"802.3ad\"\nmin_links = 2\n", group("active")) == lines{});
}

TEST_CASE("a list of accepted identities that refuses everybody is noted") {
    CHECK(noted("accepts = [\"1234:5678\"]\n") ==
          lines{"s.toml:5:11: note: team.accepts = [\"1234:5678\"] of server.team0: none of its members is of these: all are "
                "refused (300), and it carries nothing"});
    CHECK(noted("accepts = [\"1234:5678\", \"8086:1229\"]\n") == lines{});
}
