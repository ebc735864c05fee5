// Wrong parity through a bridge: it goes on with its data, and who says so where (bridge specification 1.1, chapter 6).
#include <catch2/catch.hpp>

#include "unit/pci/bridge_bench.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::test::bridged;

namespace {

// Command bits 6 and 8, bridge control bits 0 and 1.
constexpr unsigned response = 0x40, serr = 0x100, below = 1, forwards = 2;
constexpr unsigned detected = 0x8000, system_error = 0x4000, master_error = 0x0100, status_bits = 0xFF00;

struct parity_bench : bench {
    explicit parity_bench(unsigned command_bits = 0, unsigned control_bits = 0) {
        bridge.registers().write(0x04, 2, 7 | command_bits);
        bridge.registers().write(0x3E, 2, control_bits);
        upper.on_error([this](bool s, ps at) { told(s, at, upper_perr, upper_serr); });
        lower.on_error([this](bool s, ps at) { told(s, at, lower_perr, lower_serr); });
        pass(tick);
    }
    static void told(bool s, ps at, unsigned& perr, unsigned& serr_count) {
        ++(s ? serr_count : perr);
        if (s) CHECK(at > sim::now());
    }
    unsigned above() { return bridge.registers().read(0x06, 2) & status_bits & ~0x0200u; }
    unsigned behind() { return bridge.registers().read(0x1E, 2) & status_bits & ~0x0200u; }
    unsigned upper_perr = 0, upper_serr = 0, lower_perr = 0, lower_serr = 0;
};
using words = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("A posted write goes on with wrong parity in the words that came so") {
    const unsigned bits = GENERATE(0u, response);
    parity_bench b(bits, below);
    b.fault("upper", "data_parity", 3);
    b.host.write(card_at, 32, 1);
    pass(4 * microsecond);
    CHECK(b.device.bad == words{2, 5});
    CHECK(b.device.octets[8] == 9);                              // data are right, only PAR was not
    CHECK(b.above() == detected);
    CHECK(b.behind() == master_error);                           // PERR# of the device, seen
    CHECK(b.upper_perr == (bits ? 2 : 0));
    CHECK(b.lower_perr == 2);
    CHECK(b.upper_serr == 0);                                    // its sender knows by PERR#
}

TEST_CASE("A wrong bit goes on as it came and both buses' faults add up") {
    parity_bench b;
    b.fault("upper", "data_bit", 2);
    b.host.write(card_at, 8, 16);
    pass(4 * microsecond);
    CHECK(b.device.octets[4] == 21);                             // 20 with AD[0] inverted
    CHECK(b.device.bad == words{1});
    b.device.bad.clear();
    b.fault("upper", "data_bit", 0);
    b.fault("upper", "data_parity", 1);
    b.fault("lower", "data_parity", 2);                          // PAR inverted again: right
    pass(tick);
    b.host.write(card_at, 16, 16);
    pass(4 * microsecond);
    CHECK(b.device.bad == words{0, 2});
    b.device.bad.clear();
    b.fault("lower", "data_parity", 0);
    b.fault("lower", "data_bit", 1);                             // PAR fits what is wrong twice
    pass(tick);
    b.host.write(card_at, 4, 16);
    pass(4 * microsecond);
    CHECK(b.device.bad.empty());
    CHECK(b.device.octets[0] == 17);
}

TEST_CASE("Words of a posted write that takes several tenures keep their parity") {
    parity_bench b;
    b.fault("upper", "data_parity", 5);
    b.device.single = true;
    b.host.write(card_at, 28, 1);
    pass(8 * microsecond);
    REQUIRE(b.device.log.size() == 7);
    CHECK(b.device.bad == words{0});
    CHECK(b.device.log[4].address == card_at + 16);
    b.fault("upper", "data_parity", 0);
    pass(tick);
    b.device.bad.clear();
    b.host.write(card_at, 28, 1);                                // the buffer forgets
    pass(8 * microsecond);
    CHECK(b.device.bad.empty());
}

TEST_CASE("PERR# for a posted write that came right makes SERR# with both responses and command bit 8") {
    struct row { unsigned command, control; bool noticed, says; };
    const row all[] = {{0, 0, false, false}, {response | serr, 0, false, false}, {serr, below, true, false},
                       {response, below, true, false}, {response | serr, below, true, true}};
    for (const row& r : all) {
        CAPTURE(r.command, r.control);
        parity_bench b(r.command, r.control);
        b.fault("lower", "data_parity", 2);
        b.host.write(card_at, 32, 1);
        pass(4 * microsecond);
        CHECK(b.device.bad == words{1, 3, 5, 7});
        CHECK(b.behind() == (r.noticed ? master_error : 0));
        CHECK(b.above() == (r.says ? system_error : 0));
        CHECK(b.upper_serr == (r.says ? 1 : 0));                 // once for the tenure
    }
}

TEST_CASE("Upstream the bridge is the primary bus's master and tells its own bus") {
    parity_bench b(response | serr, below);
    b.fault("upper", "data_parity", 1);
    b.card.write(0x100, 8, 1);
    pass(4 * microsecond);
    CHECK(b.ram.bad == words{0, 1});
    CHECK(b.above() == (master_error | system_error));
    CHECK(b.behind() == 0);
    CHECK(b.upper_serr == 1);
}

TEST_CASE("A delayed read hands wrong parity on to who asked") {
    const unsigned bits = GENERATE(0u, below);
    parity_bench b(0, bits);
    b.fault("lower", "data_bit", 1);
    b.device.octets[4] = 40;
    auto& r = b.host.read(card_at + 4, 4);
    struct ear : pci::tenure_observer {
        void tenure(const pci::payload&, const pci::pci_extension& e) override { wrong += e.done && e.errors && e.errors->wrong(0); }
        unsigned wrong = 0;
    } heard;
    b.upper.observe(heard);
    pass(4 * microsecond);
    CHECK(r.data[0] == 41);
    CHECK(heard.wrong == 1);
    CHECK(b.behind() == (detected | (bits ? master_error : 0)));
    CHECK(b.above() == 0);
    CHECK(b.lower_perr == (bits ? 1 : 0));
}

TEST_CASE("A delayed write that comes wrong goes no further with the response on and goes on wrong without") {
    const unsigned bits = GENERATE(0u, response);
    parity_bench b(bits);
    b.fault("upper", "data_parity", 1);
    auto& w = b.host.write(type_1(1, 3, 0x14), 4, 7, command::configuration_write);
    pass(8 * microsecond);
    CHECK(w.over);
    CHECK(b.device.log.size() == (bits ? 0 : 1));
    CHECK(b.device.bad == (bits ? words{} : words{0}));
    CHECK(b.above() == detected);
    CHECK(b.upper_perr == (bits ? 1 : 0));
}

TEST_CASE("PERR# for a delayed write comes back to who asked") {
    const unsigned bits = GENERATE(0u, below);
    parity_bench b(response | serr, bits);
    b.fault("lower", "data_parity", 1);
    auto& w = b.host.write(type_1(1, 3, 0x14), 4, 7, command::configuration_write);
    pass(8 * microsecond);
    CHECK(w.over);
    CHECK(b.device.octets[0x14] == 7);
    CHECK(b.behind() == (bits ? master_error : 0));
    CHECK(b.upper_perr == (bits ? 1 : 0));
    CHECK(b.above() == 0);
    CHECK(b.upper_serr == 0);
}

TEST_CASE("SERR# below goes up with bridge control bit 1 and command bit 8") {
    for (const unsigned command_bits : {0u, serr})
        for (const unsigned control : {0u, forwards}) {
            parity_bench b(command_bits, control);
            b.lower.system_error(sim::now() + 2 * tick);
            pass(microsecond);
            const bool goes = command_bits && control;
            CHECK(b.behind() == system_error);                         // received
            CHECK(b.above() == (goes ? system_error : 0));
            CHECK(b.upper_serr == (goes ? 1 : 0));
        }
}

TEST_CASE("Wrong parity of an address below is told above") {
    struct row { unsigned command, control; bool says; };
    for (const row& r : {row{0, 0, false}, row{serr, 0, false}, row{0, below, false}, row{serr, below, true}}) {
        parity_bench b(r.command, r.control);
        b.fault("lower", "address_parity", 1);
        pass(tick);
        b.card.write(card_at, 4, 1);                             // past the bridge
        pass(microsecond);
        CHECK(b.behind() == detected);
        CHECK(b.above() == (r.says ? system_error : 0));
        CHECK(b.upper_serr == (r.says ? 1 : 0));
        CHECK(b.lower_serr == 0);                                // only its primary side has SERR# as an output
    }
}

TEST_CASE("Wrong parity of an address above is reported like a device") {
    for (const unsigned bits : {0u, response, response | serr}) {
        parity_bench b(bits);
        b.fault("upper", "address_parity", 1);
        pass(tick);
        b.host.read(0x100, 4);
        pass(microsecond);
        const bool says = bits == (response | serr);
        CHECK(b.above() == (detected | (says ? system_error : 0)));
        CHECK(b.upper_serr == (says ? 1 : 0));
    }
}

TEST_CASE("A posted write that meets a master abort makes SERR# in master abort mode") {
    const unsigned mode = GENERATE(0u, 0x20u);
    parity_bench b(serr, mode);
    b.host.write(card_at + 0x8000, 4, 1);                        // within the window, nobody there
    pass(4 * microsecond);
    CHECK(b.count("downstream.lost_writes") == 1);
    CHECK(b.above() == (mode ? system_error : 0));
    CHECK(b.upper_serr == (mode ? 1 : 0));
}

TEST_CASE("A posted write that a target aborts makes SERR# whatever the master abort mode") {
    for (const unsigned command_bits : {0u, serr})
        for (const unsigned mode : {0u, 0x20u}) {
            CAPTURE(command_bits, mode);
            parity_bench b(command_bits, mode);
            b.device.aborts = true;
            b.host.write(card_at, 4, 1);
            pass(4 * microsecond);
            CHECK(b.count("downstream.lost_writes") == 1);
            CHECK(b.above() == (command_bits ? system_error : 0));
            CHECK(b.behind() == 0x1000);                         // received target abort
            CHECK(b.upper_serr == (command_bits ? 1 : 0));
        }
}

TEST_CASE("A discard makes SERR# with bridge control bit 11") {
    const unsigned bit = GENERATE(0u, 0x800u);
    parity_bench b(serr, 0x100 | bit);
    b.host.read(card_at, 4);
    while (b.device.log.empty()) pass(tick);
    b.host.agent.reset(sim::now());
    pass((tick << 10) + microsecond);
    CHECK(b.count("downstream.discards") == 1);
    CHECK(b.above() == (bit ? system_error : 0));
    CHECK(b.upper_serr == (bit ? 1 : 0));
}
