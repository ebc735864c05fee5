// One interrupt for several received frames (docs/decisions/0216): by their number, by time behind the first.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

enum { fr = 0x40 };
enum { start = 1 };

// Receives, and notes when the status of each frame was there.
struct bundle_rig : rig {
    static nic::nic_config with(unsigned frames, ps time) {
        nic::nic_config c;
        c.bundle_frames = frames, c.bundle_time = time;
        return c;
    }
    bundle_rig(unsigned frames, ps time) : rig(with(frames, time)) {
        configure(usual());
        ack(0xFF);
        ring(0x10000, 16);
        scb(0, start, 0x10000);
        run_until_idle();
    }
    // Some microseconds: the frame, and its status in memory. At which instant.
    ps take() {
        log.log.clear();
        arrive(payload(60));
        run(20 * microsecond);
        for (auto t = log.log.rbegin(); t != log.log.rend(); ++t)
            if (t->command == pci::command::memory_write) return t->last;
        return never;
    }
};

}  // namespace

TEST_CASE("bundle: the last frame that it may have brings FR") {
    fresh_kernel k;
    bundle_rig r(3, second);
    r.take(), r.take();
    CHECK(r.stat() == 0);
    const ps third = r.take();
    CHECK(r.stat() == fr);
    CHECK(r.interrupt_at == third);
    r.ack(fr);
    r.take(), r.take();
    CHECK(r.stat() == 0);                    // the next one has three again
    CHECK(r.metric("interrupts") == 2);      // Configure's and this
    CHECK(r.metric("rx_frames") == 5);
}

TEST_CASE("bundle: its time is counted from its first frame") {
    fresh_kernel k;
    bundle_rig r(6, 100 * microsecond);
    for (unsigned n = 0; n < 2; ++n) {       // of the first nothing is left for the second
        const ps first = r.take();
        r.take(), r.take();
        CHECK(r.stat() == 0);
        r.run(60 * microsecond);
        CHECK(r.stat() == fr);
        CHECK(r.interrupt_at == first + 100 * microsecond);
        r.ack(fr);
        r.run(200 * microsecond);
        CHECK(r.stat() == 0);
    }
}

TEST_CASE("bundle: of one frame, whatever its time") {
    fresh_kernel k;
    bundle_rig r(1, microsecond);
    const ps first = r.take();
    CHECK(r.stat() == fr);
    CHECK(r.interrupt_at == first);
}

TEST_CASE("bundle: a reset drops it") {
    fresh_kernel k;
    bundle_rig r(6, 100 * microsecond);
    r.take();
    r.write(0x08, 4, 0);
    r.run(200 * microsecond);
    CHECK(r.stat() == 0);
    CHECK(r.metric("interrupts") == 1);
}

TEST_CASE("bundle: there is no microcode for an 82557") {
    nic::nic_config c = bundle_rig::with(6, second);
    CHECK(nic::check(c).empty());
    c.identity = nic::nic_identity::i82557;
    REQUIRE(nic::check(c).size() == 1);
    CHECK(nic::check(c)[0].parameter == "bundle_frames");
    c.bundle_frames = 1;
    CHECK(nic::check(c).empty());
}
