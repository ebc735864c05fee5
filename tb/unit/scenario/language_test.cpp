#include <fstream>
#include <set>

#include <catch2/catch.hpp>

#include "nicteam/host/cpu.h"
#include "nicteam/scenario/language.h"
#include "unit/scenario/text_scenario.h"

using namespace nicteam;
using nicteam::test::small;
using nicteam::test::text_scenario;

TEST_CASE("bases merge table by table and by name") {
    text_scenario s;
    s.file("parts/base.toml", small);
    const auto r = s.read(
        "extends = \"parts/base.toml\"\nseed = 9\n[[nic]]\nname = \"nic0\"\nslot = 7\n[[peer]]\nname = \"other\"\n"
        "[[link]]\nname = \"lan1\"\na = \"other\"\nb = \"hub\"\n[[repeater]]\nname = \"hub\"\n");
    CHECK(r.found.to_string() == "");
    CHECK(r.what->find("server.pci0.nic0")->integer("slot") == 7);
    CHECK(r.what->of_kind("nic").size() == 1);
    CHECK(r.what->of_kind("peer").size() == 2);
    CHECK(r.what->name() == "s");
}

TEST_CASE("several bases are merged in their order") {
    text_scenario s;
    s.file("a.toml", "seed = 3\nduration = \"3 ms\"\n");
    s.file("b.toml", "seed = 4\n");
    const auto r = s.read("extends = [\"a.toml\", \"b.toml\"]\n" + std::string(small));
    CHECK(r.found.to_string() == "");
    CHECK(r.what->top.integer("seed") == 4);
    CHECK(r.what->top.integer("duration") == 3'000'000'000);
}

TEST_CASE("the resolved file says where each value came from and runs again as the same") {
    text_scenario s;
    s.file("parts/base.toml", small);
    const auto first = s.read("extends = \"parts/base.toml\"\ntitle = \"a \\\"quoted\\\" title\"\n[trace]\nscopes = [\"server\"]\n",
                              {{}, {"duration=1500 us"}});
    REQUIRE(first.found.to_string() == "");
    const std::string text = to_toml(*first.what, first.found);
    CHECK(text.find("duration = \"1500 us\"  # --set\n") != std::string::npos);
    CHECK(text.find("seed = 1  # default\n") != std::string::npos);
    CHECK(text.find("title = \"a \\\"quoted\\\" title\"  # s.toml:2\n") != std::string::npos);
    CHECK(text.find("name = \"nic0\"  # parts/base.toml:10\n") != std::string::npos);

    std::ofstream(s.directory() / "config.resolved.toml") << text;
    const auto again = scenario::read((s.directory() / "config.resolved.toml").string());
    REQUIRE(again.found.to_string() == "");
    REQUIRE(again.what->components.size() == first.what->components.size());
    const auto same = [](const scenario::component& a, const scenario::component& b) {
        CHECK(a.path == b.path);
        REQUIRE(a.settings.size() == b.settings.size());
        for (std::size_t i = 0; i < a.settings.size(); ++i) {
            INFO(a.path << " " << a.settings[i].row->name);
            CHECK(a.settings[i].value.integer == b.settings[i].value.integer);
            CHECK(a.settings[i].value.text == b.settings[i].value.text);
            CHECK(a.settings[i].value.list == b.settings[i].value.list);
        }
    };
    same(first.what->top, again.what->top);
    for (const scenario::component& c : first.what->components) {
        REQUIRE(again.what->find(c.path));
        same(c, *again.what->find(c.path));
    }
}

TEST_CASE("every row of every table says what it means and stands in its own range") {
    for (const scenario::table_entry& t : scenario::all_tables()) {
        INFO(t.path);
        CHECK(std::string(t.info->meaning).size() > 3);
        std::set<std::string> names;
        for (const parameter_info& p : t.info->parameters) {
            INFO(p.name);
            CHECK(names.insert(p.name).second);
            CHECK(std::string(p.name).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos);
            CHECK(std::string(p.meaning).size() > 3);
            CHECK((p.source && std::string(p.source).size() > 3));
            if (p.kind == quantity::choice) CHECK((p.choices && *p.choices));
            value v;
            std::string why;
            for (const char* text : {p.low, p.high})
                if (text) CHECK(parse_quantity(p.kind, text, v, why));
            if (!p.fallback || (!*p.fallback && p.kind != quantity::choice)) continue;
            if (p.kind == quantity::choice) {
                CHECK((std::string("|") + p.choices + "|").find(std::string("|") + p.fallback + "|") != std::string::npos);
                continue;
            }
            CHECK(parse_quantity(p.kind, p.fallback, v, why));
            value low = v, high = v;
            if (p.low) parse_quantity(p.kind, p.low, low, why);
            if (p.high) parse_quantity(p.kind, p.high, high, why);
            if (p.low && p.high && low.integer > high.integer) std::swap(low, high);  // a period, its range in Hz
            CHECK(v.integer >= low.integer);
            CHECK(v.integer <= high.integer);
        }
        for (const metric_info& m : t.info->metrics) CHECK((std::string(m.meaning).size() > 3 && m.unit));
        for (const probe_info& p : t.info->probes) CHECK((std::string(p.meaning).size() > 3 && p.bits <= 64 && (p.bits || p.states)));
        for (const fault_info& f : t.info->faults) CHECK((std::string(f.meaning).size() > 3 && f.unit));
        for (const capture_info& c : t.info->captures) CHECK(std::string(c.meaning).size() > 3);
        for (const stage_info& c : t.info->stages) CHECK(std::string(c.meaning).size() > 3);
        for (const outcome_info& c : t.info->outcomes) CHECK(std::string(c.meaning).size() > 3);
    }
    for (const host::operation* o : scenario::all_operations()) {
        INFO(o->name);
        CHECK(std::string(o->meaning).size() > 3);
        CHECK(std::string(o->source).size() > 3);
    }
}
