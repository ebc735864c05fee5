// Associations that a driver keeps in a unit: what the unit does not take is told with its reason, and no key stays in memory.
#include <catch2/catch.hpp>

#include <algorithm>

#include "nicteam/driver/crypto_card_driver.h"
#include "nicteam/rings/crypto_card.h"
#include "nicteam/sim/session.h"
#include "unit/fresh_kernel.h"
#include "unit/rings/bench.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct machine {
    fresh_kernel kernel;
    host::host host{"host", {}};
    rings::crypto_card card;
    driver::crypto_card_driver software;

    explicit machine(const rings::crypto_card_config& c = {}, const driver::crypto_card_driver_config& d = {})
        : card("card", c, host.bus(), 1, &host.interrupt_sink()), software("driver", d, place()) {}
    host::place place() {
        host.install(card, 0, 1);
        return host.place_of(0, 1);
    }
    state::handle hold(ipsec::association_parameters p) { return software.hold(p, 5, ipsec::payload_kind::real); }
    void run(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }
    void fault(const char* what) {
        for (sim::fault_port& f : sim::session::current().faults())
            if (f.path.find("bridge") != std::string::npos && std::string(f.info->name) == what) f.act(true, 0, sim::now());
    }
    // Places of memory where these octets lie.
    std::size_t copies(const bytes& what) {
        bytes all(256 * 1'024);
        host.ram().read(0, all.data(), all.size(), never);
        std::size_t n = 0;
        for (auto at = all.begin(); (at = std::search(at, all.end(), what.begin(), what.end())) != all.end(); ++at) ++n;
        return n;
    }
    std::uint64_t counted(const std::string& name) {
        for (const sim::bound_metric& m : sim::session::current().metrics())
            if (m.as_counter && m.path.size() > name.size() && m.path.compare(m.path.size() - name.size(), name.size(), name) == 0) return m.as_counter->value();
        return ~0u;
    }
};

ipsec::association_parameters named(const char* name, std::uint32_t spi, const ipsec::algorithms& a = des3_sha1) {
    ipsec::association_parameters p = with_spi(some(a), spi);
    p.name = name;
    return p;
}

}  // namespace

TEST_CASE("Associations in a unit: what it does not take is told, by name and reason") {
    rings::crypto_card_config card;
    card.unit.engines = {"3des-area", "sha1"};
    card.unit.able.associations = 1;
    machine m(card);
    m.hold(named("fits", 0x1001));
    m.hold(named("another_cipher", 0x1002, aes_sha1));
    m.hold(named("one_too_many", 0x1003));
    sim::session::current().settle_order();
    m.run(millisecond);
    const auto& told = m.software.associations().refusals();
    REQUIRE(told.size() == 2);
    CHECK(told[0].association == "another_cipher");
    CHECK(told[0].why == "the unit has no engine for aes-cbc");
    CHECK(told[1].association == "one_too_many");
    CHECK(told[1].why == "table_full: as many associations as it holds");
    CHECK(m.counted("install_refused") == 2);
    CHECK(m.counted("installed") == 1);
    CHECK(m.copies(some(des3_sha1).keys.cipher) == 0);
}

TEST_CASE("Associations in a unit: keys are wiped of what the ring does not take") {
    driver::crypto_card_driver_config few;
    few.command_ring = few.completion_ring = 2;
    few.timeout = 100 * microsecond;
    machine m({}, few);
    for (std::uint32_t n = 0; n < 4; ++n) m.hold(named("held", 0x1001 + n));
    sim::session::current().settle_order();
    m.fault("endless_retry");                         // the card reads nothing
    m.run(480 * microsecond);                         // before the driver resets it
    REQUIRE(m.counted("posted") == 2);
    CHECK(m.copies(some(des3_sha1).keys.cipher) == 2);
    const auto& told = m.software.associations().refusals();
    REQUIRE(told.size() == 1);
    CHECK(told[0].why == "its command ring took nothing more");
    CHECK(told[0].times == 2);
}

TEST_CASE("A card that concludes nothing is told again, then reset until it does, and no key stays in memory") {
    driver::crypto_card_driver_config soon;
    soon.timeout = 100 * microsecond;
    machine m({}, soon);
    m.hold(named("held", 0x1001));
    sim::session::current().settle_order();
    m.fault("endless_retry");                         // the card reads nothing
    m.run(2 * millisecond);
    CHECK(m.counted("rings.timeouts") >= 4);
    CHECK(m.counted("rings.executed") == 0);
    const std::uint64_t posted = m.counted("rings.posted"), over = m.counted("rings.not_executed") + m.counted("rings.unknown");
    CHECK(posted >= 2);
    CHECK(over + 2 >= posted);                        // the last ones are under way
    for (sim::fault_port& f : sim::session::current().faults())
        if (f.path.find("bridge") != std::string::npos && std::string(f.info->name) == "endless_retry") f.act(false, 0, sim::now());
    m.run(2 * millisecond);
    const std::uint64_t timeouts = m.counted("rings.timeouts");
    CHECK(m.counted("rings.installed") >= 1);
    CHECK(m.software.associations().in_unit({0, 1}));
    CHECK(m.copies(some(des3_sha1).keys.cipher) == 0);
    m.run(5 * millisecond);
    CHECK(m.counted("rings.timeouts") == timeouts);   // it runs
    CHECK(m.counted("rings.stray") == 0);
}
