// What two applications say over a connection, over streams in memory: rounds, pauses, every way to close, and what is wrong is seen.
#include <set>

#include <catch2/catch.hpp>

#include "nicteam/tcp/exchange.h"

using namespace nicteam;
using namespace nicteam::tcp;

namespace {

// One direction is a queue with room for `most` octets.
struct pipe_end final : octet_stream {
    bytes in;
    pipe_end* other = nullptr;
    std::size_t most = 700;
    bool closed = false, aborted = false;
    std::size_t room() const override { return closed ? 0 : most - std::min(most, other->in.size()); }
    void send(packet::octets o) override {
        REQUIRE(o.size <= room());
        other->in.insert(other->in.end(), o.data, o.data + o.size);
    }
    packet::octets readable() const override { return in; }
    void consume(std::size_t n) override { in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(n)); }
    bool peer_closed() const override { return other->closed || other->aborted; }
    void close() override { closed = true; }
    void abort() override { aborted = true; }
};

struct talk {
    explicit talk(const exchange_plan& p) : plan(p), asks(plan, 7) { client.other = &server, server.other = &client; }
    void run(unsigned times = 1000) {
        for (unsigned k = 0; k < times; ++k) {
            add(of_client, asks.pump(client, now));
            add(of_server, answers.pump(server, now));
            now += 1000;
        }
    }
    static void add(exchanged& all, const exchanged& e) {
        all.sent += e.sent, all.heard += e.heard, all.rounds += e.rounds;
        all.damaged |= e.damaged, all.cut_short |= e.cut_short, all.foreign |= e.foreign;
        if (e.rounds) all.round_time = e.round_time;
    }
    bool good() const {
        for (const exchanged* e : {&of_client, &of_server})
            if (e->damaged || e->cut_short || e->foreign) return false;
        return asks.finished() && of_client.rounds == plan.rounds && of_server.rounds == plan.rounds && of_client.sent == of_server.heard &&
               of_server.sent == of_client.heard && of_client.sent == std::uint64_t{plan.rounds} * plan.request &&
               of_client.heard == std::uint64_t{plan.rounds} * plan.response;
    }
    exchange_plan plan;
    pipe_end client, server;
    exchange_client asks;
    exchange_server answers;
    exchanged of_client, of_server;
    ps now = 5000;
};

exchange_plan plan_of(std::uint32_t rounds, std::uint32_t request, std::uint32_t response) {
    exchange_plan p;
    p.group = 3;
    p.rounds = rounds;
    p.request = request;
    p.response = response;
    return p;
}

}  // namespace

TEST_CASE("Every round is asked and answered, whatever fits at once") {
    for (const std::size_t room : {32u, 33u, 100u, 5000u})
        for (const std::uint32_t request : {32u, 33u, 1001u})
            for (const std::uint32_t response : {0u, 1u, 999u}) {
                CAPTURE(room, request, response);
                talk t(plan_of(4, request, response));
                t.client.most = t.server.most = room;
                t.run();
                CHECK(t.good());
                CHECK((t.client.closed && t.server.closed));
                CHECK(t.answers.group() == 3);
            }
}

TEST_CASE("A pause lies between a response and the next request") {
    exchange_plan p = plan_of(3, 100, 100);
    p.pause = 50'000;
    talk t(p);
    t.run(1);
    CHECK(t.of_client.rounds == 0);
    t.run(1);
    CHECK(t.of_client.rounds == 1);
    CHECK(t.of_client.round_time == 1000);
    CHECK(t.asks.idle());
    CHECK(t.asks.next_at() == 56'000);
    t.run(49);
    CHECK(t.of_server.rounds == 1);
    t.run();
    CHECK(t.good());
}

TEST_CASE("Who is to close closes first, or nobody does") {
    exchange_plan p = plan_of(2, 100, 100);
    talk client(p);
    client.run(3);
    CHECK(client.client.closed);
    p.closing = closing::server;
    talk server(p);
    server.asks.pump(server.client, 0);
    server.answers.pump(server.server, 0);
    CHECK_FALSE(server.server.closed);            // one round is left
    server.asks.pump(server.client, 1);
    server.answers.pump(server.server, 1);
    CHECK((server.server.closed && !server.client.closed));
    server.run();
    CHECK((server.client.closed && server.asks.finished()));
    p.closing = closing::nobody;
    talk nobody(p);
    nobody.run();
    CHECK((nobody.good() && !nobody.client.closed && !nobody.server.closed));
    p.closing = closing::client;
    p.half_close = true;
    talk half(p);
    half.asks.pump(half.client, 0);
    half.answers.pump(half.server, 0);
    CHECK_FALSE(half.client.closed);
    half.asks.pump(half.client, 1);
    CHECK((half.client.closed && !half.asks.finished()));
    half.answers.pump(half.server, 1);
    half.asks.pump(half.client, 2);
    CHECK((half.asks.finished() && half.server.closed && !half.client.aborted && !half.server.aborted));
}

TEST_CASE("An octet that is another is seen at either end") {
    for (const std::size_t at : {32u, 99u}) {     // behind the header
        talk t(plan_of(1, 100, 100));
        t.asks.pump(t.client, 0);
        t.server.in[at] ^= 0x10;
        t.run();
        CHECK((t.of_server.damaged && !t.of_client.damaged));
    }
    talk back(plan_of(1, 100, 100));
    back.asks.pump(back.client, 0);
    back.answers.pump(back.server, 0);
    back.client.in[0] ^= 1;
    back.run();
    CHECK((back.of_client.damaged && !back.of_server.damaged));
    talk shifted(plan_of(2, 100, 100));           // a later request's header in its place, or not
    shifted.asks.pump(shifted.client, 0);
    shifted.server.in.erase(shifted.server.in.begin() + 40);
    shifted.run();
    CHECK(shifted.of_server.damaged);
}

TEST_CASE("An end that closes too early, too late or speaks another language is seen") {
    talk t(plan_of(1, 100, 100));
    t.asks.pump(t.client, 0);
    t.server.in.resize(50);
    t.client.closed = true;
    CHECK(t.answers.pump(t.server, 1).cut_short);
    CHECK(t.server.aborted);
    talk back(plan_of(1, 100, 100));
    back.asks.pump(back.client, 0);
    back.answers.pump(back.server, 0);
    back.client.in.resize(50);
    back.server.closed = true;
    CHECK(back.asks.pump(back.client, 1).cut_short);
    CHECK(back.client.aborted);
    talk more(plan_of(1, 100, 100));
    more.asks.pump(more.client, 0);
    more.answers.pump(more.server, 0);
    more.client.in.push_back(0);
    more.server.closed = true;
    CHECK(more.asks.pump(more.client, 1).cut_short);
    talk foreign(plan_of(1, 100, 100));
    const char* const web = "GET / HTTP/1.0\r\nHost: 192.0.2.1\r\n\r\n";
    foreign.server.in.assign(web, web + 36);
    CHECK(foreign.answers.pump(foreign.server, 0).foreign);
    CHECK(foreign.server.aborted);
    CHECK_FALSE(foreign.answers.pump(foreign.server, 1).foreign);      // once
}

TEST_CASE("The pattern shows a shift, another place, key or direction, and does not come again") {
    const octet_pattern p(5), q(6);
    bytes whole, part;
    p.append(whole, 0, 4096);
    for (const std::size_t at : {0u, 1u, 7u, 8u, 13u, 1000u}) {
        part.clear();
        p.append(part, at, 777);
        CHECK(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(at)));
        CHECK(p.same(at, part) == 777);
        part[500] ^= 1;
        CHECK(p.same(at, part) == 500);
    }
    for (std::size_t shift = 1; shift < 2000; ++shift) CHECK(p.same(shift, packet::octets{whole.data(), 2000}) < 16);
    CHECK(q.same(0, whole) < 16);
    bytes long_one;
    p.append(long_one, 0, 8'000'000);
    std::set<std::uint64_t> words;
    for (std::size_t k = 0; k < long_one.size(); k += 8) words.insert(packet::get64(&long_one[k]));
    CHECK(words.size() == 1'000'000);
}
