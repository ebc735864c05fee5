#include <catch2/catch.hpp>

#include "nicteam/base/units.h"
#include "tick_span.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

std::int64_t read(quantity q, const char* written) {
    value v;
    std::string why;
    INFO(written);
    const bool ok = parse_quantity(q, written, v, why);
    INFO(why);
    REQUIRE(ok);
    return v.integer;
}

std::string complaint(quantity q, const std::string& written) {
    value v;
    std::string why;
    INFO(written);
    REQUIRE_FALSE(parse_quantity(q, written, v, why));
    REQUIRE_FALSE(why.empty());
    return why;
}

}  // namespace

TEST_CASE("every unit of time") {
    REQUIRE(read(quantity::time, "7 ps") == 7);
    REQUIRE(read(quantity::time, "30 ns") == 30'000);
    REQUIRE(read(quantity::time, "1.5 us") == 1'500'000);
    REQUIRE(read(quantity::time, "2ms") == 2'000'000'000);
    REQUIRE(read(quantity::time, "0.001 s") == 1'000'000'000);
    REQUIRE(read(quantity::time, "1e-3 s") == 1'000'000'000);
    REQUIRE(read(quantity::time, "  10 ns ") == 10'000);
    REQUIRE(read(quantity::time, "1_000 ns") == 1'000'000);
    REQUIRE(read(quantity::time, "0 s") == 0);
}

TEST_CASE("every unit of rate and size") {
    REQUIRE(read(quantity::rate, "9600 bps") == 9'600);
    REQUIRE(read(quantity::rate, "64 kbps") == 64'000);
    REQUIRE(read(quantity::rate, "100 Mbps") == 100'000'000);
    REQUIRE(read(quantity::rate, "2.5 Gbps") == 2'500'000'000);
    REQUIRE(read(quantity::size, "60 B") == 60);
    REQUIRE(read(quantity::size, "3 KiB") == 3072);
    REQUIRE(read(quantity::size, "1.5 MiB") == 1'572'864);
    REQUIRE(read(quantity::size, "1 GiB") == 1'073'741'824);
}

TEST_CASE("ratios and counts and flags") {
    REQUIRE(read(quantity::ratio, "0.25") == 250'000'000'000'000'000);
    REQUIRE(read(quantity::ratio, "5 %") == 50'000'000'000'000'000);
    REQUIRE(read(quantity::ratio, "1e-6") == 1'000'000'000'000);
    REQUIRE(read(quantity::ratio, "1") == 1'000'000'000'000'000'000);
    REQUIRE(read(quantity::count, "42") == 42);
    REQUIRE(read(quantity::count, "-1") == -1);
    REQUIRE(read(quantity::count, "1e3") == 1000);
    REQUIRE(read(quantity::flag, "true") == 1);
    REQUIRE(read(quantity::flag, "false") == 0);
}

TEST_CASE("PCI clock names mean the standard's periods") {
    // PCI 2.2, 4.2.3.1 and 7.6.4.1: minimum cycle times 30 ns and 15 ns.
    for (const char* s : {"33 MHz", "33.0 MHz", "33000 kHz", "33000000 Hz", "0.033 GHz", "3.3e1 MHz"}) REQUIRE(read(quantity::period, s) == 30'000);
    for (const char* s : {"66 MHz", "66.00 MHz", "66000 kHz"}) REQUIRE(read(quantity::period, s) == 15'000);
    REQUIRE(read(quantity::period, "33.333 MHz") == 30'000);
    REQUIRE(read(quantity::period, "25 MHz") == 40'000);
    REQUIRE(read(quantity::period, "30 ns") == 30'000);
    REQUIRE(read(quantity::period, "12.5 MHz") == 80'000);
    REQUIRE(read(quantity::period, "1 GHz") == 1'000);
    REQUIRE(read(quantity::period, "450 MHz") == 2'222);   // to the nearest picosecond: 2222.2
    REQUIRE(read(quantity::period, "600 MHz") == 1'667);   // 1666.7
    REQUIRE(read(quantity::period, "1 Hz") == 1'000'000'000'000);
}

TEST_CASE("messages name what is wrong and what is allowed") {
    REQUIRE(complaint(quantity::time, "30") == "needs a unit: ps, ns, us, ms, s");
    REQUIRE(complaint(quantity::time, "30 Mbps").find("unknown unit 'Mbps'") != std::string::npos);
    REQUIRE(complaint(quantity::rate, "100 MB/s").find("bps, kbps, Mbps, Gbps") != std::string::npos);
    REQUIRE(complaint(quantity::size, "3 KB").find("KiB") != std::string::npos);
    REQUIRE(complaint(quantity::time, "fast").find("not a number") != std::string::npos);
    REQUIRE(complaint(quantity::count, "3 B").find("no unit") != std::string::npos);
    REQUIRE(complaint(quantity::count, "") == "is not a number");
    REQUIRE(complaint(quantity::ratio, "half") == "is not a number");
    REQUIRE(complaint(quantity::flag, "yes").find("neither") != std::string::npos);
    REQUIRE(complaint(quantity::time, "0.5 ps").find("finer") != std::string::npos);
    REQUIRE(complaint(quantity::count, "1.5").find("finer") != std::string::npos);
    REQUIRE(complaint(quantity::time, "9999999999 s").find("too large") != std::string::npos);
    REQUIRE(complaint(quantity::time, "1e300 s").find("too large") != std::string::npos);
    REQUIRE(complaint(quantity::period, "0 MHz").find("above 0") != std::string::npos);
    REQUIRE(complaint(quantity::period, "-5 MHz").find("above 0") != std::string::npos);
    complaint(quantity::period, "1e30 GHz");
    complaint(quantity::period, "1e-40 Hz");
    complaint(quantity::ratio, "0.0000000000000000001");
}

TEST_CASE("long digit strings neither overflow nor lie") {
    REQUIRE(read(quantity::ratio, "0.50000000000000000000000000000000000") == 500'000'000'000'000'000);
    REQUIRE(read(quantity::period, "1.000000000000000000000000000000 GHz") == 1'000);
    REQUIRE(read(quantity::time, "1.0000000000000000000000000000 s") == 1'000'000'000'000);
    complaint(quantity::ratio, "1267650600228229401496703205376");
    complaint(quantity::time, "999999999999999999999999999999 s");
    complaint(quantity::count, "99999999999999999999999999999999999999999999999999");
    complaint(quantity::time, "0.100000000000000000000000000001 s");
    // Far below half a picosecond away from 30 ns, and exactly as written.
    REQUIRE(read(quantity::period, "33.33333333333333333333333333 MHz") == 30'000);
    REQUIRE(complaint(quantity::period, "33.33333333333333333333333333333 MHz").find("more than 28 digits") != std::string::npos);
}

TEST_CASE("what is formatted parses back to the same value in its shortest unit") {
    REQUIRE(format_quantity(quantity::time, 30'000) == "30 ns");
    REQUIRE(format_quantity(quantity::time, 1'500) == "1500 ps");
    REQUIRE(format_quantity(quantity::size, 3072) == "3 KiB");
    REQUIRE(format_quantity(quantity::rate, 100'000'000) == "100 Mbps");
    REQUIRE(format_quantity(quantity::ratio, 250'000'000'000'000'000) == "0.25");
    REQUIRE(format_quantity(quantity::time, 0) == "0 ps");
    dice roll(60);
    for (int i = 0; i < 15'000; ++i) {
        for (const quantity q : {quantity::count, quantity::flag, quantity::time, quantity::period, quantity::rate, quantity::size, quantity::ratio}) {
            std::int64_t v = roll(0, INT64_MAX - 1) >> roll(0, 62);
            if (q == quantity::flag) v &= 1;
            if (q == quantity::count && roll(0, 1)) v = -v;
            if (q == quantity::period && v == 0) v = 1;
            for (std::int64_t zeros = roll(0, 6); zeros > 0 && v < INT64_MAX / 10 && v > INT64_MIN / 10 && q != quantity::flag; --zeros) v *= 10;
            value back;
            std::string why;
            const std::string text = format_quantity(q, v);
            if (!parse_quantity(q, text, back, why) || back.integer != v || back.text != text) FAIL(text << " " << why);
        }
    }
}

TEST_CASE("no text crashes the reader") {
    dice roll(61);
    const std::string letters = "0123456789.-+eE_ %psnumkMGHzbBi\x01\xff";
    for (int i = 0; i < 200'000; ++i) {
        std::string s;
        for (std::int64_t n = roll(0, 12); n > 0; --n) s += letters[static_cast<std::size_t>(roll(0, static_cast<std::int64_t>(letters.size()) - 1))];
        const auto q = static_cast<quantity>(roll(0, 9));
        value v;
        std::string why;
        if (!parse_quantity(q, s, v, why) && why.empty()) FAIL("no reason given for '" << s << "'");
    }
}
