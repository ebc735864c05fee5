// `extends`: what is taken from the base, and where files are looked for.
#include <catch2/catch.hpp>

#include "unit/scenario/text_scenario.h"

using nicteam::test::small;
using nicteam::test::text_scenario;

TEST_CASE("a file is looked for from the file in which it is written") {
    text_scenario s;
    std::filesystem::create_directories(s.directory() / "sub");
    std::filesystem::copy_file(NICTEAM_SOURCE_DIR "/scenarios/captures/web-and-ping.pcapng", s.directory() / "sub" / "x.pcapng");
    s.file("sub/base.toml", std::string(small) + "[[replay]]\nname = \"r\"\npeer = \"client\"\nfile = \"x.pcapng\"\n");
    CHECK(s.errors("extends = \"sub/base.toml\"\n") == "");
    // Written anew, from here; from a --set, where the command runs.
    const std::string over = "extends = \"sub/base.toml\"\n[[replay]]\nname = \"r\"\nfile = ";
    CHECK(s.errors(over + "\"sub/x.pcapng\"\n") == "");
    CHECK(s.errors(over + "\"x.pcapng\"\n").rfind("s.toml:4:8: error: replay.file = \"x.pcapng\": ", 0) == 0);
    CHECK(s.errors("extends = \"sub/base.toml\"\n", {{}, {"replay.file=" + (s.directory() / "sub/x.pcapng").string()}}) == "");
}
