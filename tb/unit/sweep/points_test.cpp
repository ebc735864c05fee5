#include <catch2/catch.hpp>

#include "sweep/points/plan.h"

using namespace nicteam::sweep;

namespace {

scenario_keys no_scenario() {
    return {[](const std::string& name) -> expression_value {
                if (name == "nic.mtu") return number_of(1500 * 8, {0, 1});
                throw std::invalid_argument(name + ": matches nothing in this scenario");
            },
            [](const std::string&, const expression_value& v) { return std::to_string(static_cast<long>(v.amount)); },
            [](const std::string& key, const std::string& name) { return key == "nic.engines" && name == "server.pci0.nic0.engines"; },
            [](const std::string&, expression_value v) { return v; },
            [](const std::string&, const std::string& text) { return text == "30 ns" ? "33 MHz" : text; }};
}

std::vector<assignment> set_of(const std::string& a, const std::string& b) { return {{"a", a}, {"b", b}}; }

plan two_axes() {
    plan p;
    p.parameters.push_back({"a", {"1", "2"}, {}});
    p.parameters.push_back({"b", {"1", "2", "3"}, {}});
    return p;
}

std::string refused(const plan& p) {
    try {
        if (const drawn d = points_of(p, no_scenario()); !d.wrong.empty()) return d.wrong.front().why.what();
    } catch (const std::invalid_argument& why) {
        return why.what();
    }
    return "";
}

}  // namespace

TEST_CASE("constraints refuse points, the baseline comes first and is not among them twice") {
    plan p = two_axes();
    p.constraints.emplace_back("a + b <= 4");
    p.constraints.emplace_back("a != 1 || b != 1");
    p.baseline = set_of("1", "2");
    const drawn d = points_of(p, no_scenario());
    std::vector<std::vector<assignment>> all;
    for (const point& at : d.points) all.push_back(at.set);
    CHECK(all == std::vector<std::vector<assignment>>{set_of("1", "2"), set_of("1", "3"), set_of("2", "1"), set_of("2", "2")});
    CHECK(d.points[0].baseline);
    CHECK(d.refused == 2);
    CHECK(d.doubled == 1);
}

TEST_CASE("the same values are one point, however they are written and in whichever order") {
    plan p = two_axes();
    p.parameters[0].values = {"33 MHz", "1", "30 ns"};
    p.baseline = {{"b", "2"}, {"a", "30 ns"}};
    drawn d = points_of(p, no_scenario());
    CHECK(d.points[0].set == set_of("33 MHz", "2"));
    CHECK(d.points.size() == 6);
    CHECK(d.doubled == 4);
    p.how = method::list;
    p.points = {{"", {{"b", "1"}, {"a", "1"}, {"c", "1"}}}, {"", {{"c", "1"}, {"a", "1"}, {"b", "1"}}}};
    CHECK(points_of(p, no_scenario()).doubled == 1);
    // What the baseline leaves alone has a value as well.
    p = two_axes();
    p.parameters.push_back({"nic.mtu", {"12000", "600"}, {}});
    p.baseline = set_of("1", "1");
    d = points_of(p, no_scenario());
    CHECK(d.points.size() == 12);
    CHECK(d.doubled == 1);
}

TEST_CASE("a derived parameter follows from those of the point, else from the scenario's") {
    plan p;
    p.parameters.push_back({"nic.engines", {"1", "4"}, {}});
    p.follows.push_back({"ring", expression("16 * server.pci0.nic0.engines")});
    p.follows.push_back({"room", expression("ring * nic.mtu / 1 B")});
    const drawn d = points_of(p, no_scenario());
    CHECK(d.points[1].set == std::vector<assignment>{{"nic.engines", "4"}, {"ring", "64"}, {"room", "96000"}});
}

TEST_CASE("a variable of the sweep is known to expressions and to no run, a parameter by another name as well") {
    plan p;
    p.parameters.push_back({"load", {"2", "4"}, {}, true});
    p.parameters.push_back({"a", {"8"}, {}});
    p.called["width"] = "a";
    p.follows.push_back({"half", expression("load * 1 us / width"), true});
    p.follows.push_back({"ring", expression("round(half / 1 ns)")});
    p.constraints.emplace_back("width == 8");
    const drawn d = points_of(p, no_scenario());
    CHECK(d.points[1].set == std::vector<assignment>{{"load", "4"}, {"a", "8"}, {"half", "5e-07 s"}, {"ring", "500"}});
    CHECK((p.is_free("load") && p.is_free("half")));
    CHECK_FALSE((p.is_free("a") || p.is_free("ring")));
    p.follows.push_back({"odd", expression("half * nic.mtu"), true});
    CHECK(refused(p) == "\"half * nic.mtu\": odd would be in s^1 bit^1: a variable is a number, a time, a frequency, a size or a rate");
}

TEST_CASE("samples take values of lists and of ranges") {
    plan p = two_axes();
    p.how = method::sobol;
    p.samples = 6;
    p.parameters[1] = {"b", {}, range("0 us", "10 us", false)};
    const drawn d = points_of(p, no_scenario());
    CHECK(d.points[1].set == set_of("2", "5 us"));
    CHECK(d.points[2].set == set_of("2", "2.5 us"));
    CHECK(d.points[3].set == set_of("1", "7.5 us"));
}

TEST_CASE("what cannot be a sweep is told") {
    CHECK(refused(plan{}) == "nothing varies: [[vary]], or --set KEY=VALUE,VALUE");
    plan p = two_axes();
    p.how = method::latin_hypercube;
    CHECK(refused(p) == "random, latin_hypercube and sobol want `points`: how many");
    p = two_axes();
    p.how = method::zip;
    CHECK(refused(p) == "zip takes as many values of each parameter; one has 2, another 3");
    p = two_axes();
    p.constraints.emplace_back("a > 2");
    CHECK(refused(p) == "no point is left: constraints refuse all 6");
    p.constraints.clear();
    p.constraints.emplace_back("c > 2");
    CHECK(refused(p) == "\"c > 2\", column 1: c: matches nothing in this scenario");
    p.how = method::list;
    CHECK(refused(p) == "method = \"list\" wants points: [[point]]");
    p = two_axes();
    p.parameters.assign(7, {"a", std::vector<std::string>(10, "1"), {}});
    CHECK(refused(p) == "10000000 points; at most 1000000");
}

TEST_CASE("what is wrong at some points is told with the first of them, of all expressions, and nothing for what follows from it") {
    plan p = two_axes();
    p.follows.push_back({"inverse", expression("1 / (a - 1)"), true});
    p.follows.push_back({"twice", expression("2 * inverse"), true});
    p.constraints.emplace_back("b < 3");
    p.constraints.emplace_back("inverse > 0");
    p.constraints.emplace_back("nic.mtu / (b - 2) > 0 B");
    for (std::size_t n = 0; n < 3; ++n) p.constraints[n].mark = 10 + n;
    const drawn d = points_of(p, no_scenario());
    REQUIRE(d.wrong.size() == 2);
    CHECK(d.wrong[0].set == set_of("1", "1"));
    CHECK((d.wrong[0].points == 3 && d.tried == 6));
    CHECK(d.wrong[1].why.mark == 12);
    CHECK((d.wrong[1].set == set_of("1", "2") && d.wrong[1].points == 2));  // at b = 3 another one refuses first
    CHECK((d.points.empty() && d.refused == 2));
}

TEST_CASE("replicates have the same seeds at every point, or each point its own") {
    plan p = two_axes();
    p.seed = 7;
    const point a{set_of("1", "1")}, b{set_of("2", "1")};
    CHECK(seed_of(p, a, 0) == 7);
    CHECK(seed_of(p, a, 3) == seed_of(p, b, 3));
    CHECK(seed_of(p, a, 3) != seed_of(p, a, 4));
    p.common_seeds = false;
    CHECK(seed_of(p, a, 0) != seed_of(p, b, 0));
    CHECK(seed_of(p, a, 3) != seed_of(p, b, 3));
    CHECK(seed_of(p, a, 3) < (std::uint64_t{1} << 63));
}

TEST_CASE("ranges are written in the finer unit, in whole octets, with both ends as they are") {
    CHECK(range("10 MHz", "66 MHz", false).steps(3) == std::vector<std::string>{"10 MHz", "38 MHz", "66 MHz"});
    CHECK(range("1 us", "1 ms", true).steps(4) == std::vector<std::string>{"1 us", "10 us", "100 us", "1000 us"});
    CHECK(range("16 B", "16 KiB", true).steps(3) == std::vector<std::string>{"16 B", "512 B", "16384 B"});
    CHECK(range("1", "8", false).steps(3) == std::vector<std::string>{"1", "5", "8"});
    CHECK(range("0", "1.5", false).steps(3) == std::vector<std::string>{"0", "0.75", "1.5"});
    CHECK(range("5 %", "20 %", false).steps(2) == std::vector<std::string>{"5 %", "20 %"});
    CHECK(range("100 kbps", "10 Mbps", true).steps(3) == std::vector<std::string>{"100 kbps", "1000 kbps", "10000 kbps"});
    CHECK(range("1 us", "2 us", false).at(1 / 3.0) == "1.333 us");
    CHECK(range("8", "1", false).steps(2) == std::vector<std::string>{"8", "1"});
    CHECK(range("3", "9", false).steps(1) == std::vector<std::string>{"3"});
    CHECK_THROWS_WITH(range("1 us", "2 B", false), "from \"1 us\" to \"2 B\": a time and a size");
    CHECK_THROWS_WITH(range("0 us", "2 us", true), "from \"0 us\" to \"2 us\": a logarithmic scale begins above 0");
    CHECK_THROWS_WITH(range("fast", "2 us", true), "\"fast\" is no number");
}
