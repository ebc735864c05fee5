// Checksums left to a controller that inserts none are refused, with the reason.
#include <catch2/catch.hpp>

#include "unit/scenario/text_scenario.h"

using nicteam::test::small;
using nicteam::test::text_scenario;

namespace {

std::string said(std::vector<std::string> sets) {
    text_scenario s;
    nicteam::scenario::read_options o;
    sets.push_back("nic.driver.checksum_offload=true");
    o.sets = std::move(sets);
    return s.errors(small, o);
}

}  // namespace

TEST_CASE("checksum offload is good with an 82550 alone and with its extended blocks") {
    CHECK(said({"nic.identity=\"82550\""}) == "");
    CHECK(said({"nic.identity=\"82550\"", "nic.driver.standard_tcb=true"}).find("it wants extended transmit commands") != std::string::npos);
    for (const std::string identity : {"82557", "82558", "82559", "extended"})
        CHECK(said({"nic.identity=\"" + identity + "\""})
                  .find(identity + " neither inserts nor verifies checksums; allowed: false, or identity = \"82550\"") !=
              std::string::npos);
}
