// Registers that tell of the world outside: the link, the flash that is not fitted.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

TEST_CASE("general status: link and speed and duplex") {
    struct row { bool up; std::int64_t rate; unsigned status; };
    for (const row& w : {row{true, 100'000'000, 7}, row{true, 10'000'000, 5}, row{false, 100'000'000, 0}, row{false, 10'000'000, 0}}) {
        fresh_kernel k;
        rig r;
        r.cable.up = w.up;
        r.cable.rate = w.rate;
        CHECK(r.read(0x1D, 1) == w.status);
    }
}

TEST_CASE("flash window: reads ones and counts writes as refused") {
    fresh_kernel k;
    rig r;
    CHECK(r.access(pci::command::memory_read, rig::flash + 0x1234, 1, 0) == 0xFF);
    r.access(pci::command::memory_write, rig::flash, 1, 0);
    CHECK(r.metric("refused_register") == 1);
}
