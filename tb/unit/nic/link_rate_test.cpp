// Register 1Eh of identity extended: the link's rate, which general status has no bits for.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct linked_rig : rig {
    linked_rig(const nic::nic_config& c, std::int64_t rate, bool up) : rig(c, 1 << 20, {}, false) {
        cable.rate = rate;
        cable.up = up;
        card.plug(cable);
        begin();
    }
};

}  // namespace

TEST_CASE("link rate: mantissa and power of ten while the link is up and 0 for any other controller") {
    struct row { std::int64_t rate; unsigned word; };
    for (const row& w : {row{10'000'000, 0x43E8}, row{100'000'000, 0x53E8}, row{1'000'000'000, 0x63E8}, row{400'000'000'000, 0x8FA0},
                         row{2'500'000, 0x39C4}, row{4'095'000, 0x3FFF}, row{4'096'000, 0x4199}, row{1'234'567, 0x34D2}})
        for (const bool up : {true, false}) {
            fresh_kernel k;
            nic::nic_config c;
            c.identity = nic::nic_identity::extended;
            c.link_rate = 400'000'000'000;
            linked_rig r(c, w.rate, up);
            INFO(w.rate);
            CHECK(r.read(0x1E, 2) == (up ? w.word : 0));
            CHECK(r.read(0x1F, 1) == (up ? w.word >> 8 : 0));
            CHECK(r.metric("refused_register") == 0);
            r.write(0x1E, 2, 0);
            CHECK(r.metric("refused_register") == 1);
        }
    fresh_kernel k;
    linked_rig r({}, 100'000'000, true);
    CHECK(r.read(0x1E, 2) == 0);
}
