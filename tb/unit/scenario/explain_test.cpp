#include <catch2/catch.hpp>

#include "nicteam/host/cpu.h"
#include "nicteam/scenario/explain.h"
#include "nicteam/scenario/language.h"
#include "unit/scenario/text_scenario.h"

using namespace nicteam;

TEST_CASE("every row of every table is explained") {
    std::string out;
    for (const scenario::table_entry& t : scenario::all_tables()) {
        for (const parameter_info& p : t.info->parameters) {
            INFO(t.path << "." << p.name);
            CHECK((scenario::explain(t.path + "." + p.name, out) && out.find(p.meaning) != std::string::npos));
        }
        for (const metric_info& m : t.info->metrics)
            CHECK((scenario::explain(t.path + "." + m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const probe_info& m : t.info->probes) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const fault_info& m : t.info->faults) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const capture_info& m : t.info->captures) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const stage_info& m : t.info->stages) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
        for (const outcome_info& m : t.info->outcomes) CHECK((scenario::explain(m.name, out) && out.find(m.meaning) != std::string::npos));
    }
    for (const host::operation* o : scenario::all_operations())
        CHECK((scenario::explain(o->name, out) && out.find(o->source) != std::string::npos));
    for (const scenario::kind_info& k : scenario::kinds())
        if (k.form != scenario::shape::top) CHECK(scenario::explain(k.name, out));
}

TEST_CASE("a parameter is found by its name or by its path") {
    std::string a, b;
    REQUIRE(scenario::explain("duration", a));
    CHECK(a.find("duration: parameter") != std::string::npos);
    CHECK(a.find("default  10 ms") != std::string::npos);
    CHECK(a.find("time in ps, ns, us, ms, s") != std::string::npos);
    REQUIRE(scenario::explain("server.pci0.nic0.slot", b));
    CHECK(b.find("nic.slot: parameter") != std::string::npos);
    CHECK(b.find("allowed  1 … 20") != std::string::npos);
}

TEST_CASE("what nothing is called names the nearest") {
    std::string out;
    CHECK_FALSE(scenario::explain("durration", out));
    CHECK(out == "nothing is called durration; did you mean duration?");
}

TEST_CASE("scenarios are listed with their titles") {
    test::text_scenario s;
    s.file("b.toml", "title = \"second\"\n");
    s.file("a.toml", "title = \"first\"\n");
    s.file("none.toml", "seed = 1\n");
    s.file("bad.toml", "title = \n");
    const auto all = scenario::list(s.directory().string());
    REQUIRE(all.size() == 3);
    CHECK(all[0].title == "first");
    CHECK(all[1].title == "second");
    CHECK_FALSE(all[2].readable);
}
