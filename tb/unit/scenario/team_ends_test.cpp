// A member of a team has no address of its own: as an end of anything it is refused where it is named.
#include <catch2/catch.hpp>

#include "nicteam/scenario/modes_and_groups.h"
#include "unit/scenario/text_scenario.h"
#include "source_dir.h"

using nicteam::test::text_scenario;

namespace {

const std::string base = "schema = 1\nextends = \"" NICTEAM_SOURCE_DIR "/scenarios/parts/two-nic-team.toml\"\n";

std::string said(const std::string& more) {
    text_scenario s;
    return s.errors(base + more);
}

}  // namespace

TEST_CASE("a member of a team is no end of traffic, policies, associations or pings") {
    const std::string from = "from = \"client\"\n";
    const std::string why = "\"server.pci0.nic1\": is in server.team0, which has the address; allowed: server.team0, or its host\n";
    const std::string to = "to = \"server.pci0.nic1\"\n";
    CHECK(said("[[traffic]]\nname = \"t\"\n" + from + to) == "s.toml:6:6: error: traffic.to = " + why);
    CHECK(said("[[traffic]]\nname = \"t\"\nto = \"client\"\nfrom = \"server.pci0.nic1\"\n") == "s.toml:6:8: error: traffic.from = " + why);
    CHECK(said("[[sa]]\nname = \"s\"\n" + from + to).find("s.toml:6:6: error: sa.to = " + why) != std::string::npos);
    CHECK(said("[[policy]]\nname = \"p\"\naction = \"bypass\"\n" + from + to).find("s.toml:7:6: error: policy.to = " + why) != std::string::npos);
    CHECK(said("[[traffic]]\nname = \"t\"\n" + from + "to = \"server.team0\"\n") == "");
    CHECK(said("[[traffic]]\nname = \"t\"\n" + from + "to = \"server\"\n") == "");
}

TEST_CASE("a group that leads elsewhere than to the team's members is noted") {
    const auto noted = [](const std::string& ports) {
        text_scenario text;
        const auto r = text.read(base + "[[team]]\nname = \"team0\"\nmode = \"balance_rr\"\n"
                                 "[[port_group]]\nname = \"g\"\nswitch = \"core\"\nports = [" + ports + "]\n");
        REQUIRE(r.found.to_string() == "");
        std::vector<std::string> notes;
        for (const std::string& n : nicteam::scenario::modes_and_groups(*r.what, r.found)) notes.push_back(text.plain(n));
        return notes;
    };
    CHECK(noted("\"lan0\", \"lan1\"").empty());
    CHECK(noted("\"lan0\", \"lan1\", \"lan_client\"") ==
          std::vector<std::string>{"s.toml:6:1: note: core.g: lan_client is in the group of server.team0's members, and leads to none of them: what is for the "
                                   "team is dealt there too"});
}
