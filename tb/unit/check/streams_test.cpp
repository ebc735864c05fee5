// The checker of streams, fed with what keeps its rule and what breaks it; and two ends of [[connections]] between which octets are changed.
#include <deque>

#include <catch2/catch.hpp>

#include "nicteam/check/streams.h"
#include "nicteam/tcp/connection.h"
#include "nicteam/tcp/connections.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using namespace nicteam::check;

namespace {

struct bench {
    test::fresh_kernel kernel;
    bool stopped = false;
    breaches found{kernel.session(), {}, [this] { stopped = true; }};
    streams s{found};
    std::uint64_t count() const { return found.count(checker::streams); }
};

constexpr tcp::stream_name there{1, 4, false}, back{1, 4, true}, other{1, 5, false};

// Two ends in memory: what is sent at one is readable at the other.
struct line {
    struct end final : tcp::stream_calls {
        bytes in;
        end* far = nullptr;
        bool closed = false;
        state::handle connect(const packet::ip_address&, std::uint16_t) override { return {1, 1}; }
        std::size_t room(state::handle) const override { return 500; }
        void send(state::handle, packet::octets o) override { far->in.insert(far->in.end(), o.data, o.data + o.size); }
        packet::octets readable(state::handle) const override { return in; }
        void consume(state::handle, std::size_t n) override { in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(n)); }
        bool peer_closed(state::handle) const override { return far->closed; }
        void close(state::handle) override { closed = true; }
        void abort(state::handle) override { closed = true; }
        void release(state::handle) override {}
        bytes& scratch() override { return made; }
        bytes made;
    };
    explicit line(tcp::stream_observer& o) : opens(config(), 1, packet::ip_address(0xC000'0201), binder()), listens(binder()) {
        client.far = &server, server.far = &client;
        opens.watch(o);
        listens.watch(o);
        opens.on_time(client, 0);
        listens.accepted({1, 1});
        opens.happened(client, {1, 1}, tcp::event::connected, 1);
    }
    void answer(std::uint32_t events = tcp::event::readable) { listens.happened(server, {1, 1}, events, 2); }
    void hear(std::uint32_t events = tcp::event::readable) { opens.happened(client, {1, 1}, events, 3); }
    static tcp::connections_config config() { return {}; }
    tcp::row_binder binder() {
        return {[this](const metric_info&) -> counter& { return counters.emplace_back(); }, [this](const metric_info&) -> histogram& { return samples.emplace_back(); }};
    }
    std::deque<counter> counters;
    std::deque<histogram> samples;
    end client, server;
    tcp::opening_end opens;
    tcp::listening_end listens;
};

}  // namespace

TEST_CASE("streams: what is taken in order, in pieces of any size, is right") {
    bench b;
    bytes sent;
    for (unsigned k = 0; k < 1000; ++k) sent.push_back(static_cast<std::uint8_t>(k * k / 7));
    const packet::octets all(sent);
    std::size_t out = 0, in = 0;
    for (unsigned k = 1; in < sent.size(); ++k) {
        const std::size_t more = std::min<std::size_t>(k * 7 % 90, sent.size() - out);
        b.s.handed(there, {all.data + out, more}, k);
        out += more;
        const std::size_t some = std::min<std::size_t>(k * 11 % 70, out - in);
        b.s.taken(there, {all.data + in, some}, k);
        in += some;
    }
    b.s.ended(there, 0, 2000);
    b.s.ended(back, 0, 2000);                     // nothing was ever sent
    b.s.handed(other, all, 2000);
    b.s.taken(other, all.first(600), 2001);
    b.s.ended(other, 400, 2002);
    b.s.taken(other, {all.data + 600, 400}, 2003);
    CHECK(b.count() == 0);
}

TEST_CASE("streams: another octet, one too many, one of another stream and a FIN too early are named") {
    const bytes sent{1, 2, 3, 4}, wrong{1, 2, 9, 4}, more{1, 2, 3, 4, 5};
    const auto finds = [&](auto&& what) {
        bench b;
        b.s.name(1, "client.web");
        b.s.handed(there, sent, 1);
        what(b.s);
        CHECK(b.count() == 1);
        CHECK(b.stopped);
        return b.found.reason();
    };
    CHECK(finds([&](streams& s) { s.taken(there, wrong, 7); }).find("client.web, connection 4, requests: octet 2 was sent as 03h and taken as 09h") != std::string::npos);
    CHECK(finds([&](streams& s) { s.taken(there, more, 7); }).find("5 octets were taken, 4 sent") != std::string::npos);
    CHECK(finds([&](streams& s) { s.taken(other, sent, 7); }).find("connection 5, requests: 4 octets were taken, 0 sent") != std::string::npos);
    CHECK(finds([&](streams& s) { s.taken(back, sent, 7); }).find("connection 4, responses") != std::string::npos);
    CHECK(finds([&](streams& s) {
        s.taken(there, packet::octets(sent).first(3), 7);
        s.ended(there, 0, 8);
    }).find("FIN came behind octet 3, and 1 more were sent") != std::string::npos);
}

TEST_CASE("streams: both ends of connections tell the checker what they hand over and take") {
    const auto talk = [](auto&& between, std::uint32_t last = tcp::event::readable) {
        bench b;
        line l(b.s);
        between(l, 0);
        l.answer();
        between(l, 1);
        l.hear(last);
        return b.count();
    };
    constexpr std::uint32_t fin = tcp::event::readable | tcp::event::peer_closed, reset = tcp::event::closed | tcp::event::was_reset;
    CHECK(talk([](line&, unsigned) {}) == 0);
    CHECK(talk([](line& l, unsigned step) { step == 0 ? l.server.in[50] ^= 1 : 0; }) == 1);
    CHECK(talk([](line& l, unsigned step) { step == 1 ? l.client.in[999] ^= 1 : 0; }) == 1);
    CHECK(talk([](line& l, unsigned step) { step == 1 ? l.client.in.erase(l.client.in.begin() + 500), 0 : 0; }) == 1);
    CHECK(talk([](line& l, unsigned step) { step == 1 ? l.server.closed = true : false; }, fin) == 0);      // by FIN, and whole
    const auto half = [](line& l, unsigned step) {
        if (step == 1) l.client.in.resize(400), l.server.closed = true;
    };
    CHECK(talk(half, reset) == 0);                       // a reset may take octets with it
}

TEST_CASE("streams: FIN behind less than was handed over is a breach at either end") {
    bench b;
    line l(b.s);
    SECTION("who listens") {
        l.server.in.resize(60);                          // of a request of 100
        l.client.closed = true;
        l.answer(tcp::event::readable | tcp::event::peer_closed);
        CHECK(b.found.reason().find("connection 0, requests: FIN came behind octet 60, and 40 more were sent") != std::string::npos);
    }
    SECTION("who opened, behind its last response") {
        l.answer();
        const bytes more{7, 7, 7};
        b.s.handed({1, 0, true}, more, 2);               // as if more had been sent than comes
        l.server.closed = true;
        l.hear(tcp::event::readable | tcp::event::peer_closed);
        CHECK(b.count() == 1);
        CHECK(b.found.reason().find("FIN came behind octet 1000, and 3 more were sent") != std::string::npos);
    }
}
