// A port on a real socket, with the test at its other end and no wall clock: look() is called when the test says so.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "nicteam/packet/capture_file.h"
#include "nicteam/wire/cable.h"
#include "nicteam/wire/external_port.h"
#include "nicteam/wire/stream_framing.h"
#include "unit/wire/ends.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::wire;
namespace fs = std::filesystem;

namespace {

struct folder {
    folder() {
        char name[] = "/tmp/nicteam-port-XXXXXX";
        path = mkdtemp(name);
    }
    ~folder() { fs::remove_all(path); }
    std::string operator/(const char* name) const { return (path / name).string(); }
    fs::path path;
};

int stranger(const std::string& path) {
    const int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    path.copy(a.sun_path, sizeof a.sun_path - 1);
    REQUIRE(connect(s, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0);
    return s;
}

bytes framed(std::size_t n, std::uint8_t fill = 0x11) {
    bytes out;
    const bytes frame(n, fill);
    put_stream_frame(out, {frame.data(), frame.size()});
    return out;
}

void say(int s, const bytes& b) { REQUIRE(send(s, b.data(), b.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(b.size())); }

std::string all_from(int s) {
    std::string all;
    char buffer[65'536];
    for (ssize_t n; (n = recv(s, buffer, sizeof buffer, MSG_DONTWAIT)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
    return all;
}

external_port_config at(const std::string& path) {
    external_port_config c;
    c.socket = path;
    return c;
}

// A port, a cable without delay, and an end that writes down what it hears.
struct bench {
    explicit bench(const external_port_config& c) {
        cable_config cc;
        cc.delay = 0;
        port = std::make_unique<external_port>("port", c);
        end = std::make_unique<scripted_end>("end");
        lan = std::make_unique<cable>("lan", cc, *port, *end);
    }
    void look() { port->live()->look(); }
    static void run(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }
    std::uint64_t count(const char* metric) { return counted_at(sim::session::current(), std::string("port.") + metric); }

    std::unique_ptr<external_port> port;
    std::unique_ptr<scripted_end> end;
    std::unique_ptr<cable> lan;
};

constexpr ps octet = 80'000;                       // at 100 Mb/s

}  // namespace

TEST_CASE("what comes in begins at the next octet edge, in order, padded if it must be") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    const int s = stranger(f / "s");
    b.run(1'000'030);
    b.look();
    say(s, framed(60, 1));
    say(s, framed(42, 2));
    b.run(50);
    b.look();
    b.run(millisecond);
    REQUIRE(b.end->got.size() == 2);
    CHECK(b.end->got[0].first == 13 * octet);      // the first edge after 1,000,080 ps
    CHECK(b.end->got[1].first == 13 * octet + (8 + 64 + 12) * octet);
    CHECK(b.end->got[0].data.size() == 64);
    CHECK(b.end->got[1].data[41] == 2);
    CHECK(b.end->got[1].data[42] == 0);
    CHECK(b.count("received") == 2);
    CHECK(b.count("received_octets") == 128);
    CHECK(b.count("padded") == 1);
    CHECK(b.count("attached") == 1);
    close(s);
}

TEST_CASE("what comes in on an edge takes effect at the one behind it") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    const int s = stranger(f / "s");
    say(s, framed(60));
    b.run(10 * octet);
    b.look();
    b.run(millisecond);
    REQUIRE(b.end->got.size() == 1);
    CHECK(b.end->got[0].first == 11 * octet);
    close(s);
}

TEST_CASE("frames that go out are framed without FCS in their order") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    b.end->add(microsecond, 64);                   // nobody is there yet
    b.end->add(100 * microsecond, 64);
    b.end->add(200 * microsecond, 100);
    b.run(50 * microsecond);
    const int s = stranger(f / "s");
    b.look();
    b.run(millisecond);
    const std::string out = all_from(s);
    REQUIRE(out.size() == 4 + 60 + 4 + 96);
    CHECK(out.substr(0, 4) == std::string("\0\0\0\x3c", 4));
    CHECK(static_cast<std::uint8_t>(out[4]) == 17);
    CHECK(out.substr(64, 4) == std::string("\0\0\0\x60", 4));
    CHECK(b.count("unheard") == 1);
    CHECK(b.count("sent") == 2);
    CHECK(b.count("sent_octets") == 164);
    close(s);
}

TEST_CASE("hostile lengths are refused and counted by their kind and the frames between them arrive") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    const int s = stranger(f / "s");
    for (int n = 0; n < 3; ++n) say(s, framed(0));
    say(s, framed(13));
    say(s, framed(14));
    say(s, framed(1515));
    say(s, framed(1514));
    say(s, {0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3});
    b.run(octet);
    b.look();
    b.run(millisecond);
    CHECK(b.count("refused_empty") == 3);
    CHECK(b.count("refused_short") == 1);
    CHECK(b.count("refused_long") == 1);
    CHECK(b.count("refused_framing") == 1);
    CHECK(b.count("refused_partial") == 0);
    CHECK(b.count("detached") == 1);
    REQUIRE(b.end->got.size() == 2);
    CHECK(b.end->got[0].data.size() == 64);
    CHECK(b.end->got[1].data.size() == 1518);
    char c;
    CHECK(recv(s, &c, 1, 0) == 0);                 // the connection was closed
    close(s);
    const int again = stranger(f / "s");           // and another is taken
    say(again, framed(60));
    b.look();
    b.run(millisecond);
    CHECK(b.end->got.size() == 3);
    CHECK(b.count("attached") == 2);
    close(again);
}

TEST_CASE("how long a length is believed is a key") {
    for (const std::int64_t longest_length : {2000, 1518}) {
        folder f;
        fresh_kernel k;
        external_port_config c = at(f / "s");
        c.longest_length = longest_length;
        bench b(c);
        b.port->open();
        const int s = stranger(f / "s");
        say(s, framed(1800));
        b.run(octet);
        b.look();
        b.run(2 * octet);
        CHECK(b.count("refused_long") == (longest_length == 2000 ? 1 : 0));
        CHECK(b.count("refused_framing") == (longest_length == 2000 ? 0 : 1));
        close(s);
    }
}

TEST_CASE("a connection that ends within a frame is counted and the next one begins afresh") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    for (int n = 0; n < 3; ++n) {
        const int s = stranger(f / "s");
        bytes part = framed(60);
        part.resize(static_cast<std::size_t>(2 + 20 * n));
        say(s, framed(60));
        say(s, part);
        close(s);
        b.look();
        b.run(millisecond);
        CHECK(b.count("refused_partial") == static_cast<std::uint64_t>(n + 1));
    }
    CHECK(b.end->got.size() == 3);
    CHECK(b.count("attached") == 3);
    CHECK(b.count("detached") == 3);
}

TEST_CASE("a full input queue stops the reading and loses nothing") {
    folder f;
    fresh_kernel k;
    external_port_config c = at(f / "s");
    c.input_queue = 4;
    bench b(c);
    b.port->open();
    const int s = stranger(f / "s");
    for (int n = 0; n < 50; ++n) say(s, framed(60));
    b.run(octet);
    b.look();
    std::vector<pollfd> watched;
    b.port->live()->watch(watched);
    CHECK(watched.empty());                        // not read, and no busy waiting either
    b.run(4 * 84 * octet);
    CHECK(b.end->got.size() <= 4);
    for (int n = 0; n < 100; ++n) {
        b.look();
        b.run(84 * octet);
    }
    CHECK(b.end->got.size() == 50);
    close(s);
}

TEST_CASE("a peer that does not read loses what is beyond the output queue and the model goes on") {
    folder f;
    fresh_kernel k;
    external_port_config c = at(f / "s");
    c.output_queue = 10;
    bench b(c);
    b.port->open();
    const int s = stranger(f / "s");
    constexpr unsigned frames = 2000;
    for (unsigned n = 0; n < frames; ++n) b.end->add(millisecond + n * 130 * microsecond, 1518);
    b.look();
    b.run(second);
    const std::uint64_t dropped = b.count("dropped");
    CHECK(dropped > 100);
    CHECK(b.count("sent") + dropped == frames);
    std::string out;                               // whole frames, in order: the first ones
    for (std::string more = all_from(s); !more.empty(); more = all_from(s)) {
        out += more;
        b.look();
    }
    CHECK(out.size() == b.count("sent") * (4 + 1514));
    close(s);
    b.look();
    b.run(millisecond);
    CHECK(b.count("abandoned") == 0);
}

TEST_CASE("what was not read when the connection ends is told") {
    folder f;
    fresh_kernel k;
    external_port_config c = at(f / "s");
    bench b(c);
    b.port->open();
    const int s = stranger(f / "s");
    for (unsigned n = 0; n < 400; ++n) b.end->add(millisecond + n * 130 * microsecond, 1518);
    b.look();
    b.run(second);
    close(s);
    b.look();
    b.run(millisecond);
    CHECK(b.count("abandoned") > 0);
    CHECK(b.count("abandoned") <= 256);
    CHECK(b.count("detached") == 1);
}

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

TEST_CASE("a socket path that cannot be had is an error that says why and touches nothing") {
    folder f;
    fresh_kernel k;
    const auto error = [&](const std::string& path) {
        external_port p(sc_core::sc_gen_unique_name("p"), at(path));
        try {
            p.open();
        } catch (const std::runtime_error& e) {
            return std::string(e.what()).substr(path.size());
        }
        return std::string("opened");
    };
    std::ofstream(f / "file") << "precious";
    CHECK(error(f / "file") == ": is there and is no socket");
    CHECK(fs::file_size(f / "file") == 8);
    CHECK(error(f / "no/such/directory") == ": cannot listen there: No such file or directory");
    {
        external_port first("first", at(f / "s"));
        first.open();
        CHECK(error(f / "s") == ": somebody listens there already");
        CHECK(fs::exists(f / "s"));
    }
    CHECK_FALSE(fs::exists(f / "s"));
    {
        external_port first("gone", at(f / "s")), second("there", at(f / "s"));
        first.open();
        fs::remove(f / "s");                            // taken away under it, and somebody else's now
        second.open();
        first.close();
        CHECK(fs::exists(f / "s"));
    }
    CHECK_FALSE(fs::exists(f / "s"));
    const int left = socket(AF_UNIX, SOCK_STREAM, 0);   // a run that was killed leaves its socket behind
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    (f / "old").copy(a.sun_path, sizeof a.sun_path - 1);
    REQUIRE(bind(left, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0);
    close(left);
    CHECK(error(f / "old") == "opened");
    external_port_config c = at(std::string(200, 'x'));
    CHECK(external_port::problem_of(c).find("socket: a path has at most 107 characters") == 0);
    CHECK(external_port::problem_of(external_port_config{}) == "wants a socket, or a record to replay");
}

TEST_CASE("a port that connects tries again until somebody listens") {
    folder f;
    fresh_kernel k;
    external_port_config c = at(f / "s");
    c.role = socket_role::connect;
    c.retry = nanosecond;
    bench b(c);
    b.port->open();
    b.look();
    CHECK_FALSE(b.port->live()->ready());
    const int l = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    (f / "s").copy(a.sun_path, sizeof a.sun_path - 1);
    REQUIRE(bind(l, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0);
    REQUIRE(listen(l, 1) == 0);
    b.look();
    CHECK(b.port->live()->ready());
    const int s = accept(l, nullptr, nullptr);
    say(s, framed(60));
    b.run(octet);
    b.look();
    b.run(millisecond);
    CHECK(b.end->got.size() == 1);
    close(s);
    close(l);
}

TEST_CASE("a port that need not wait does not hold the run up") {
    folder f;
    fresh_kernel k;
    external_port_config c = at(f / "s");
    c.wait = false;
    external_port p("p", c);
    p.open();
    CHECK(p.live()->ready());
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
