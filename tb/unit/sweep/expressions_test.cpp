#include <cmath>
#include <cstdlib>

#include <catch2/catch.hpp>

#include "sweep/expressions/expression.h"

using namespace nicteam::sweep;

namespace {

expression_value named(const std::string& name) {
    if (name == "engines") return number_of(4);
    if (name == "server.pci0.clock") return value_of_text("33 MHz");
    if (name == "p99(client.*.delay)") return number_of(2e-3, {1, 0});
    if (name == "members") return value_of_text("[\"nic0\", 'nic1', nic2]");
    if (name == "mean(client.delay)") return number_of(std::nan(""), {1, 0});
    if (name == "mode") return word_of("balance_rr");
    throw std::invalid_argument(name + " is unknown");
}

double number(const std::string& text) { return expression(text).value(named).amount; }
bool holds(const std::string& text) { return expression(text).holds(named); }

std::string wrong(const std::string& text) {
    try {
        expression(text).value(named);
    } catch (const expression_error& e) {
        return std::to_string(e.column) + ": " + e.what();
    }
    return "";
}

}  // namespace

TEST_CASE("operators bind as in C") {
    CHECK(number("1 + 2 * 3") == 7);
    CHECK(number("(1 + 2) * 3") == 9);
    CHECK(number("10 - 4 - 3") == 3);
    CHECK(number("-engines + 10 % 4") == -2);
    CHECK(holds("1 < 2 && 2 < 3 || false"));
    CHECK(holds("true || false && false"));
    CHECK_FALSE(holds("!(engines == 4)"));
    CHECK(number("min(3, engines, 9) + max(1, 2) + floor(2.9) + ceil(2.1) + round(2.5) + abs(-1) + sqrt(9) + log2(8)") == 3 + 2 + 2 + 3 + 3 + 1 + 3 + 3);
}

TEST_CASE("units are watched") {
    CHECK(holds("server.pci0.clock >= 33 MHz"));
    CHECK(holds("1 us == 1000 ns"));
    CHECK(holds("0.1 us + 0.2 us == 300 ns"));
    CHECK(holds("1500 B / 100 Mbps == 120 us"));
    CHECK(holds("1 KiB * 8 == 65536 B / 8"));
    CHECK(holds("abs(server.pci0.clock * 30 ns - 1) < 1e-9"));   // a name for 30 ns
    CHECK(holds("80 % == 0.8"));
    CHECK(number("7 %3") == 1);  // a remainder, as something follows
    CHECK(wrong("1 us + 1 B") == "6: + takes two of one kind, and here is a time and a size");
    CHECK(wrong("server.pci0.clock < 5") == "19: < takes two of one kind, and here is a frequency and a plain number");
    CHECK(wrong("floor(3 us)") == "1: floor is for plain numbers, not for a time; divide by a unit first");
    CHECK(wrong("3 furlongs") == "3: \"furlongs\" is no unit; there are ps ns us ms s, Hz kHz MHz GHz, bps kbps Mbps Gbps, B KiB MiB GiB, %");
}

TEST_CASE("words compare with words, and what is left open by the first side decides alone") {
    CHECK(holds("mode == \"balance_rr\" && mode != 'broadcast'"));
    CHECK(wrong("mode == 3") == "6: == compares a word (\"balance_rr\") with a plain number");
    CHECK(holds("true || nothing"));
    CHECK_FALSE(holds("false && nothing"));
    CHECK(wrong("nothing") == "1: nothing is unknown");
}

TEST_CASE("a choice takes one side, and only that has to be there") {
    CHECK(number("engines > 3 ? 1 : nothing") == 1);
    CHECK(number("engines > 4 ? nothing : engines < 2 ? 5 : 6") == 6);
    CHECK(number("2 * (mode == 'balance_rr' ? 3 : 4)") == 6);
    CHECK(number("min(true ? 8 : 1, 5)") == 5);
    CHECK(wrong("engines ? 1 : 2") == "9: ? is for true and false, not for a plain number");
    CHECK(wrong("true ? 1") == "6: has no \":\"");
}

TEST_CASE("powers, logarithms and lists") {
    CHECK(number("pow(2, 10) + exp(0) + ln(exp(3))") == Approx(1024 + 1 + 3));
    CHECK(number("1 - pow(1 - 1 %, 3)") == Approx(0.029701));
    CHECK(wrong("pow(2)") == "1: pow takes 2 values, not 1");
    CHECK(wrong("ln(0)") == "1: ln gives no number");
    CHECK(number("count(members)") == 3);
    CHECK(number("count(first(members, 2))") == 2);
    CHECK(text_of(expression("first(members, 2)").value(named)) == "[\"nic0\", \"nic1\"]");
    CHECK(holds("first(members, 0) != members && first(members, 3) == members"));
    CHECK(wrong("first(members, 4)") == "1: first takes 0 to 3 of this list, not 4");
    CHECK(wrong("count(engines)") == "1: count is for lists, not for a plain number");
    CHECK(wrong("members + 1") == "1: members is a list; + takes numbers, as count(members) is one");
    CHECK(wrong("2 <= first(members, 1)") == "6: first(…) is a list; <= takes numbers");
}

TEST_CASE("nothing is known of what follows from the unknown") {
    CHECK(std::isnan(number("2 * mean(client.delay) / 1 us")));
    CHECK(std::isnan(number("min(mean(client.delay), 1 s) / 1 s + 1")));
    CHECK(wrong("1 / (engines - 4)") == "3: / gives no number");
}

TEST_CASE("values are written as they are read") {
    for (const char* text : {"3", "0.25", "1.5e-06 s", "25000000 Hz", "100000000 bps", "1500 B", "true", "balance_rr", "[\"a\", \"b\"]", "[]"})
        CHECK(text_of(value_of_text(text)) == text);
    CHECK(text_of(number_of(1, {1, 1})).empty());
}

TEST_CASE("properties of metrics are names with their patterns") {
    CHECK(number("p99( client.*.delay ) / 1 ms") == Approx(2));
    CHECK(expression("p99(client.*.delay) + engines * engines").names() == std::vector<std::string>{"p99(client.*.delay)", "engines"});
}

TEST_CASE("what is no expression is told with its column") {
    CHECK(wrong("") == "1: is empty");
    CHECK(wrong("1 +") == "4: ends where a value was expected");
    CHECK(wrong("(1") == "1: has no \")\"");
    CHECK(wrong("1 2") == "3: what is \"2\" to do here? An operator or the end was expected");
    CHECK(wrong("engines = 4") == "9: \"=\" compares nothing; use \"==\"");
    CHECK(wrong("\"open") == "1: a quotation has no end");
    CHECK(wrong("frobnicate(1)").rfind("1: there is no function frobnicate; there are min, max", 0) == 0);
    CHECK(wrong("total()") == "6: total wants a metric");
    CHECK(wrong("1 / 0") == "3: / gives no number");
    CHECK(wrong("engines && true") == "1: && is for true and false, not for a plain number");
    CHECK_THROWS_AS(holds("engines"), expression_error);
    CHECK(wrong(std::string(5000, '(')) == "101: is nested deeper than 100 levels");
    CHECK(wrong(std::string(5000, '-') + "1") == "101: is nested deeper than 100 levels");
}

TEST_CASE("A round number of any unit is that decimal in base units, and comes back as it was") {
    const struct {
        const char *unit, *decimals;
    } units[] = {{"ps", "e-12"}, {"ns", "e-9"}, {"us", "e-6"}, {"ms", "e-3"}, {"s", ""}, {"Hz", ""}, {"kHz", "e3"}, {"GHz", "e9"}, {"kbps", "e3"},
                 {"%", "e-2"}};
    for (const auto& u : units)
        for (int n = 1; n < 1000; ++n) {
            INFO(n << " " << u.unit);
            REQUIRE(value_of_text(std::to_string(n) + " " + u.unit).amount == std::strtod((std::to_string(n) + u.decimals).c_str(), nullptr));
            double factor = 1;
            dimension of;
            REQUIRE(find_unit(u.unit, factor, of));
            REQUIRE(out_of_base(in_base(n, factor), factor) == n);
        }
    CHECK(value_of_text("1518 B").amount == 8 * 1518);
    CHECK(out_of_base(1.0 / 3, 1e-9) == 1e9 / 3);
}
