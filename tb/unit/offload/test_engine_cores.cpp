#include <catch2/catch.hpp>

#include <set>

#include "nicteam/offload/engine_cores.h"

using namespace nicteam;
using namespace nicteam::offload;

namespace {

std::string megabits(const char* core, block_use use) { return bounds::fraction(rate(*core_named(core), use, 30'003)).decimal(0); }

// 10^5 bit/s, rounded: what a table of Mb/s with one decimal shows.
std::string tenths(const char* core, block_use use) {
    bounds::fraction f = rate(*core_named(core), use, 30'003);      // 33.33 MHz
    f.denominator *= 1'000'000;
    return f.decimal(1);
}

}  // namespace

TEST_CASE("names of cores are there once and each row can do something") {
    std::set<std::string> names;
    for (const engine_core& c : engine_cores) {
        CAPTURE(c.name);
        CHECK(names.insert(c.name).second);
        CHECK(core_named(c.name) == &c);
        CHECK(c.forward.interval >= 1);
        CHECK(c.forward.latency >= 1);
        CHECK(c.chained <= 73);
        const bool cipher = c.kind == core_kind::des || c.kind == core_kind::des3 || c.kind == core_kind::aes;
        CHECK((c.key != 0) == (cipher || c.kind == core_kind::aes_gcm));
        CHECK((c.chained != 0) == cipher);
        if (c.chained) CHECK(c.chained == c.forward.latency);      // a block waits for the whole of the one before
        CHECK((c.tag != 0) == (c.kind == core_kind::aes_gcm));
        CHECK(std::string(c.source).find('@') != std::string::npos);
    }
    CHECK(core_named("des") == nullptr);
    CHECK(core_names(core_kind::des3) == "3des-area, 3des-pipelined, 3des-cascade");
}

TEST_CASE("one engine at 33.33 MHz does what was derived from its measured intervals") {
    CHECK(tenths("des-area", block_use::forward) == "133.3");
    CHECK(tenths("3des-area", block_use::chained) == "44.4");
    CHECK(tenths("3des-cascade", block_use::backward) == "112.3");
    CHECK(tenths("3des-cascade", block_use::chained) == "38.1");
    CHECK(tenths("aes-128-iterative", block_use::chained) == "80.5");
    CHECK(tenths("aes-128-round", block_use::chained) == "355.5");
    CHECK(tenths("aes-128-round", block_use::backward) == "328.2");
    CHECK(tenths("aes-128-pipelined", block_use::chained) == "203.2");
    CHECK(tenths("sha1", block_use::forward) == "208.1");
    CHECK(tenths("sha256", block_use::forward) == "258.6");
    CHECK(tenths("md5", block_use::forward) == "258.6");
    CHECK(tenths("ghash", block_use::forward) == "251.0");
    CHECK(tenths("aes-128-gcm", block_use::forward) == "193.9");
    CHECK(megabits("aes-128-pipelined", block_use::backward) == "-");      // it cannot
}
