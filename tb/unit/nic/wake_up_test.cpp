// Power events: PME_En, PME_Status, register 1Bh and PME# (docs/decisions/0049).
#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr std::array<std::uint8_t, 6> own = {2, 0, 0, 0, 0, 1};

struct wake_rig : rig {
    explicit wake_rig(nic::nic_config c = {}) : rig(c) {}
    unsigned control() { return access(pci::command::configuration_read, 0xE0, 2, 0) & 0x8103; }
    void control(unsigned v) { access(pci::command::configuration_write, 0xE0, 2, v); }
    void configured(unsigned byte9, unsigned byte19) {
        auto c = usual();
        c[9] = static_cast<std::uint8_t>(byte9);
        c[19] = static_cast<std::uint8_t>(byte19);
        configure(c);
    }
    void link(bool up) {
        cable.up = up;
        card.receiver().link(up, sim::now());
        run_until_idle();
    }
    // As software finds it when it has brought the NIC back to D0 and its windows.
    void wake(unsigned control_bits) {
        control(control_bits);
        access(pci::command::configuration_write, 0x10, 4, csr);
        access(pci::command::configuration_write, 0x04, 2, 7);
    }
};

bytes magic(std::size_t octets, std::size_t from, unsigned repeats, std::array<std::uint8_t, 6> to = own, std::array<std::uint8_t, 6> of = own) {
    bytes b = rig::payload(octets, to);
    std::fill_n(b.begin() + static_cast<std::ptrdiff_t>(from), 6, std::uint8_t{0xFF});
    for (unsigned i = 1; i <= repeats; ++i) std::copy(of.begin(), of.end(), b.begin() + static_cast<std::ptrdiff_t>(from + 6 * i));
    return b;
}

}  // namespace

TEST_CASE("wake-up: a change of the link is a power event if Configure 9.5 says so") {
    for (const unsigned byte9 : {0x00u, 0x20u})
        for (const bool up : {false, true}) {
            fresh_kernel k;
            wake_rig r;
            if (up) r.link(false);
            r.configured(byte9, 0x80);
            CHECK(r.read(0x1B, 1) == 0);
            r.link(up);
            INFO(byte9);
            CHECK(r.read(0x1B, 1) == (byte9 ? 0x81 : 0));
            CHECK(r.control() == (byte9 ? 0x8000 : 0));
            CHECK(r.metric("pme") == 0);                 // PME_En is 0
            CHECK(r.metric("refused_register") == 0);
        }
}

TEST_CASE("wake-up: PME# is asserted while PME_En and PME_Status are set") {
    fresh_kernel k;
    wake_rig r;
    r.configured(0x20, 0x80);
    r.link(false);
    r.control(0x0100);                                   // enabled behind the event; writing 0 to the status leaves it
    CHECK(r.control() == 0x8100);
    CHECK(r.metric("pme") == 1);
    r.link(true);
    CHECK(r.metric("pme") == 1);                         // is asserted
    r.control(0x8100);
    CHECK(r.control() == 0x0100);
    CHECK(r.read(0x1B, 1) == 0x80);
    r.link(false);
    CHECK(r.metric("pme") == 2);
    r.control(0x0000);
    r.control(0x0100);
    CHECK(r.metric("pme") == 3);
}

TEST_CASE("register 1Bh: each bit is cleared by writing 1 and bit 0 is PME_Status") {
    fresh_kernel k;
    wake_rig r;
    r.configured(0x20, 0x80);
    r.control(0x0100);
    r.link(false);
    r.write(0x1B, 1, 0x7E);
    CHECK(r.read(0x1B, 1) == 0x81);
    r.write(0x1B, 1, 0x01);
    CHECK(r.read(0x1B, 1) == 0x80);
    CHECK(r.control() == 0x0100);
    r.write(0x08, 4, 0);                                 // a software reset leaves it
    r.run_until_idle();
    CHECK(r.read(0x1B, 1) == 0x80);
    r.write(0x1B, 1, 0x80);
    CHECK(r.read(0x1B, 1) == 0);
    CHECK(r.metric("pme") == 1);
}

TEST_CASE("wake-up: a magic packet below D0 is a power event unless Configure 19.1 says not") {
    constexpr std::array<std::uint8_t, 6> other = {2, 0, 0, 0, 0, 9}, all = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    struct row { const char* what; bytes data; wire::wire_end how; unsigned byte19, state; bool wakes; };
    const auto good = wire::wire_end::good;
    for (const row& w : {row{"at the beginning of the data", magic(200, 14, 16), good, 0x80, 3, true},
                         row{"at the end", magic(200, 98, 16), good, 0x80, 3, true},
                         row{"and nothing else", magic(102, 0, 16, all), good, 0x80, 3, true},
                         row{"at the very end, one octet short", magic(101, 0, 15, all), good, 0x80, 3, false},
                         row{"broadcast", magic(116, 14, 16, all), good, 0x80, 3, true},
                         row{"in D1", magic(200, 43, 16), good, 0x80, 1, true},
                         row{"in D2", magic(200, 43, 16), good, 0x80, 2, true},
                         row{"in D0", magic(200, 43, 16), good, 0x80, 0, false},
                         row{"disabled", magic(200, 43, 16), good, 0x82, 3, false},
                         row{"15 times", magic(200, 43, 15), good, 0x80, 3, false},
                         row{"of another address", magic(200, 43, 16, own, other), good, 0x80, 3, false},
                         row{"to another address", magic(200, 43, 16, other), good, 0x80, 3, false},
                         row{"damaged", magic(200, 43, 16), wire::wire_end::bad_fcs, 0x80, 3, false},
                         row{"any frame", rig::payload(200), good, 0x80, 3, false}}) {
        fresh_kernel k;
        wake_rig r;
        r.configured(0, w.byte19);
        r.control(0x0100 | w.state);
        r.arrive(w.data, w.how);
        r.run_until_idle();
        INFO(w.what);
        CHECK(r.control() == ((w.wakes ? 0x8100u : 0x0100u) | w.state));
        CHECK(r.metric("pme") == w.wakes);
        CHECK(r.metric("rx_asleep") == (w.state ? 1 : 0));
        r.wake(0x0100);
        CHECK(r.control() == (w.wakes ? 0x8100 : 0x0100));          // stays, and D3 ends in a reset
        CHECK(r.read(0x1B, 1) == (w.wakes ? 0x41 : 0));
        CHECK(r.metric("pme") == w.wakes);
    }
}

TEST_CASE("wake-up: a magic packet wakes nobody whose MAC is off nor does one that is cut before its address") {
    for (const bool cut : {false, true}) {
        fresh_kernel k;
        wake_rig r;
        auto c = rig::usual();
        c[8] = cut ? 1 : 0;
        r.configure(c);
        r.control(0x0103);
        r.arrive(magic(200, 43, 16), wire::wire_end::good, 0, cut ? 3 : 0);
        r.run_until_idle();
        INFO(cut);
        CHECK(r.control() == 0x0103);
        CHECK(r.metric("rx_asleep") == 1);
        CHECK(r.metric("pme") == 0);
    }
}

TEST_CASE("wake-up: begins with the 82559 and an 82557 has no register 1Bh") {
    for (const nic::nic_identity identity : {nic::nic_identity::i82557, nic::nic_identity::i82558}) {
        fresh_kernel k;
        nic::nic_config c;
        c.identity = identity;
        wake_rig r(c);
        r.configured(0x20, 0x80);
        r.link(false);
        CHECK(r.read(0x1B, 1) == 0);
        CHECK(r.control() == 0);
        r.write(0x1B, 1, 0xFF);
        CHECK(r.metric("refused_register") == (identity == nic::nic_identity::i82557 ? 1 : 0));
    }
}

TEST_CASE("wake-up: a reset that comes before an event shows takes it back") {
    for (const bool pin : {false, true}) {
        fresh_kernel k;
        wake_rig r;
        r.configured(0x20, 0x80);
        r.run(r.period() / 3);
        r.cable.up = false;
        r.card.receiver().link(false, sim::now());           // shows behind the next edge, at which a reset is seen
        if (pin) r.bus.rst().drive(true, sim::now());
        r.run(4 * r.period());
        r.bus.rst().drive(false, sim::now());
        r.run_until_idle();
        INFO(pin);
        CHECK((r.card.pci_device().registers().read(0xE0, 2) & 0x8000) == (pin ? 0 : 0x8000));
    }
}
