// The status word of a receive descriptor, bit by bit, and the Configure bits that let bad frames through (SDM 6.4.3.1).
#include <functional>

#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000;
constexpr unsigned complete = 0x8000, ok = 0x2000, crc = 0x0800, no_room = 0x0200, overrun = 0x0100, is_short = 0x0080, type = 0x0020, no_match = 0x0004,
                   not_individual = 0x0002;
constexpr std::array<std::uint8_t, 6> own{2, 0, 0, 0, 0, 1}, other{2, 0, 0, 0, 0, 9}, group{1, 0, 0x5E, 0, 0, 1}, broadcast{255, 255, 255, 255, 255, 255};

struct row {
    const char* name;
    std::function<void(std::vector<std::uint8_t>&)> setup;
    bytes frame;
    wire::wire_end how;
    unsigned size;                           // of the descriptor
    bool starved;                            // no target answers until the frame has come
    unsigned status, count;                  // 0: reclaimed
};

void usual(std::vector<std::uint8_t>&) {}
void save_bad(std::vector<std::uint8_t>& c) { c[6] |= 0x80; }
void pass_overruns(std::vector<std::uint8_t>& c) { c[6] |= 0x40; }
void keep_short(std::vector<std::uint8_t>& c) { c[7] &= 0xFE; }
void save_short(std::vector<std::uint8_t>& c) { keep_short(c), save_bad(c); }
void long_receive(std::vector<std::uint8_t>& c) { c[18] |= 0x08; }
void promiscuous(std::vector<std::uint8_t>& c) { c[15] |= 0x01; }
void all_groups(std::vector<std::uint8_t>& c) { c[21] |= 0x08; }
bytes with_length(std::size_t octets) {
    bytes d = rig::payload(octets);
    d[12] = 0x05, d[13] = 0xDC;              // 1500
    return d;
}

}  // namespace

TEST_CASE("receive status: every bit and what lets a bad frame through") {
    using wire::wire_end;
    const wire_end good = wire_end::good, bad = wire_end::bad_fcs;
    const std::vector<row> rows{
        {"good", usual, rig::payload(60), good, 1520, false, complete | ok | type, 60},
        {"good with a length", usual, with_length(60), good, 1520, false, complete | ok, 60},
        {"1518 octets with FCS are not long", usual, rig::payload(1514), good, 2000, false, complete | ok | type, 1514},
        {"long", usual, rig::payload(1515), good, 2000, false, 0, 0},
        {"long and allowed", long_receive, rig::payload(1515), good, 2000, false, complete | ok | type, 1515},
        {"long and saved: no bit tells", save_bad, rig::payload(1515), good, 2000, false, complete | ok | type, 1515},
        {"damaged", usual, rig::payload(60), bad, 1520, false, 0, 0},
        {"damaged and saved", save_bad, rig::payload(60), bad, 1520, false, complete | crc | type, 60},
        {"damaged while overruns are passed", pass_overruns, rig::payload(60), bad, 1520, false, 0, 0},
        {"short", usual, rig::payload(59), good, 1520, false, 0, 0},
        {"short and not discarded", keep_short, rig::payload(59), good, 1520, false, complete | is_short | type, 59},
        {"short and saved but discarded first", save_bad, rig::payload(59), good, 1520, false, 0, 0},
        {"short and damaged tells only short", save_short, rig::payload(59), bad, 1520, false, complete | is_short | type, 59},
        {"overrun", usual, rig::payload(1000), good, 1520, true, 0, 0},
        {"overrun and saved", save_bad, rig::payload(1000), good, 1520, true, complete | overrun | type, 256},
        {"overrun and passed", pass_overruns, rig::payload(1000), good, 1520, true, complete | overrun | type, 256},
        {"overrun and damaged tells only overrun", save_bad, rig::payload(1000), bad, 1520, true, complete | overrun | type, 256},
        {"longer than the buffer", usual, rig::payload(200), good, 100, false, complete | no_room | type, 100},
        {"longer than the buffer and damaged", save_bad, rig::payload(200), bad, 100, false, complete | no_room | crc | type, 100},
        {"for another", usual, rig::payload(60, other), good, 1520, false, 0, 0},
        {"for another in promiscuous mode", promiscuous, rig::payload(60, other), good, 1520, false, complete | ok | type | no_match | not_individual, 60},
        {"for us in promiscuous mode", promiscuous, rig::payload(60, own), good, 1520, false, complete | ok | type, 60},
        {"broadcast", usual, rig::payload(60, broadcast), good, 1520, false, complete | ok | type | not_individual, 60},
        {"a group by multicast all", all_groups, rig::payload(60, group), good, 1520, false, complete | ok | type | not_individual, 60},
        {"a group in promiscuous mode", promiscuous, rig::payload(60, group), good, 1520, false, complete | ok | type | no_match | not_individual, 60},
    };
    for (const row& w : rows) {
        fresh_kernel k;
        nic::nic_config n;
        n.identity = nic::nic_identity::extended;
        if (w.starved) n.rx_fifo = 256;
        rig r(n);
        auto c = rig::usual();
        w.setup(c);
        r.configure(c);
        r.ring(at, 2, w.size);
        r.scb(0, 1, at);
        r.run_until_idle();
        r.memory.busy = w.starved;
        r.arrive(w.frame, w.how);
        r.run(130 * microsecond);
        r.memory.busy = false;
        r.run_until_idle();
        INFO(w.name);
        CHECK(r.memory.read16(at) == w.status);
        CHECK(r.memory.read16(at + 12) == (w.status ? 0xC000 | w.count : 0));
        CHECK(r.stat() == (w.status ? 0x40 : 0));
        if (w.status) CHECK(std::equal(w.frame.begin(), w.frame.begin() + w.count, r.memory.at(at + 16)));
        // The unit goes on: in the same descriptor, or in the next.
        r.arrive(rig::payload(64));
        r.run_until_idle();
        CHECK(r.memory.read16(w.status ? at + 2048 : at) == (complete | ok | type));
    }
}

TEST_CASE("receive status: overruns are saved and passed in bursts of whole frames too") {
    for (const unsigned bits : {0u, 0x40u, 0x80u}) {
        fresh_kernel k;
        nic::nic_config n;
        n.identity = nic::nic_identity::extended;
        n.rx_burst = nic::rx_burst_mode::frame;
        n.rx_fifo = 256;
        rig r(n);
        auto c = rig::usual();
        c[6] = static_cast<std::uint8_t>(0x32 | bits);
        r.configure(c);
        r.ring(at, 2);
        r.scb(0, 1, at);
        r.arrive(rig::payload(1000));
        r.run_until_idle();
        INFO(bits);
        CHECK(r.memory.read16(at) == (bits ? complete | overrun | type : 0));
        CHECK(r.metric("rx_overruns") == 1);
    }
}
