// The record of a port: exact times, and a replay that is the same run.
#include <catch2/catch.hpp>

#include <fstream>

#include "nicteam/packet/capture_file.h"
#include "unit/wire/port_bench.h"
#include "source_dir.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::test::port_at_socket;
using namespace nicteam::wire;

TEST_CASE("a record holds exact times and its replay is the same run") {
    folder f;
    struct seen { std::vector<heard> got; std::vector<std::uint64_t> counts; };
    const char* const metrics[] = {"received", "padded", "sent", "dropped", "unheard", "attached", "detached", "abandoned", "refused_empty", "refused_partial"};
    const auto script = [](bench& b) {
        for (unsigned n = 0; n < 1000; ++n) b.end->add(10 * microsecond + n * 130 * microsecond, 1518);
    };
    const auto result = [&](bench& b) {
        seen r{b.end->got, {}};
        for (const char* m : metrics) r.counts.push_back(b.count(m));
        return r;
    };
    seen live, replayed;
    {
        fresh_kernel k;
        external_port_config c = at(f / "s");
        c.output_queue = 3;
        bench b(c);
        script(b);
        b.port->open();
        b.port->record_to(f / "r.pcapng");
        const int s = stranger(f / "s");
        b.run(333'333'333);
        b.look();
        say(s, framed(60, 9));
        say(s, framed(0));
        say(s, framed(30, 8));
        b.run(77'777);
        b.look();
        b.run(200 * millisecond);
        say(s, bytes(3, 0));
        close(s);
        b.look();
        b.run(second);
        live = result(b);
        b.port->close();
    }
    CHECK(live.counts[3] > 0);                     // dropped
    CHECK(live.counts[4] > 0);                     // unheard
    CHECK(live.counts[7] == 3);                    // abandoned
    CHECK(live.counts[9] == 1);                    // a header in part
    CHECK_FALSE(fs::exists(f / "s"));
    {
        fresh_kernel k;
        external_port_config c = at(f / "s");
        c.replay = f / "r.pcapng";
        bench b(c);
        script(b);
        b.port->open();
        CHECK(b.port->live() == nullptr);
        b.run(333'333'333 + 77'777 + 200 * millisecond + second);
        replayed = result(b);
    }
    CHECK_FALSE(fs::exists(f / "s"));
    CHECK(replayed.counts == live.counts);
    CHECK(replayed.got == live.got);
    const auto record = read_port_record(f / "r.pcapng");
    REQUIRE(record.size() > 5);
    CHECK(record[0].what == happening::attached);
    CHECK(record[0].at == 333'360'000);            // to the picosecond: 4167 octets
    CHECK(record[1].data == bytes(60, 9));
    const auto file = packet::capture_reader::open(f / "r.pcapng");   // as any reader of captures sees it
    packet::capture_record r;
    REQUIRE((file->next(r) && file->next(r)));
    CHECK(r.fraction == 333'440'000);
    CHECK(r.comment == "333440000 ps");
}

TEST_CASE("a file that is no record of a port is refused with a reason") {
    folder f;
    const auto why = [&](const std::string& path) {
        external_port_config c;
        c.replay = path;
        return external_port::problem_of(c);
    };
    CHECK(why(f / "none").find("cannot be opened") != std::string::npos);
    std::ofstream(f / "text") << "hello, this is no capture";
    CHECK(why(f / "text").find("expected pcapng") != std::string::npos);
    const auto record = [&](std::vector<happened> all) {
        port_record_writer w(f / "r");
        for (const auto& h : all) w.write(h);
        w.commit();
        return why(f / "r");
    };
    CHECK(record({{5, happening::attached, 1, {}}, {5, happening::frame, 1, bytes(60)}, {3, happening::dropped, 1, {}}}).empty());
    CHECK(record({{5, happening::attached, 1, {}}, {4, happening::frame, 1, bytes(60)}}).find("expected a time of at least 5 ps, found 4 ps") != std::string::npos);
    CHECK(record({{1'000'000 * second + 1, happening::attached, 1, {}}}).find("expected a time of at most 1000000000000000000 ps") != std::string::npos);
    CHECK(record({{5, happening::frame, 1, {}}}).find("found 0 octets and the comment \"5 ps\"") != std::string::npos);
    CHECK(why(NICTEAM_SOURCE_DIR "/scenarios/captures/web-and-ping.pcapng").find("expected a frame with the comment") != std::string::npos);
}
