// A device's messages, and what it does with questions of any kind.
#include <catch2/catch.hpp>

#include <random>

#include "nicteam/chimney/device.h"
#include "unit/chimney/offloaded.h"

using namespace nicteam;
using namespace nicteam::chimney;
using namespace nicteam::chimney::test;

namespace {

// The target of `offloaded` stays empty: this one stands in its place.
struct with_device : offloaded {
    tcp::runner by_device{by.rules};
    chimney::device device{by_device, abilities{}, {7, 8}};
    device::effects e;

    std::vector<answer> ask(opcode what, handle h, const bytes& octets, std::uint8_t argument = 0, std::uint32_t length = 0) {
        question q;
        q.cookie = 9;
        q.handle = h;
        q.what = what;
        q.argument = argument;
        q.length = octets.empty() ? length : static_cast<std::uint32_t>(octets.size());
        device.ask(now, decode_question(encode(q)), octets, e);
        return std::exchange(e.answers, {});
    }
    // Offloads it, state with the request; its handle.
    handle put_in(handle in_host) {
        const auto said = ask(opcode::offload, {}, list_of({in_host}).encode(), 1);
        std::string why;
        const auto l = block_list::decode(said.at(0).octets.data(), said.at(0).octets.size(), why);
        REQUIRE(why.empty());
        return l[l.blocks_of(layer::connection).at(0)].target;
    }
    std::vector<answer> segments_arrive() {
        for (auto& s : std::exchange(e.segments, {})) table[1].on_segment(now, s.from, s.to, s.segment, r[1]);
        for (auto& s : std::exchange(r[1].segments, {})) device.take(now, s.from, s.to, s.segment, e);
        return std::exchange(e.answers, {});
    }
    void peer_sends(std::uint16_t port, const bytes& what) {
        table[1].use(table[1].named({tcp::test::them, tcp::test::us, 80, port}), r[1], [&](tcp::connection& c, tcp::actions& a) { c.send(now, what, a); });
    }
};

bytes some(std::size_t n, std::uint8_t from = 0) {
    bytes b(n);
    for (std::size_t i = 0; i < n; ++i) b[i] = static_cast<std::uint8_t>(from + i * 7);
    return b;
}

}  // namespace

TEST_CASE("messages of an offload device come back as they were", "[chimney]") {
    question q;
    q.cookie = 0x1122334455667788;
    q.address = 0x99AABBCCDDEEFF00;
    q.handle = {0x20000001, 3};
    q.length = 77;
    q.what = opcode::relink;
    q.argument = 2;
    const question back = decode_question(encode(q));
    CHECK(back.cookie == q.cookie);
    CHECK(back.address == q.address);
    CHECK(back.handle == q.handle);
    CHECK(back.length == q.length);
    CHECK(back.what == q.what);
    CHECK(back.argument == q.argument);
    CHECK(encode(q)[0] == 0x88);                 // little endian
    CHECK(encode(q)[28] == 5);

    answer_entry a;
    a.said.cookie = 5;
    a.said.handle = {7, 8};
    a.said.kind = answer_kind::happened;
    a.said.why = 3;
    a.said.events = 0x1FF;
    a.said.from = 0xFFFFFFF0;
    a.said.acknowledged = 12;
    a.length = 2048;
    a.more = true;
    for (const bool phase : {false, true}) {
        a.phase = phase;
        const answer_entry b = decode_answer(encode(a));
        CHECK((b.said.cookie == 5 && b.said.handle == a.said.handle && b.said.kind == a.said.kind && b.said.why == 3));
        CHECK((b.said.events == 0x1FF && b.said.from == a.said.from && b.said.acknowledged == 12 && b.length == 2048));
        CHECK((b.more && b.phase == phase));
    }
    for (const packet::ip_address& ip : {packet::ip_address(0x0A000001u), packet::ip_address(packet::documentation_address(0x0A000002u))}) {
        packet::ip_address source, destination;
        packet::octets segment;
        const bytes octets = forward_octets(ip, ip, some(30));
        REQUIRE(read_forward(octets, source, destination, segment));
        CHECK((source == ip && destination == ip && bytes(segment.data, segment.data + segment.size) == some(30)));
    }
}

TEST_CASE("a device tells each octet that a connection receives once, by sequence numbers", "[chimney]") {
    with_device d;
    d.table[1].listen(80, 10);
    const handle c = d.put_in(d.established(4000));
    bytes heard;
    tcp::sequence next = 0;
    for (unsigned n = 0; n < 5; ++n) {
        d.peer_sends(4000, some(3000, static_cast<std::uint8_t>(n)));
        for (const answer& a : d.segments_arrive()) {
            REQUIRE(a.kind == answer_kind::happened);
            CHECK(a.handle == c);
            CHECK(a.events == tcp::event::readable);
            if (!heard.empty()) CHECK(a.from == next);
            next = a.from + static_cast<tcp::sequence>(a.octets.size());
            heard.insert(heard.end(), a.octets.begin(), a.octets.end());
        }
        CHECK(heard.size() == 3000 * (n + 1));
        if (n % 2) d.ask(opcode::consume, c, {}, 0, 3000);
    }
    bytes all;
    for (unsigned n = 0; n < 5; ++n) {
        const bytes b = some(3000, static_cast<std::uint8_t>(n));
        all.insert(all.end(), b.begin(), b.end());
    }
    CHECK(heard == all);
    // What it sends and what has been acknowledged: told when its queue is empty.
    CHECK(d.ask(opcode::send, c, some(2000)).empty());
    const auto said = d.segments_arrive();
    REQUIRE(said.size() == 1);
    CHECK(said[0].events == tcp::event::writable);
    CHECK(d.heard(4000).size() == 2000);
}

TEST_CASE("a device tells what the first segment behind an offload acknowledges", "[chimney]") {
    with_device d;
    d.table[1].listen(80, 10);
    const handle in_host = d.established(4000);
    d.table[0].use(in_host, d.r[0], [&](tcp::connection& it, tcp::actions& a) { it.send(d.now, some(1000), a); });
    REQUIRE(d.to_peer());
    const handle c = d.put_in(in_host);          // with an acknowledgement on its way
    const auto said = d.segments_arrive();
    REQUIRE(said.size() == 1);
    CHECK(said[0].handle == c);
    CHECK(said[0].events == tcp::event::writable);
    CHECK(d.heard(4000).size() == 1000);
}

TEST_CASE("questions of any octets are answered once, or not at all if they never are", "[chimney]") {
    with_device d;
    d.table[1].listen(80, 10);
    const handle good = d.put_in(d.established(4000));
    std::mt19937 r(11);
    for (unsigned n = 0; n < 20'000; ++n) {
        message m;
        for (auto& o : m) o = static_cast<std::uint8_t>(r());
        question q = decode_question(m);
        q.what = static_cast<opcode>(r() % 16);
        if (r() % 2) q.argument %= 4;
        if (r() % 2) q.handle = good;
        if (r() % 8 == 0) q.handle = {static_cast<std::uint32_t>(r() % 4), 1};
        bytes octets(r() % 3 ? r() % 80 : 0);
        for (auto& o : octets) o = static_cast<std::uint8_t>(r() % 4 ? 0 : r());
        q.length = static_cast<std::uint32_t>(octets.size());
        const bool ends = q.what == opcode::abort || q.what == opcode::close;
        if (ends && q.handle == good) continue;
        d.device.ask(d.now, q, octets, d.e);
        const bool silent = q.what >= opcode::send && q.what <= opcode::abort;
        unsigned answers = 0;
        for (const answer& a : d.e.answers) answers += a.kind != answer_kind::happened && a.kind != answer_kind::indicated;
        REQUIRE(answers == (silent ? 0 : 1));
        d.e = {};
    }
    CHECK(d.device.target().used().connections <= 1);
}
