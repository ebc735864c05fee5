// `extends`: what is taken from the base, and where files are looked for.
#include <catch2/catch.hpp>

#include "nicteam/scenario/explain.h"
#include "unit/scenario/text_scenario.h"
#include "source_dir.h"

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

TEST_CASE("extends is a key of the language that only a file can have") {
    text_scenario s;
    CHECK(s.errors(small, {{}, {"extends=b.toml"}}) ==
          "--set extends=b.toml: error: extends: is read before everything else and cannot be set from outside; write it in a file\n");
    std::string text;
    REQUIRE(nicteam::scenario::explain("extends", text));
    CHECK(text.find("each file's own") != std::string::npos);
}

TEST_CASE("tables merge by key and arrays of tables by name") {
    text_scenario s;
    s.file("b.toml", "title = \"base\"\nduration = \"3 ms\"\nseed = 4\n[trace]\nwave = true\nclock = true\n" + std::string(small));
    const auto r = s.read("extends = \"b.toml\"\nseed = 5\n[trace]\nclock = false\n[[nic]]\nname = \"nic0\"\nslot = 7\n");
    CHECK(r.found.to_string() == "");
    CHECK(r.what->top.text("title") == "");
    CHECK(r.what->top.integer("duration") == 3'000'000'000);
    CHECK(r.what->top.integer("seed") == 5);
    CHECK(r.what->find("trace")->integer("wave") == 1);
    CHECK(r.what->find("trace")->integer("clock") == 0);
    CHECK(r.what->of_kind("nic").size() == 1);
    CHECK(r.what->find("server.pci0.nic0")->integer("slot") == 7);
}

TEST_CASE("the second of a name in one file lies over nothing") {
    text_scenario s;
    s.file("b.toml", std::string(small));
    CHECK(s.errors("extends = \"b.toml\"\n[[nic]]\nname = \"nic0\"\nslot = 7\n[[nic]]\nname = \"nic0\"\nslot = 8\n").find(
              "s.toml:5:1: error: nic.name = \"nic0\": stands in this file already, s.toml:2:1; allowed: each name once\n") != std::string::npos);
    s.file("f.toml", std::string(small) + "[[fault]]\nname = \"cut\"\nat = \"server.pci0.nic0\"\nwhat = \"removed\"\n");
    CHECK(s.errors("extends = \"f.toml\"\n[[fault]]\nname = \"cut\"\nfrom = \"1 ms\"\n[[fault]]\nname = \"cut\"\nfrom = \"2 ms\"\n").find(
              "fault.name = \"cut\": there is a fault at cut already, s.toml:2:1") != std::string::npos);
}
