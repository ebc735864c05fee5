// The notes of a run name the descriptor at which a unit stopped (docs/decisions/0092).
#include <catch2/catch.hpp>

#include "scenario/notes/descriptor_notes.h"
#include "unit/scenario/text_scenario.h"

using namespace nicteam;
using kind = nic::descriptor_stop::kind;

TEST_CASE("a stop in a loop of descriptors is told with unit and address and instant") {
    CHECK(scenario::descriptor_note("server.pci0.nic0", 1, {kind::command_block, 0x1000, 120'000'000}) ==
          "server.pci0.nic0: its command unit stopped at 120 us: a link led to the command block at 00001000h, which it had completed and nobody had "
          "handed over again");
    CHECK(scenario::descriptor_note("a", 3, {kind::receive_frame, 0xABCDE0, 1}) ==
          "a: its receive unit stopped at 1 ps: a link led to the receive frame descriptor at 00ABCDE0h, which it had completed and nobody had handed "
          "over again; 3 such stops in all");
    CHECK(scenario::descriptor_note("a", 2, {kind::receive_buffer, 0, 1000}).find("the receive buffer descriptor at 00000000h") != std::string::npos);
}

TEST_CASE("descriptor_loops is as_chip or stop and nothing else") {
    test::text_scenario s;
    scenario::read_options o;
    for (const std::string value : {"as_chip", "stop"}) {
        o.sets = {"nic.descriptor_loops=\"" + value + "\""};
        CHECK(s.errors(test::small, o) == "");
    }
    o.sets = {"nic.descriptor_loops=\"never\""};
    CHECK(s.errors(test::small, o).find("as_chip") != std::string::npos);
}
