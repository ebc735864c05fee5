#include <catch2/catch.hpp>

#include "nicteam/check/recorders.h"
#include "nicteam/packet/fcs.h"
#include "unit/fresh_kernel.h"
#include "unit/report/scratch.h"

using namespace nicteam;

namespace {

frame_ref make(std::uint32_t octets, bool damaged = false) {
    auto f = frame::make();
    f->data.resize(octets);
    for (std::uint32_t i = 0; i < octets; ++i) f->data[i] = static_cast<std::uint8_t>(i);
    f->data[12] = 0x88;
    f->data[13] = 0xB5;                                    // local experimental EtherType
    f->fcs_known = false;
    packet::ensure_fcs(*f);
    f->fcs_known = true;
    if (damaged) f->data[30] ^= 1;
    return f;
}

const capture_info wire_info{"wire", "what passes"};

}  // namespace

TEST_CASE("tshark finds the damaged frames of a capture and no other") {
    if (!test::have("tshark")) {
        WARN("skipped: tshark is not installed");
        return;
    }
    test::scratch dir;
    test::fresh_kernel kernel;
    auto& a = kernel.session().bind_capture("lan0.a_to_b.wire", wire_info);
    auto& b = kernel.session().bind_capture("lan0.b_to_a.wire", wire_info);
    check::capture_recorder r(dir / "c.pcapng", "nicteam test", {{&a, 100'000'000}, {&b, 100'000'000}}, microsecond, 100 * microsecond);
    REQUIRE(a.on());
    b.take(make(64), 9 * microsecond, sim::direction::in);
    for (int i = 0; i < 20; ++i)
        a.take(make(64 + static_cast<std::uint32_t>(i), i == 7), (5 + 3 * i) * microsecond, sim::direction::out,
               i == 7 ? "bit error" : nullptr);
    a.take(make(64), 0, sim::direction::out);                                 // before the window
    a.take(make(64), 100 * microsecond, sim::direction::out);                 // behind it
    r.close(200 * microsecond);
    CHECK(r.frames() == 21);
    const std::string bad = test::output_of(
        "tshark -n -o eth.check_fcs:TRUE -r " +
        dir / "c.pcapng -Y 'eth.fcs.status == 0' -T fields -e frame.number -e frame.time_epoch -e frame.comment 2>/dev/null");
    CHECK(bad == "9\t0.000026000\tbit error\n");
    const std::string all = test::output_of(
        "tshark -n -o eth.check_fcs:TRUE -r " +
        dir / "c.pcapng -T fields -e frame.interface_name -e frame.packet_flags_direction 2>/dev/null | sort | uniq -c | tr -s ' '");
    CHECK(all == " 20 lan0.a_to_b.wire\t0x00000002\n 1 lan0.b_to_a.wire\t0x00000001\n");
}

TEST_CASE("A capture that is not closed leaves no file") {
    test::scratch dir;
    test::fresh_kernel kernel;
    auto& a = kernel.session().bind_capture("a", wire_info);
    {
        check::capture_recorder r(dir / "c.pcapng", "t", {{&a, 0}});
        a.take(make(64), 5, sim::direction::out);
    }
    CHECK(dir.empty());
    CHECK_FALSE(a.on());
}

TEST_CASE("Many frames are written in order of time") {
    test::scratch dir;
    test::fresh_kernel kernel;
    auto& a = kernel.session().bind_capture("a", wire_info);
    auto& b = kernel.session().bind_capture("b", wire_info);
    check::capture_recorder r(dir / "c.pcapng", "t", {{&a, 0}, {&b, 0}});
    for (int i = 1; i <= 5000; ++i) {
        a.take(make(64), i * microsecond, sim::direction::out);
        b.take(make(64), (i > 50 ? i - 50 : 0) * microsecond, sim::direction::in);
    }
    r.close(second);
    auto in = packet::capture_reader::open(dir / "c.pcapng");
    packet::capture_record x;
    ps last = 0;
    int n = 0;
    for (; in->next(x); ++n) {
        const ps at = static_cast<ps>(x.seconds) * second + x.fraction;
        if (at < last) FAIL("out of order");
        last = at;
    }
    CHECK(n == 10'000);
}

TEST_CASE("Frames that come later than a capture holds are written all the same and counted") {
    for (const std::size_t hold : {1u, 4u, 8u, 60u}) {
        test::scratch dir;
        test::fresh_kernel kernel;
        auto& a = kernel.session().bind_capture("a", wire_info);
        auto& b = kernel.session().bind_capture("b", wire_info);
        check::capture_recorder r(dir / "c.pcapng", "t", {{&a, 0}, {&b, 0}}, 0, never, hold);
        for (int i = 0; i < 100; ++i) {
            a.take(make(64), (i + 10) * microsecond, sim::direction::out);
            b.take(make(64), i * microsecond, sim::direction::in);         // ten behind
        }
        r.close(second);
        auto in = packet::capture_reader::open(dir / "c.pcapng");
        packet::capture_record x;
        ps last = 0;
        std::uint64_t n = 0, late = 0;
        for (; in->next(x); ++n) {
            const ps at = static_cast<ps>(x.seconds) * second + x.fraction;
            late += at < last;
            last = std::max(last, at);
        }
        CAPTURE(hold);
        CHECK(n == 200);
        CHECK(r.late() == late);
        CHECK((late == 0) == (hold == 60));
    }
}

TEST_CASE("A capture that cannot be made says why") {
    test::fresh_kernel kernel;
    auto& a = kernel.session().bind_capture("a", wire_info);
    CHECK_THROWS_WITH(check::capture_recorder("/nowhere/c.pcapng", "t", {{&a, 0}}), Catch::Contains("/nowhere/c.pcapng"));
}
