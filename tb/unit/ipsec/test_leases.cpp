// Sequence numbers and counter-mode IVs over owners that come, go and die: none is used twice.
#include <catch2/catch.hpp>

#include <memory>
#include <set>
#include <vector>

#include "nicteam/base/random_stream.h"
#include "some_association.h"

using namespace nicteam;
using namespace nicteam::ipsec;
using namespace nicteam::test;

namespace {

const algorithms counter_mode{cipher_kind::aes_gcm_16, authentication_kind::null};

}  // namespace

TEST_CASE("a device sends what was lent to it and then nothing") {
    association host(some(counter_mode)), device(host.constants());
    std::uint64_t s = 0;
    std::uint8_t iv[16];
    CHECK_FALSE(device.draw(s, iv));
    REQUIRE(device.take(host.lend(3)));
    for (const std::uint64_t expected : {1u, 2u, 3u}) {
        REQUIRE(device.draw(s, iv));
        CHECK(s == expected);
        CHECK(packet::get64(iv) == host.constants().counter_start + expected);
    }
    CHECK_FALSE(device.draw(s, iv));
    CHECK_FALSE(device.exhausted());
    REQUIRE(host.draw(s, iv));
    CHECK(s == 4);
}

TEST_CASE("a lease next to what is left is joined and one beyond leaves a gap") {
    association host(some(counter_mode)), device(host.constants());
    REQUIRE(device.take(host.lend(5)));
    REQUIRE(device.take(host.lend(5)));
    CHECK(device.left() == 10);
    host.start_after(20);
    REQUIRE(device.take(host.lend(2)));
    CHECK(device.held().first == 21);
    CHECK(device.held().last == 22);
    CHECK_FALSE(device.take({11, 20}));      // never back
    CHECK_FALSE(device.take({22, 30}));      // never the same ones
    CHECK_FALSE(device.take({}));
    CHECK_FALSE(device.take({0x100000000, 0x100000001}));
    CHECK(device.held().last == 22);
}

TEST_CASE("an owner that can be read gives the end of its lease back and another does not") {
    association host(some(counter_mode)), device(host.constants());
    REQUIRE(device.take(host.lend(100)));
    std::uint64_t s = 0;
    std::uint8_t iv[16];
    for (int n = 0; n < 40; ++n) device.draw(s, iv);
    REQUIRE(host.give_back(device.held()));
    CHECK(host.next_sequence() == 41);
    // What was lent to somebody else since then stays a gap.
    const lease first = host.lend(10), second = host.lend(10);
    CHECK_FALSE(host.give_back(first));
    CHECK(host.give_back(second));
    CHECK_FALSE(host.give_back({}));
    CHECK(host.next_sequence() == 51);
}

TEST_CASE("the last number of all is lent like any other and then the association is exhausted") {
    for (const bool extended : {false, true}) {
        auto p = some(counter_mode);
        p.extended_sequence = extended;
        const std::uint64_t largest = extended ? ~std::uint64_t{0} : 0xFFFFFFFF;
        association host(p), device(host.constants());
        host.start_after(largest - 5);
        REQUIRE(device.take(host.lend(1'000)));
        CHECK(device.left() == 5);
        CHECK(host.exhausted());
        CHECK(host.lend(1).empty());
        std::uint64_t s = 0;
        std::uint8_t iv[16];
        for (int n = 0; n < 5; ++n) REQUIRE(device.draw(s, iv));
        CHECK(s == largest);
        CHECK(device.exhausted());
        CHECK_FALSE(device.draw(s, iv));
        CHECK_FALSE(device.take({1, 5}));
    }
}

TEST_CASE("no number and no IV is used twice however owners come and go and die") {
    random_stream r(1, "leases", "test");
    for (int run = 0; run < 30; ++run) {
        auto p = some(counter_mode);
        p.extended_sequence = true;
        association host(p, 0, static_cast<std::uint64_t>(run));
        std::vector<std::unique_ptr<association>> devices;
        std::set<std::uint64_t> numbers;
        std::set<bytes> ivs;
        std::uint64_t lost = 0, drawn = 0;
        const auto draws = [&](association& a) {
            std::uint64_t s = 0;
            bytes iv(8);
            if (!a.draw(s, iv.data())) return false;
            REQUIRE(numbers.insert(s).second);
            REQUIRE(ivs.insert(iv).second);
            return ++drawn, true;
        };
        for (int n = 0; n < 3'000; ++n) {
            const std::size_t k = devices.empty() ? 0 : r.below(devices.size());
            switch (r.below(12)) {
                case 0:
                    if (devices.size() < 5) devices.push_back(std::make_unique<association>(host.constants()));
                    break;
                case 1:      // dies unreadable: its rest is lost
                    if (devices.empty()) break;
                    lost += devices[k]->left();
                    devices.erase(devices.begin() + static_cast<std::ptrdiff_t>(k));
                    break;
                case 2:      // is read before it goes
                    if (devices.empty()) break;
                    if (!host.give_back(devices[k]->held())) lost += devices[k]->left();
                    devices.erase(devices.begin() + static_cast<std::ptrdiff_t>(k));
                    break;
                case 3: {    // is moved to another device, octet for octet
                    if (devices.empty()) break;
                    auto next = std::make_unique<association>(host.constants());
                    bytes part;
                    devices[k]->save(state::part::delegated, part);
                    REQUIRE(next->load(state::part::delegated, part.data(), part.size()));
                    devices[k] = std::move(next);
                    break;
                }
                case 4:
                case 5:
                    if (!devices.empty()) {
                        const lease l = host.lend(1 + r.below(40));
                        const std::uint64_t before = devices[k]->left();
                        REQUIRE(devices[k]->take(l));
                        lost += before + (l.last - l.first + 1) - devices[k]->left();
                    }
                    break;
                case 6: draws(host); break;
                default:
                    if (!devices.empty()) draws(*devices[k]);
            }
        }
        // Every number is used, lost, lent or still the host's.
        std::uint64_t lent = 0;
        for (const auto& d : devices) lent += d->left();
        CHECK(drawn + lost + lent + host.left() == ~std::uint64_t{0});
        CHECK(drawn > 400);
        CHECK(lost > 50);
    }
}

TEST_CASE("a receiver takes what comes behind a gap and its window closes over it") {
    auto p = some({cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96});
    association from(p), to(p);
    const auto receive = [&](const bytes& packet) {
        opened o;
        work w;
        return unprotect(to, packet, o, w);
    };
    const bytes early = protect_next(from, ip_packet(false, 20)).packet, never_sent = protect_next(from, ip_packet(false, 20)).packet;
    from.start_after(5'000);      // whoever held the numbers before is gone
    const bytes late = protect_next(from, ip_packet(false, 20)).packet;
    CHECK(receive(early) == outcome::done);
    CHECK(receive(late) == outcome::done);
    CHECK(receive(late) == outcome::replayed);
    CHECK(receive(never_sent) == outcome::too_old);
}
