#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "unit/report/sample_result.h"

using namespace nicteam;
using nlohmann::json;
using nicteam::test::sample_result;

TEST_CASE("result.json is JSON with every metric, its unit, its description") {
    const auto j = json::parse(report::to_json(sample_result()));
    CHECK(j["scenario"] == "quickstart");
    CHECK(j["title"] == "a \"title\"");
    CHECK(j["seed"] == "18446744073709551615");
    CHECK(j["window"]["from_ps"] == "1000000000");
    CHECK(j["metrics"].size() == 4);
    CHECK(j["metrics"][0]["mean"] == 0.4);                  // busy: 4 of 10 ms
    CHECK(j["metrics"][3]["path"] == "server.pci0.tenures");
    CHECK(j["metrics"][3]["value"] == 12'345);
    CHECK(j["metrics"][3]["unit"] == "tenures");
    CHECK(j["metrics"][3]["description"] == "times that the bus was taken");
    CHECK(j["metrics"][2]["p50"] == "30000");               // times are exact: strings
    CHECK(j["metrics"][2]["mean"] == "45000.000");
    CHECK(j["metrics"][2]["p99.9"] == "60000");
    CHECK(j["verdicts"][1]["held"] == false);
    CHECK(j["flows"][0]["packets_per_second"] == 100'000.0);
    CHECK(j["flows"][0]["stages"][1]["max"] == "4000999");
    CHECK(j["limit"]["highest"] == "server.pci0");
    CHECK(j["limit"]["limited"] == true);
    CHECK(j["checks"][1]["breaches"] == 2);
    CHECK(j["notes"].size() == 1);
}

TEST_CASE("Of no samples nothing is known and percentiles say how exact they are") {
    auto r = sample_result();
    r.metrics[2].take(histogram());
    r.flows[0].hops[0].time = histogram();
    const auto j = json::parse(report::to_json(r));
    CHECK(j["percentiles"] == "exact below 2048, else at most 1/1024 above the exact sample, never below");
    for (const char* key : {"mean", "min", "p50", "p90", "p99", "p99.9", "max"}) {
        CHECK(j["metrics"][2].at(key).is_null());
        CHECK(j["flows"][0]["stages"][0].at(key).is_null());
    }
    CHECK(j["metrics"][2]["count"] == 0);
}

TEST_CASE("The same result makes the same bytes, on one line with the same content") {
    const auto r = sample_result();
    CHECK(report::to_json(r) == report::to_json(sample_result()));
    const std::string line = report::to_json_line(r);
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(json::parse(line) == json::parse(report::to_json(r)));
}

TEST_CASE("Any octets become valid JSON text") {
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    all += "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\xED\xA0\x80\xC0\x80";
    const std::string back = json::parse(report::json_quoted(all)).get<std::string>();
    CHECK(back.substr(0, 128) == all.substr(0, 128));
    CHECK(back.find("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80") != std::string::npos);
}

TEST_CASE("run.json holds what depends on the machine") {
    report::machine_facts m;
    m.wall_seconds = 1.5;
    m.host = "h";
    m.command = {"nicteam", "run"};
    m.files = {{"wave.vcd", "waveform"}};
    const auto j = json::parse(report::to_json(m, 10 * second));
    CHECK(j["wall_seconds"] == 1.5);
    CHECK(j["simulated_ps"] == "10000000000000");
    CHECK(j["command"][1] == "run");
    CHECK(j["files"][0]["name"] == "wave.vcd");
}

TEST_CASE("A metric is found by its path") {
    const auto r = sample_result();
    REQUIRE(r.find("server.pci0.tenures"));
    CHECK(r.find("server.pci0.tenures")->total == 12'345);
    CHECK(r.find("server.pci0") == nullptr);
}
