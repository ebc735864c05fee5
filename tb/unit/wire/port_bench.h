// A port on a real socket, with the test at its other end and no wall clock: look() is called when the test says so.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "nicteam/wire/cable.h"
#include "nicteam/wire/external_port.h"
#include "nicteam/wire/stream_framing.h"
#include "unit/wire/ends.h"

namespace nicteam::test::port_at_socket {

namespace fs = std::filesystem;
using namespace nicteam::wire;

struct folder {
    folder() {
        std::string name = (fs::temp_directory_path() / "nicteam-port-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~folder() { fs::remove_all(path); }
    std::string operator/(const char* name) const { return (path / name).string(); }
    fs::path path;
};

inline int stranger(const std::string& path) {
    const int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    path.copy(a.sun_path, sizeof a.sun_path - 1);
    REQUIRE(connect(s, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0);
    return s;
}

inline bytes framed(std::size_t n, std::uint8_t fill = 0x11) {
    bytes out;
    const bytes frame(n, fill);
    put_stream_frame(out, {frame.data(), frame.size()});
    return out;
}

inline void say(int s, const bytes& b) { REQUIRE(send(s, b.data(), b.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(b.size())); }

inline std::string all_from(int s) {
    std::string all;
    char buffer[65'536];
    for (ssize_t n; (n = recv(s, buffer, sizeof buffer, MSG_DONTWAIT)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
    return all;
}

inline external_port_config at(const std::string& path) {
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

}  // namespace nicteam::test::port_at_socket
