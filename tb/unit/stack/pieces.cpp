// Datagrams longer than a frame, pieces that do not all come, and what ICMP tells of a path. The frames on the wire are looked at octet by octet.
#include <catch2/catch.hpp>

#include "nicteam/packet/checksum.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/udp.h"
#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t ours = 0x0A000002, theirs = 0x0A000001;
constexpr std::size_t ip_at = 14;

struct reader : stack::socket_user {
    explicit reader(stack::socket& s) { s.user(*this); }
    void received(host::cpu&, stack::socket&, const stack::arrival& a) override { got.emplace_back(a.data.data, a.data.data + a.data.size); }
    void sent(host::cpu&, stack::socket&, std::uint64_t tag, driver::status s) override { done.emplace_back(tag, s); }
    void room(host::cpu&, stack::socket&) override { ++rooms; }
    std::vector<bytes> got;
    std::vector<std::pair<std::uint64_t, driver::status>> done;
    unsigned rooms = 0;
};

bytes pattern(std::size_t n, unsigned seed = 0) {
    bytes b(n);
    for (std::size_t k = 0; k < n; ++k) b[k] = static_cast<std::uint8_t>(k * 7 + k / 256 + seed);
    return b;
}

// `b` has a stack; `a` is a raw station that sees and sends whole frames.
struct station_and_host {
    static machine_config raw() {
        machine_config c = numbered(1);
        c.stack.address = "";
        return c;
    }
    explicit station_and_host(stack::stack_config with = {}) : a("a", raw()), b("b", host(with)), cable("lan", {}, a.nic, b.nic),
        station(a.stack->open_raw({driver::protocol::everything_else})), seen(station), socket(b.stack->open_udp(9)), user(socket) {
        b.stack->add_neighbour(theirs, *packet::parse_mac("02:00:00:00:00:01"));
    }
    static machine_config host(stack::stack_config with) {
        machine_config c = numbered(2);
        with.address = c.stack.address;
        c.stack = with;
        return c;
    }
    void frame(ps at, const bytes& behind_ethernet) {
        bytes f;
        packet::append_ethernet(f, *packet::parse_mac("02:00:00:00:00:02"), *packet::parse_mac("02:00:00:00:00:01"), packet::ether_type::ipv4);
        f.insert(f.end(), behind_ethernet.begin(), behind_ethernet.end());
        a.host.cpu().post(at, [this, f](host::cpu& c) { CHECK(station.send(c, {}, f, 0, 0) == driver::status::done); });
    }
    void send(ps at, std::size_t octets, driver::status expected = driver::status::done, std::uint64_t tag = 0) {
        b.host.cpu().post(at, [this, octets, expected, tag](host::cpu& c) { CHECK(socket.send(c, {theirs, 9}, pattern(octets), 0, tag) == expected); });
    }
    machine a, b;
    wire::cable cable;
    stack::socket& station;
    reader seen;
    stack::socket& socket;
    reader user;
};

// An IPv4 datagram of ours as bytes, its checksum right.
bytes ip(std::uint8_t protocol, const bytes& payload, std::uint16_t flags_and_offset = 0, std::uint16_t identification = 7) {
    bytes b(20);
    b[0] = 0x45;
    packet::put16(&b[2], static_cast<std::uint16_t>(20 + payload.size()));
    packet::put16(&b[4], identification);
    packet::put16(&b[6], flags_and_offset);
    b[8] = 64;
    b[9] = protocol;
    packet::put32(&b[12], theirs);
    packet::put32(&b[16], ours);
    packet::put16(&b[10], packet::internet_checksum({b.data(), b.size()}));
    b.insert(b.end(), payload.begin(), payload.end());
    return b;
}

// Destination unreachable, fragmentation needed (RFC 1191, 4): about what begins with `quoted`.
bytes too_big(std::uint16_t mtu, const bytes& quoted) {
    bytes m{3, 4, 0, 0, 0, 0, static_cast<std::uint8_t>(mtu >> 8), static_cast<std::uint8_t>(mtu)};
    m.insert(m.end(), quoted.begin(), quoted.begin() + 28);
    packet::put16(&m[2], packet::internet_checksum({m.data(), m.size()}));
    return ip(1, m);
}

std::uint16_t flags(const bytes& frame) { return packet::get16(&frame[ip_at + 6]); }
std::size_t total(const bytes& frame) { return packet::get16(&frame[ip_at + 2]); }

}  // namespace

TEST_CASE("A datagram longer than a frame leaves in pieces that make it up again - its sender hears once", "[stack]") {
    fresh_kernel k;
    station_and_host s;
    s.send(millisecond, 4000, driver::status::done, 5);
    simulate(4 * millisecond);
    REQUIRE(s.seen.got.size() == 3);
    bytes whole;
    for (std::size_t n = 0; n < 3; ++n) {
        const bytes& f = s.seen.got[n];
        CHECK(flags(f) == (n < 2 ? 0x2000 : 0) + 1480 * n / 8);      // no DF; more to come but behind the last
        CHECK(total(f) == (n < 2 ? 1500 : 20 + 8 + 4000 - 2960));
        CHECK(packet::internet_sum({&f[ip_at], 20}) == 0xFFFF);
        CHECK(packet::get16(&f[ip_at + 4]) == packet::get16(&s.seen.got[0][ip_at + 4]));
        whole.insert(whole.end(), f.begin() + ip_at + 20, f.begin() + ip_at + static_cast<std::ptrdiff_t>(total(f)));
    }
    CHECK(bytes(whole.begin() + 8, whole.end()) == pattern(4000));
    CHECK(packet::internet_sum(whole, packet::pseudo_header_sum(ours, theirs, 17, whole.size())) == 0xFFFF);
    CHECK(s.user.done == std::vector<std::pair<std::uint64_t, driver::status>>{{5, driver::status::done}});
    CHECK(metric("b_stack.cut") == 1);
    CHECK(metric("b_stack.fragments_sent") == 3);
    CHECK(metric("b.cpu0.cycles_fragment") == 3 * 300);
}

TEST_CASE("A datagram that just fits a frame is not cut, one octet more is", "[stack]") {
    fresh_kernel k;
    station_and_host s;
    s.send(millisecond, 1472);
    s.send(2 * millisecond, 1473);
    simulate(4 * millisecond);
    REQUIRE(s.seen.got.size() == 3);
    CHECK(flags(s.seen.got[0]) == 0x4000);
    CHECK(flags(s.seen.got[1]) == 0x2000);
    CHECK(total(s.seen.got[2]) == 20 + 1);
    CHECK(metric("b_stack.cut") == 1);
}

TEST_CASE("The longest datagrams go both ways between hosts and are what was sent - what no datagram holds is refused", "[stack]") {
    fresh_kernel k;
    machine a("a", numbered(1)), b("b", numbered(2));
    wire::cable cable("lan", {}, a.nic, b.nic);
    stack::socket &from = a.stack->open_udp(9000), &to = b.stack->open_udp(9);
    reader r(to), back(from);
    const std::size_t sizes[] = {60'000, 65'507, 2'000};
    for (unsigned n = 0; n < 3; ++n) {
        a.host.cpu().post((1 + 10 * n) * millisecond, [&, n](host::cpu& c) { CHECK(from.send(c, {b.stack->address(), 9}, pattern(sizes[n], n), 0, n) == driver::status::done); });
        b.host.cpu().post((2 + 10 * n) * millisecond, [&, n](host::cpu& c) { CHECK(to.send(c, {a.stack->address(), 9000}, pattern(sizes[n], n + 9), 0, n) == driver::status::done); });
    }
    a.host.cpu().post(35 * millisecond, [&](host::cpu& c) { CHECK(from.send(c, {b.stack->address(), 9}, pattern(65'508), 0, 0) == driver::status::refused); });
    simulate(50 * millisecond);
    REQUIRE(r.got.size() == 3);
    REQUIRE(back.got.size() == 3);
    for (unsigned n = 0; n < 3; ++n) {
        CHECK(r.got[n] == pattern(sizes[n], n));
        CHECK(back.got[n] == pattern(sizes[n], n + 9));
    }
    CHECK(metric("b_stack.reassembled") == 3);
    CHECK(metric("b_stack.reassembly_drops") == 0);
}

TEST_CASE("A datagram waits until there is a buffer for each of its pieces - one that needs more than there are is refused", "[stack]") {
    fresh_kernel k;
    stack::stack_config c;
    c.buffers = 4;
    station_and_host s(c);
    s.send(millisecond, 4000, driver::status::done, 1);                    // takes three of four
    s.send(millisecond, 2000, driver::status::no_room, 2);
    s.send(millisecond, 6000, driver::status::refused, 3);
    simulate(4 * millisecond);
    CHECK(s.user.rooms == 1);
    CHECK(s.user.done.size() == 1);
    CHECK(metric("b_stack.no_buffer") == 1);
}

TEST_CASE("Pieces that wait for an address go together, or are given up together", "[stack]") {
    fresh_kernel k;
    stack::stack_config c;
    c.arp_timeout = millisecond;
    station_and_host s(c);
    s.b.host.cpu().post(millisecond, [&](host::cpu& cpu) { CHECK(s.socket.send(cpu, {0x0A000063, 9}, pattern(4000), 0, 8) == driver::status::done); });
    simulate(10 * millisecond);
    CHECK(s.user.done == std::vector<std::pair<std::uint64_t, driver::status>>{{8, driver::status::not_done}});
    CHECK(s.seen.got.size() == 3);                                         // requests of ARP
    CHECK(metric("b_stack.unresolved") == 1);
    CHECK(metric("b_stack.failed") == 3);
}

TEST_CASE("Who sent fragments that do not all come in time is told, if the first did", "[stack]") {
    fresh_kernel k;
    stack::stack_config c;
    c.reassembly_timeout = 3 * millisecond;
    station_and_host s(c);
    const bytes first = ip(17, pattern(64), 0x2000, 1);
    s.frame(millisecond, first);
    s.frame(2 * millisecond, ip(17, pattern(64), 0x2008, 2));              // of another, without its first
    simulate(20 * millisecond);
    CHECK(metric("b_stack.fragments") == 2);
    CHECK(metric("b_stack.reassembly_timeouts") == 2);
    CHECK(metric("b_stack.time_exceeded") == 1);
    REQUIRE(s.seen.got.size() == 1);
    const bytes& f = s.seen.got[0];
    CHECK(f[ip_at + 9] == 1);
    CHECK(packet::get32(&f[ip_at + 16]) == theirs);
    CHECK(f[ip_at + 20] == 11);                                            // RFC 792: time exceeded, code 1: in reassembly
    CHECK(f[ip_at + 21] == 1);
    CHECK(packet::internet_sum({&f[ip_at + 20], total(f) - 20}) == 0xFFFF);
    CHECK(bytes(f.begin() + ip_at + 28, f.begin() + ip_at + 28 + 12) == bytes(first.begin(), first.begin() + 12));
}

TEST_CASE("ICMP too big makes later datagrams shorter, never longer, and only what it is about", "[stack]") {
    fresh_kernel k;
    station_and_host s;
    s.send(millisecond, 1000);
    simulate(2 * millisecond);
    REQUIRE(s.seen.got.size() == 1);
    CHECK(flags(s.seen.got[0]) == 0x4000);
    const bytes sent(s.seen.got[0].begin() + ip_at, s.seen.got[0].end());
    bytes damaged = too_big(300, sent);
    damaged[20 + 6] ^= 1;
    s.frame(2 * millisecond, damaged);
    s.frame(3 * millisecond, too_big(600, sent));
    s.frame(4 * millisecond, too_big(900, sent));                          // would be longer again
    s.frame(5 * millisecond, too_big(60, sent));                           // below the least of IPv4
    s.send(6 * millisecond, 1000);
    simulate(6 * millisecond);
    CHECK(metric("b_stack.too_big") == 1);
    REQUIRE(s.seen.got.size() == 3);
    CHECK(total(s.seen.got[1]) == 20 + 576);
    CHECK(flags(s.seen.got[1]) == 0x2000);
    CHECK(total(s.seen.got[2]) == 20 + 1008 - 576);
}
