// The NIC as a 64-bit master: the same bytes in half the data phases, odd dwords included.
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct seen {
    bytes sent, received;
    std::vector<std::uint32_t> fetched, stored;      // words of the tenures that carry the frames' data
};

constexpr std::uint32_t block = 0x1000, rfd = 0x10000;

// Sends and receives one frame; what follows a block or a descriptor lies `odd` bytes further up.
seen frames(bool wide_nic, bool wide_memory, std::uint32_t odd, unsigned octets) {
    fresh_kernel k;
    nic::nic_config n;
    n.identity = nic::nic_identity::extended;
    n.rx_burst = nic::rx_burst_mode::frame;
    n.bus_width = wide_nic;
    pci::bus_config b;
    b.width = 1;
    rig r(n, 1 << 20, b);
    r.memory_target.set_wide(wide_memory);
    r.configure(rig::usual());
    r.descriptor(rfd + odd, 0x8000, 0);
    r.scb(0, 1, rfd + odd);
    r.run_until_idle();
    r.log.log.clear();
    r.transmit_block(block + odd, rig::payload(octets));
    r.scb(1, 0, block + odd);
    r.run_until_idle();
    r.arrive(rig::payload(octets, {2, 0, 0, 0, 0, 1}, 7));
    r.run_until_idle();
    seen s;
    REQUIRE(r.cable.sent.size() == 1);
    s.sent = r.cable.sent[0].frame->data;
    s.received.assign(r.memory.at(rfd + odd + 16), r.memory.at(rfd + odd + 16) + octets);
    for (const tenure_record& t : r.own()) {
        if (t.command == pci::command::memory_read_multiple) s.fetched.push_back(t.words);
        if (t.address >= rfd + odd + 16) s.stored.push_back(t.words);
    }
    return s;
}

std::uint32_t total(const std::vector<std::uint32_t>& words) {
    std::uint32_t n = 0;
    for (const std::uint32_t w : words) n += w;
    return n;
}

}  // namespace

TEST_CASE("a 64-bit nic moves the same bytes in half the data phases") {
    for (const std::uint32_t odd : {0u, 4u})
        for (const unsigned octets : {64u, 151u, 1514u}) {
            INFO(octets << " octets, " << odd << " bytes up");
            const seen narrow = frames(false, true, odd, octets), wide = frames(true, true, odd, octets), refused = frames(true, false, odd, octets);
            CHECK(wide.sent == narrow.sent);
            CHECK(wide.received == narrow.received);
            CHECK(refused.sent == narrow.sent);
            CHECK(refused.received == narrow.received);
            CHECK(total(narrow.stored) == pci::data_phases(rfd + odd + 16, octets, 4));
            CHECK(total(wide.stored) == pci::data_phases(rfd + odd + 16, octets, 8));
            CHECK(refused.stored == narrow.stored);
            CHECK(total(wide.fetched) < total(narrow.fetched) * 2 / 3);
            CHECK(refused.fetched == narrow.fetched);
        }
}

TEST_CASE("an 82559 is refused 64 bits and 66 MHz takes an extended nic") {
    nic::nic_config n;
    n.bus_width = 1;
    CHECK_FALSE(nic::check(n).empty());
    CHECK_FALSE(nic::runs_at_66_mhz(n));
    n.identity = nic::nic_identity::extended;
    CHECK(nic::check(n).empty());
    CHECK(nic::runs_at_66_mhz(n));
    const auto build = [](const nic::nic_config& c) {
        fresh_kernel k;
        pci::bus_config b;
        b.period = 15'000;
        pci::bus fast("fast", b);
        nic::nic card("card", c, fast);
        return card.pci_device().registers().read(0x06, 2);
    };
    CHECK_THROWS_AS(build({}), std::invalid_argument);
    CHECK((build(n) & 0x20u) != 0);
}
