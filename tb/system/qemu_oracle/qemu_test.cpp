// The oracle by itself: QEMU starts, and does what was measured of it.
#include <iostream>

#include <catch2/catch.hpp>

#include "qemu_side.h"
#include "sequence.h"

using namespace qemu_oracle;

namespace {
bool without_qemu() {
    if (qtest::installed()) return false;
    WARN("skipped: qemu-system-x86_64 is not installed (scripts/setup installs it)");
    return true;
}
bool asserted(side& s) {
    bool on = false;
    s.interrupt(on);
    s.settle();
    return on;
}
}  // namespace

TEST_CASE("QEMU executes a command block and a frame comes out") {
    if (without_qemu()) return;
    qemu_side q;
    REQUIRE(q.identity() == 0x1229'8086);
    q.begin();
    octets b(16 + 20, 0x55);
    b = octets{0, 0, 0x04, 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 20, 0x80, 1, 0};
    b.insert(b.end(), 20, 0x55);
    q.poke(window_base, b);
    q.write(space::memory, scb_pointer, 4, 0);
    q.write(space::memory, scb_command, 1, cu_base);
    q.write(space::memory, scb_pointer, 4, window_base);
    q.write(space::memory, scb_command, 1, cu_start);
    REQUIRE(q.read_now(scb_status, 2) == 0x2000);
    REQUIRE(asserted(q));
    q.write(space::memory, scb_acknowledge, 1, 0xFF);
    REQUIRE_FALSE(asserted(q));
    const octets status = q.peek(window_base, 2);
    REQUIRE(status == octets{0x00, 0xA0});
    REQUIRE(q.sent().size() == 1);
    REQUIRE(q.sent()[0].size() == 60);   // QEMU pads on reception
}

TEST_CASE("QEMU plays every kind of sequence alike twice") {
    if (without_qemu()) return;
    qemu_side q;
    std::size_t frames = 0, received = 0, asserted = 0, observations = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const sequence s = make_sequence(seed);
        const outcome first = play(q, s), second = play(q, s);
        INFO("sequence " << seed);
        REQUIRE(first.window == second.window);
        REQUIRE(first.scb == second.scb);
        REQUIRE(first.interrupt == second.interrupt);
        REQUIRE(first.reads == second.reads);
        REQUIRE(first.sent == second.sent);
        frames += first.sent.size();
        for (const bool on : first.interrupt) asserted += on;
        observations += first.interrupt.size();
        received += first.window[0xFF24];
        REQUIRE(first.window[0xFF40] + 256 * first.window[0xFF41] >= 0xA005);
    }
    REQUIRE(frames > 1000);
    REQUIRE(received > 200);
    REQUIRE(asserted > observations / 10);
    REQUIRE(asserted < observations * 9 / 10);
}
