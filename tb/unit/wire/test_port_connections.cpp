// Connections of a port: sockets, those who come, go and stay away.
#include <catch2/catch.hpp>

#include <fstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "unit/wire/port_bench.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::test::port_at_socket;
using namespace nicteam::wire;

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

TEST_CASE("a socket that somebody has bound and does not listen on yet is not taken away") {
    folder f;
    fresh_kernel k;
    const int other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    (f / "s").copy(a.sun_path, sizeof a.sun_path - 1);
    REQUIRE(bind(other, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0);
    bench b(at(f / "s"));
    CHECK_THROWS_WITH(b.port->open(), Catch::Contains("somebody listens there already"));
    REQUIRE(listen(other, 1) == 0);
    const int s = stranger(f / "s");               // it is still the other's
    close(s);
    close(other);
}

TEST_CASE("whoever asks whether a port listens is no connection") {
    folder f;
    fresh_kernel k;
    bench b(at(f / "s"));
    b.port->open();
    external_port second("second", at(f / "s"));
    CHECK_THROWS_WITH(second.open(), Catch::Contains("somebody listens there already"));
    b.look();
    CHECK_FALSE(b.port->live()->ready());
    const int s = stranger(f / "s");
    b.look();
    CHECK(b.port->live()->ready());
    close(s);
}

TEST_CASE("what comes before the start waits in the socket and nothing of it is lost") {
    folder f;
    fresh_kernel k;
    external_port_config c = at(f / "s");
    c.start = 100 * octet;
    bench b(c);
    b.port->open();
    const int s = stranger(f / "s");
    say(s, framed(60, 1));
    say(s, framed(60, 2));
    b.look();
    CHECK(b.port->live()->ready());                // attached all the same
    b.run(99 * octet);
    b.look();
    CHECK(b.end->got.empty());
    b.run(octet);
    b.look();
    b.run(millisecond);
    REQUIRE(b.end->got.size() == 2);
    CHECK(b.end->got[0].first == 101 * octet);
    CHECK(b.end->got[1].data[20] == 2);
    close(s);
}

TEST_CASE("a socket that may not be asked is left alone and the reason told") {
    folder f;
    fresh_kernel k;
    const int other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    (f / "s").copy(a.sun_path, sizeof a.sun_path - 1);
    REQUIRE(bind(other, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0);
    fs::permissions(f.path, fs::perms::all);
    REQUIRE(chmod((f / "s").c_str(), 0) == 0);
    const bool root = geteuid() == 0;                  // who may do everything
    if (root) REQUIRE(seteuid(65'534) == 0);
    bench b(at(f / "s"));
    std::string why;
    try {
        b.port->open();
    } catch (const std::runtime_error& e) {
        why = e.what();
    }
    if (root) REQUIRE(seteuid(0) == 0);
    CHECK(why == (f / "s") + ": whether somebody listens there cannot be found out: Permission denied");
    CHECK(fs::exists(f / "s"));
    close(other);
}

TEST_CASE("a directory that another program has locked does not hold the command up for ever") {
    folder f;
    fresh_kernel k;
    const int other = open(f.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(flock(other, LOCK_EX) == 0);
    bench b(at(f / "s"));
    CHECK_THROWS_WITH(b.port->open(), (f / "s") + ": another program holds the lock of its directory (flock), for more than 2 s");
    CHECK_FALSE(fs::exists(f / "s"));
    close(other);
    b.port->open();
    CHECK(fs::exists(f / "s"));
}
