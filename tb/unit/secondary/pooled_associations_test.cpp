// Associations that two crypto cards share: one owner of the numbers, one window of what came, whichever card does the work.
#include <catch2/catch.hpp>

#include <set>

#include "nicteam/driver/crypto_card_driver.h"
#include "nicteam/rings/crypto_card.h"
#include "nicteam/secondary/pooled_associations.h"
#include "unit/fresh_kernel.h"
#include "unit/rings/bench.h"

using namespace nicteam;
using namespace nicteam::test;
using secondary::pooled_associations;

namespace {

struct listener : driver::adapter_user {
    void sent(host::cpu&, const driver::packet_list&, driver::status) override {}
    void received(host::cpu&, const driver::packet_list&) override {}
    void completed(host::cpu&, driver::control&) override {}
    void finished(host::cpu&, driver::job& j) override { done.push_back(dynamic_cast<driver::crypto_job*>(&j)); }
    void changed(host::cpu&, const driver::link_state&) override {}
    std::vector<driver::crypto_job*> done;
};

struct fitted {
    fitted(const char* name, host::host& h, unsigned slot, pooled_associations& pool)
        : card((std::string(name) + "_card").c_str(), {}, h.bus(), static_cast<int>(slot), &h.interrupt_sink()),
          software((std::string(name) + "_driver").c_str(), {}, place(h, slot)) {
        pool.add_unit([this](const pooled_associations::request& r) { return software.hold(r.parameters, r.iv_seed, r.payload, &r.numbers); });
    }
    host::place place(host::host& h, unsigned slot) {
        h.install(card, 0, slot);
        return h.place_of(0, slot);
    }
    rings::crypto_card card;
    driver::crypto_card_driver software;
};

struct machine {
    fresh_kernel kernel;
    host::host host{"host", {}};
    pooled_associations pool;
    listener user;
    fitted first{"first", host, 1, pool}, second{"second", host, 2, pool};
    std::vector<std::unique_ptr<driver::crypto_job>> jobs;
    std::uint64_t area = host.ram().allocate(256 * 1'024, 4'096);

    machine() {
        first.software.bind(user);
        second.software.bind(user);
    }
    void start() {
        sim::session::current().settle_order();
        run(millisecond);
    }
    void run(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }
    driver::crypto_job& submit(unsigned to, state::handle name, const bytes& packet, bool inbound) {
        auto& j = *jobs.emplace_back(std::make_unique<driver::crypto_job>());
        j.association = pool.in_unit(name, to);
        j.inbound = inbound;
        j.source = area + (jobs.size() - 1) * 4'096;
        j.destination = j.source + 2'048;
        j.length = static_cast<std::uint32_t>(packet.size());
        j.room = 2'048;
        host.ram().write(j.source, packet.data(), packet.size(), sim::now());
        host.cpu().post(sim::now(), [this, to, &j](host::cpu& c) { (to ? second : first).software.submit(c, j); });
        return j;
    }
    bytes result(const driver::crypto_job& j) {
        bytes b(j.octets);
        host.ram().read(j.destination, b.data(), b.size(), never);
        return b;
    }
};

}  // namespace

TEST_CASE("Pool of associations: numbers have one owner, whichever card draws them") {
    machine m;
    const state::handle name = m.pool.hold(some(des3_sha1), 5, ipsec::payload_kind::real, false);
    m.start();
    for (unsigned n = 0; n < 20; ++n) m.submit(n % 3 == 1, name, ip_packet(false, 100 + n), false);
    m.run(5 * millisecond);
    REQUIRE(m.user.done.size() == 20);
    std::set<std::uint64_t> numbers;
    ipsec::association far(some(des3_sha1));
    for (const auto& j : m.jobs) {
        REQUIRE(j->result == driver::status::done);
        CHECK(numbers.insert(j->sequence).second);
        const bytes sealed = m.result(*j);
        CHECK(packet::get32(sealed.data() + 24) == j->sequence);       // as it stands in the ESP header (RFC 4303, figure 2)
    }
    CHECK(*numbers.begin() == 1);
    CHECK(*numbers.rbegin() == 20);
    CHECK(m.pool.shared_copy(name).next_sequence() == 21);
}

TEST_CASE("Pool of associations: what came through one card is no news through the other") {
    machine m;
    const state::handle name = m.pool.hold(some(des3_sha1), 5, ipsec::payload_kind::real, true);
    m.start();
    ipsec::association far(some(des3_sha1));
    const bytes sealed = protect_next(far, ip_packet(false, 100)).packet;
    driver::crypto_job &once = m.submit(0, name, sealed, true), &again = m.submit(1, name, sealed, true);
    m.run(2 * millisecond);
    REQUIRE(once.result == driver::status::done);
    REQUIRE(again.result == driver::status::done);                     // the second card has never seen it
    CHECK(m.pool.accept(name, once.sequence) == ipsec::replay_verdict::fresh);
    CHECK(m.pool.accept(name, again.sequence) == ipsec::replay_verdict::repeated);
    CHECK(m.pool.accept(name, 0) == ipsec::replay_verdict::zero);
}

TEST_CASE("Pool of associations: each is where it was asked to be, and found by what a packet carries") {
    machine m;
    const state::handle both = m.pool.hold(with_spi(some(des3_sha1), 0x1001), 5, ipsec::payload_kind::real, true);
    const state::handle one = m.pool.hold(with_spi(some(des3_sha1), 0x1002), 5, ipsec::payload_kind::real, true, 2);
    const state::handle out = m.pool.hold(with_spi(some(des3_sha1), 0x1003), 5, ipsec::payload_kind::real, false);
    CHECK(m.pool.in_unit(both, 0));
    CHECK(m.pool.in_unit(both, 1));
    CHECK_FALSE(m.pool.in_unit(one, 0));
    CHECK(m.pool.name_of(1, m.pool.in_unit(one, 1)) == one);
    CHECK_FALSE(m.pool.name_of(0, {}));
    CHECK(m.pool.find(0x1002, right_4, ipsec::security_protocol::esp) == one);
    CHECK_FALSE(m.pool.find(0x1003, right_4, ipsec::security_protocol::esp));      // it sends
    CHECK_FALSE(m.pool.find(0x1002, left_4, ipsec::security_protocol::esp));
    CHECK_FALSE(m.pool.find(0x1002, right_4, ipsec::security_protocol::ah));
    CHECK(m.pool.named(2) == out);
    CHECK_FALSE(m.pool.named(3));
    CHECK_THROWS_AS(m.pool.parameters({}), std::out_of_range);
    CHECK_THROWS_AS(m.pool.add_unit({}), std::logic_error);
}

TEST_CASE("Pool of associations: a job whose result does not reach memory has failed, and what lies there is not taken for it") {
    machine m;
    const state::handle name = m.pool.hold(some(des3_sha1), 5, ipsec::payload_kind::real, false);
    m.start();
    driver::crypto_job& j = m.submit(0, name, ip_packet(false, 100), false);
    j.destination = 0x9000'0000;                                       // nobody answers there: master abort
    m.run(5 * millisecond);
    REQUIRE(m.user.done.size() == 1);
    CHECK(j.result == driver::status::failed);
    CHECK(j.detail == "bus_error");
    CHECK(m.pool.shared_copy(name).next_sequence() == 2);              // its number is used
}
