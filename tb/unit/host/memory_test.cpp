#include <catch2/catch.hpp>

#include "nicteam/host/memory_bank.h"
#include "nicteam/sim/session.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using namespace nicteam::host;

namespace {
void to(ps t) { sc_core::sc_start(sim::to_sc_time(t - sim::now())); }
}

TEST_CASE("A burst into memory is seen word by word - strictly after each edge", "[memory]") {
    const ps delay = GENERATE(ps{0}, ps{60'000});
    test::fresh_kernel k;
    memory_bank m("m", {});
    std::uint8_t data[32];
    for (unsigned i = 0; i < 32; ++i) data[i] = static_cast<std::uint8_t>(i + 1);
    span words;
    words.append({300'000, 30'000, 8});
    open_burst b;
    b.address = 0x100;
    b.bytes = 32;
    b.data = data;
    b.words = &words;
    b.into_memory = true;
    b.delay = delay;
    m.open(b, 0);
    bool open = true;
    for (unsigned n = 0; n < 14; ++n) {
        const ps t = 270'000 + 30'000 * static_cast<ps>(n);
        to(t);
        if (open && t == words.last()) {
            m.close(b, t);
            open = false;
        }
        const auto seen = static_cast<unsigned>(std::min<std::uint64_t>(words.passed(t - delay), 8));
        CHECK(m.read8(0x100 + 4 * seen, t) == 0);
        if (seen) CHECK(m.read8(0x100 + 4 * seen - 1, t) == 4 * seen);
        to(t + 1);
        if (words.passed_by(t - delay))
            CHECK(m.read8(0x100 + 4 * static_cast<unsigned>(words.passed_by(t - delay)) - 1, t + 1) == 4 * words.passed_by(t - delay));
    }
    CHECK(m.open_bursts() == 0);
}

TEST_CASE("An observer sees what the bridge has posted - word by word as it passed", "[memory]") {
    test::fresh_kernel k;
    memory_bank m("m", {});
    const std::uint8_t data[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    span words;
    words.append({100'000, 30'000, 2});
    open_burst b;
    b.address = 0x40;
    b.bytes = 8;
    b.data = const_cast<std::uint8_t*>(data);
    b.words = &words;
    b.into_memory = true;
    b.delay = 120'000;
    m.open(b, 0);
    const auto posted = [&] {
        std::uint8_t v[4];
        m.read_posted(0x42, v, 4);
        return std::vector<int>(v, v + 4);
    };
    to(99'999);
    CHECK(posted() == std::vector<int>{0, 0, 0, 0});
    to(100'000);
    CHECK(posted() == std::vector<int>{3, 4, 0, 0});
    to(130'000);
    m.close(b, 130'000);
    CHECK(posted() == std::vector<int>{3, 4, 5, 6});
    CHECK(m.read8(0x42, 130'000) == 0);           // software does not
    to(220'001);
    CHECK(m.read8(0x42, 220'001) == 3);
    CHECK(m.read8(0x44, 220'001) == 0);
    CHECK(posted() == std::vector<int>{3, 4, 5, 6});
}

TEST_CASE("A burst out of memory takes each word as it was at its edge", "[memory]") {
    test::fresh_kernel k;
    memory_bank m("m", {});
    std::uint8_t data[16] = {};
    span words;
    words.append({100'000, 30'000, 4});
    open_burst b;
    b.address = 0x40;
    b.bytes = 16;
    b.data = data;
    b.words = &words;
    m.open(b, 0);
    to(130'000);                                  // the second word passes now, and does not see this write
    for (unsigned w = 0; w < 4; ++w) m.write32(0x40 + 4 * w, 0x01010101u, 130'000);
    to(190'000);
    m.close(b, 190'000);
    CHECK(data[0] == 0);
    CHECK(data[4] == 0);
    CHECK(data[8] == 1);
    CHECK(data[12] == 1);
}

TEST_CASE("A burst that is cut leaves what did not pass alone", "[memory]") {
    test::fresh_kernel k;
    memory_bank m("m", {});
    std::uint8_t data[16];
    std::fill(std::begin(data), std::end(data), std::uint8_t{7});
    span words;
    words.append({100'000, 30'000, 4});
    open_burst b;
    b.address = 2;                                // the first word carries two bytes
    b.bytes = 14;
    b.data = data;
    b.words = &words;
    b.into_memory = true;
    m.open(b, 0);
    words.cut(130'000);
    to(130'000);
    m.close(b, 130'000);
    to(200'000);
    CHECK(m.read8(1, 200'000) == 0);
    CHECK(m.read8(2, 200'000) == 7);
    CHECK(m.read8(7, 200'000) == 7);
    CHECK(m.read8(8, 200'000) == 0);
}

TEST_CASE("Two bursts over one range meet word by word", "[memory]") {
    test::fresh_kernel k;
    memory_bank m("m", {});
    std::uint8_t in[16], out[16] = {};
    std::fill(std::begin(in), std::end(in), std::uint8_t{9});
    span writes, reads;
    writes.append({100'000, 40'000, 4});          // 100 140 180 220
    reads.append({90'000, 60'000, 4});            //  90 150 210 270
    open_burst w, r;
    w.bytes = r.bytes = 16;
    w.data = in;
    w.words = &writes;
    w.into_memory = true;
    r.data = out;
    r.words = &reads;
    m.open(w, 0);
    m.open(r, 0);
    to(220'000);
    m.close(w, 220'000);
    to(270'000);
    m.close(r, 270'000);
    CHECK(out[0] == 0);
    CHECK(out[4] == 9);
    CHECK(out[8] == 9);
    CHECK(out[12] == 9);
}

TEST_CASE("Memory gives out ranges until it is used up and refuses accesses behind its end", "[memory]") {
    test::fresh_kernel k;
    memory_config c;
    c.size = 65'536;
    memory_bank m("m", c);
    CHECK(m.allocate(3) == 0);
    CHECK(m.allocate(10, 64) == 64);
    CHECK_THROWS_AS(m.allocate(70'000), std::runtime_error);
    CHECK_THROWS_AS(m.read8(65'536, 0), std::out_of_range);
}
