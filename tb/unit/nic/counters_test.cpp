// The counters of the dump, one after the other: what counts where, and that it counts nowhere else (SDM 6.3.2.2).
#include <functional>

#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::uint32_t at = 0x10000, dump_at = 0x6000;
constexpr unsigned all_counters = 20;
enum { tx_good = 0, tx_underruns = 3, rx_good = 9, rx_crc = 10, rx_resource = 12, rx_overrun = 13, rx_short = 15 };
using configure_bytes = std::vector<std::uint8_t>;

struct happening {
    const char* name;
    std::function<void(configure_bytes&)> setup;
    unsigned descriptors;                    // 0: the receive unit is not started
    std::function<void(rig&)> happen;
    std::vector<std::pair<unsigned, std::uint32_t>> counted;
};

void nothing(configure_bytes&) {}
void save_bad(configure_bytes& c) { c[6] |= 0x80; }
void keep_short(configure_bytes& c) { c[7] &= 0xFE; }
// After an underrun: 0 not, 1 the whole frame, 2 with 512 bytes and then the whole frame.
template <unsigned way>
void retry(configure_bytes& c) {
    c[7] = static_cast<std::uint8_t>((c[7] & ~6u) | way << 1);
}
std::function<void(rig&)> arrives(std::size_t octets, wire::wire_end how = wire::wire_end::good, std::uint32_t cut = 0, unsigned times = 1) {
    return [=](rig& r) {
        for (unsigned i = 0; i < times; ++i) r.arrive(rig::payload(octets), how, 0, cut);
        r.run_until_idle();
    };
}
void send(rig& r, unsigned threshold) {
    r.transmit_block(0x1000, rig::payload(1400), 0x8004, 0, threshold);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
}
void starve_transmit(rig& r) {
    r.memory.burst_words = 1;
    r.memory.first_wait = 15;                // 4 bytes in 600 ns: about half as fast as the wire
    send(r, 1);
    r.memory.burst_words = UINT32_MAX;
    r.memory.first_wait = 0;
}
// Two frames fit into the FIFO, the third partly, the fourth not at all.
void starve_receive(rig& r) {
    r.memory.busy = true;
    for (unsigned i = 0; i < 4; ++i) r.arrive(rig::payload(1514));
    r.run(4 * 124 * microsecond);
    r.memory.busy = false;
    r.run_until_idle();
}

const std::vector<happening>& happenings() {
    using wire::wire_end;
    static const std::vector<happening> all{
        {"a frame is sent", nothing, 0, [](rig& r) { send(r, 0xE0); }, {{tx_good, 1}}},
        {"an underrun and a good retry", retry<1>, 0, starve_transmit, {{tx_good, 1}, {tx_underruns, 1}}},
        {"two underruns and a good retry", retry<2>, 0, starve_transmit, {{tx_good, 1}, {tx_underruns, 2}}},
        {"an underrun without retry", retry<0>, 0, starve_transmit, {{tx_underruns, 1}}},
        {"a frame that cannot be sent", nothing, 0, [](rig& r) {
             r.transmit_block(0x1000, {});
             r.scb(1, 0, 0x1000);
             r.run_until_idle();
         }, {}},
        {"a frame is stored", nothing, 4, arrives(60), {{rx_good, 1}}},
        {"a frame for another", nothing, 4, [](rig& r) {
             r.arrive(rig::payload(60, {2, 0, 0, 0, 0, 9}));
             r.run_until_idle();
         }, {}},
        {"a damaged frame is reclaimed", nothing, 4, arrives(200, wire_end::bad_fcs), {{rx_crc, 1}}},
        {"a damaged frame is saved", save_bad, 4, arrives(200, wire_end::bad_fcs), {{rx_crc, 1}}},
        {"a frame is cut by its link", nothing, 4, arrives(500, wire_end::good, 200), {{rx_crc, 1}}},
        {"a short frame is discarded", nothing, 4, arrives(40), {{rx_short, 1}}},
        {"a short frame is stored", keep_short, 4, arrives(40), {{rx_short, 1}}},
        {"a short frame is saved as a bad one", [](configure_bytes& c) { keep_short(c), save_bad(c); }, 4, arrives(40), {{rx_short, 1}}},
        {"a short and damaged frame is short only", keep_short, 4, arrives(40, wire_end::bad_fcs), {{rx_short, 1}}},
        {"a frame of one octet", keep_short, 4, arrives(1), {{rx_short, 1}}},
        {"a frame of one octet less than the least", nothing, 4, arrives(59), {{rx_short, 1}}},
        {"a long frame", nothing, 4, arrives(1600), {}},
        {"a frame longer than its buffer", [](configure_bytes& c) { c[18] |= 8; }, 4, arrives(2000), {}},
        {"the FIFO is full and there are no descriptors", nothing, 1, arrives(1514, wire_end::good, 0, 6), {{rx_good, 1}, {rx_resource, 2}}},
        {"the FIFO is full and the unit is idle", nothing, 0, arrives(1514, wire_end::good, 0, 6), {}},
        {"the FIFO is full as the bus is late", nothing, 4, starve_receive, {{rx_good, 2}, {rx_overrun, 2}}},
        {"the same with overrun frames passed", [](configure_bytes& c) { c[6] |= 0x40; }, 4, starve_receive, {{rx_good, 2}, {rx_overrun, 2}}},
    };
    return all;
}

void dump(rig& r, unsigned command) {
    r.scb(4, 0, dump_at);
    r.scb(command, 0);
    r.run_until_idle();
}

}  // namespace

TEST_CASE("counters: what happens counts in its counter and in no other") {
    for (const happening& h : happenings()) {
        fresh_kernel k;
        rig r;
        configure_bytes c = rig::usual();
        c[6] |= 0x04;                        // 20 counters
        h.setup(c);
        r.configure(c);
        if (h.descriptors) {
            r.ring(at, h.descriptors);
            r.scb(0, 1, at);
            r.run_until_idle();
        }
        h.happen(r);
        INFO(h.name);
        std::uint32_t expected[all_counters] = {};
        for (const auto& [counter, times] : h.counted) expected[counter] = times;
        for (const unsigned command : {5u, 7u, 5u}) {        // dump; dump and reset; dump
            r.memory.write32(dump_at + 4 * all_counters, 0);
            dump(r, command);
            for (unsigned i = 0; i < all_counters; ++i) {
                INFO("counter " << i);
                CHECK(r.memory.read32(dump_at + 4 * i) == expected[i]);
            }
            CHECK(r.memory.read32(dump_at + 4 * all_counters) == (command == 7 ? 0xA007 : 0xA005));
            if (command == 7) std::fill(std::begin(expected), std::end(expected), 0u);
        }
    }
}

TEST_CASE("counters: a second dump while one is under way is refused") {
    for (const unsigned second : {5u, 7u}) {
        fresh_kernel k;
        rig r;
        r.configure(rig::usual());
        send(r, 0xE0);
        r.scb(4, 0, dump_at);
        r.memory.next_wait = 15;
        r.log.log.clear();
        r.scb(5, 0);
        r.scb(second, 0);
        r.run_until_idle();
        CHECK(r.metric("refused_scb") == 1);
        std::uint32_t words = 0;
        for (const tenure_record& t : r.own()) words += t.words;
        CHECK(words == 17);
        r.memory.next_wait = 0;
        dump(r, 5);                                      // nothing was reset, and the next dump is taken
        CHECK(r.memory.read32(dump_at) == 1);
        CHECK(r.metric("refused_scb") == 1);
    }
}

TEST_CASE("counters: a dump has no interrupt and the address is taken by whole dwords") {
    fresh_kernel k;
    rig r;
    r.scb(4, 0, dump_at + 3);
    r.scb(5, 0);
    r.run_until_idle();
    CHECK(r.memory.read32(dump_at + 64) == 0xA005);
    CHECK(r.stat() == 0);
    CHECK(r.cus() == 0);
}
