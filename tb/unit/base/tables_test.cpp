#include <catch2/catch.hpp>

#include "nicteam/base/tables.h"

using namespace nicteam;

namespace {

enum class colour : std::uint8_t { red, green, blue };
struct config {
    unsigned wait_states = 0;
    bool on = false;
    std::int64_t period = 0;
    colour c = colour::red;
    std::string name;
    std::vector<std::string> members;
};

const parameter_info rows[] = {
    {"wait_states", quantity::count, "0", "0", "8", nullptr, "m", "s", store<&config::wait_states>},
    {"on", quantity::flag, "false", nullptr, nullptr, nullptr, "m", "s", store<&config::on>},
    {"period", quantity::period, "30 ns", nullptr, nullptr, nullptr, "m", "s", store<&config::period>},
    {"colour", quantity::choice, "red", nullptr, nullptr, "red|green|blue", "m", "s", store<&config::c>},
    {"name", quantity::text, "", nullptr, nullptr, nullptr, "m", "s", store<&config::name>},
    {"members", quantity::list, "", nullptr, nullptr, nullptr, "m", "s", store<&config::members>},
};

}  // namespace

TEST_CASE("store writes each kind of field") {
    config c;
    value v;
    std::string why;
    REQUIRE(parse_quantity(quantity::count, "5", v, why));
    rows[0].store(&c, v);
    REQUIRE(parse_quantity(quantity::flag, "true", v, why));
    rows[1].store(&c, v);
    REQUIRE(parse_quantity(quantity::period, "33 MHz", v, why));
    rows[2].store(&c, v);
    v = {};
    v.integer = 2;
    v.text = "blue";
    rows[3].store(&c, v);
    v = {};
    v.text = "nic0";
    rows[4].store(&c, v);
    v = {};
    v.list = {"a", "b"};
    rows[5].store(&c, v);
    REQUIRE(c.wait_states == 5);
    REQUIRE(c.on);
    REQUIRE(c.period == 30'000);
    REQUIRE(c.c == colour::blue);
    REQUIRE(c.name == "nic0");
    REQUIRE(c.members == std::vector<std::string>{"a", "b"});
}

TEST_CASE("table is a view of its rows") {
    const block_info block{"thing", "meaning", rows, {}, {}, {}, {}, {}, {}};
    REQUIRE(block.parameters.count == 6);
    std::size_t n = 0;
    for (const auto& row : block.parameters) n += row.name != nullptr;
    REQUIRE(n == 6);
    REQUIRE(block.metrics.begin() == block.metrics.end());
}
