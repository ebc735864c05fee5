// Associations lent to units, read back and lost: one owner at every instant, no number twice, no packet taken twice.
#include <catch2/catch.hpp>

#include <set>

#include "nicteam/base/random_stream.h"
#include "nicteam/driver/lent_associations.h"
#include "unit/rings/bench.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr state::object_id object = 7;

struct lending {
    state::ownership_ledger owners;
    state::owner_id host = owners.new_owner("host"), units[2] = {owners.new_owner("first"), owners.new_owner("second")};
    driver::lent_associations lent{owners, host};
    ipsec::association mine{some(des3_sha1), 0, 5}, far{some(des3_sha1), 0, 6};
    std::unique_ptr<processor_bench> there[2] = {std::make_unique<processor_bench>(), std::make_unique<processor_bench>()};

    lending() { REQUIRE(lent.add(object, mine, 0)); }
    bool install(unsigned which, std::uint64_t numbers) {
        const auto parts = lent.hand_over(object, units[which], numbers, 0);
        if (!parts) return false;
        CHECK(owners.owner(object) == state::nobody);
        const auto o = there[which]->install(*parts);
        lent.installed(object, o.completion.was_executed() ? std::optional(o.completion.handle) : std::nullopt, 0);
        return o.completion.was_executed();
    }
    bool read_back(unsigned which) {
        const state::handle at = *lent.handle(object);
        const auto o = there[which]->run(make_command(opcode::freeze_and_read, at, 1'000));
        const bool good = lent.came_back(object, o.written, 0);
        there[which]->run(make_command(opcode::remove, at));
        return good;
    }
    rings::completion send(unsigned which) { return there[which]->job(*lent.handle(object), ip_packet(false, 40)).completion; }
    rings::completion receive(unsigned which, const bytes& packet) {
        return there[which]->job(*lent.handle(object), packet, rings::inbound).completion;
    }
};

}  // namespace

TEST_CASE("Lent: an association that is read back goes on where it was") {
    lending l;
    CHECK_FALSE(l.lent.add(object, l.mine, 0));
    CHECK(l.owners.owner(object) == l.host);
    REQUIRE(l.install(0, 10));
    CHECK(l.owners.owner(object) == l.units[0]);
    CHECK_FALSE(l.lent.hand_over(object, l.units[1], 5, 0));          // not the host's
    CHECK(l.send(0).sequence == 1);
    CHECK(l.send(0).sequence == 2);
    const bytes packet = protect_next(l.far, ip_packet(false, 60)).packet;
    CHECK(l.receive(0, packet).verdict == 0);
    CHECK_FALSE(l.lent.came_back(object, bytes(40, 3), 0));
    CHECK(l.owners.owner(object) == l.units[0]);
    REQUIRE(l.read_back(0));
    CHECK(l.owners.owner(object) == l.host);
    CHECK(l.mine.next_sequence() == 3);                               // eight came back unused
    CHECK(l.mine.packets() == 3);
    CHECK(l.mine.window.highest() == 1);
    REQUIRE(l.install(1, 4));
    CHECK(l.send(1).sequence == 3);
    CHECK(l.receive(1, packet).verdict == static_cast<unsigned>(ipsec::outcome::replayed));
}

TEST_CASE("Lent: a unit that is gone leaves a gap and a closed window") {
    lending l;
    REQUIRE(l.install(0, 10));
    const bytes first = protect_next(l.far, ip_packet(false, 60)).packet, second = protect_next(l.far, ip_packet(false, 60)).packet;
    CHECK(l.receive(0, second).sequence == 2);
    l.send(0);
    const auto lost = l.lent.lost(l.units[0], [](state::handle) { return 2; }, 0);
    CHECK(lost == std::vector<state::object_id>{object});
    CHECK(l.owners.owner(object) == l.host);
    CHECK_FALSE(l.lent.handle(object));
    REQUIRE(l.install(1, 10));
    CHECK(l.send(1).sequence == 11);
    for (const bytes& p : {first, second}) CHECK(l.receive(1, p).verdict != 0);
    CHECK(l.receive(1, protect_next(l.far, ip_packet(false, 60)).packet).verdict == 0);
}

TEST_CASE("Lent: what was not installed comes back whole and more numbers go to who has it") {
    lending l;
    const auto parts = l.lent.hand_over(object, l.units[0], 10, 0);
    REQUIRE(parts);
    CHECK_FALSE(l.lent.lend_more(object, 5));
    l.lent.installed(object, std::nullopt, 0);
    CHECK(l.owners.owner(object) == l.host);
    CHECK(l.mine.next_sequence() == 1);
    REQUIRE(l.install(0, 1));
    CHECK(l.send(0).sequence == 1);
    CHECK(l.send(0).reason == reason::no_number);
    CHECK(l.there[0]->lend(*l.lent.handle(object), *l.lent.lend_more(object, 2)).completion.was_executed());
    CHECK(l.send(0).sequence == 2);
    // Under way when its unit goes.
    REQUIRE(l.read_back(0));
    REQUIRE(l.lent.hand_over(object, l.units[1], 3, 0));
    CHECK(l.lent.lost(l.units[1], [](state::handle) { return 9; }, 0).size() == 1);
    CHECK(l.owners.owner(object) == l.host);
    CHECK(l.mine.window.highest() == 0);
}

TEST_CASE("Lent: random moves and losses use no number twice and take no packet twice") {
    std::size_t sent = 0, taken = 0, losses = 0, reads = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        random_stream random(seed, "driver", "lent");
        lending l;
        std::set<std::uint64_t> used, received;
        std::uint64_t highest_told = 0;
        std::vector<bytes> packets;
        unsigned where = 0;
        for (int step = 0; step < 300; ++step) {
            if (!l.lent.handle(object)) {
                where = static_cast<unsigned>(random.below(2));
                REQUIRE(l.install(where, random.below(20)));
                highest_told = 0;
            }
            switch (random.below(8)) {
                case 0:
                    if (random.below(3) == 0) {
                        REQUIRE(l.read_back(where));
                        ++reads;
                    } else if (random.below(2)) {
                        l.there[where] = std::make_unique<processor_bench>();
                        CHECK(l.lent.lost(l.units[where], [&](state::handle) { return highest_told; }, 0).size() == 1);
                        ++losses;
                    }
                    break;
                case 1:
                    if (const auto more = l.lent.lend_more(object, 1 + random.below(9))) l.there[where]->lend(*l.lent.handle(object), *more);
                    break;
                case 2: case 3: case 4: {
                    const auto c = l.send(where);
                    if (!c.was_executed()) break;
                    CHECK(used.insert(c.sequence).second);
                    ++sent;
                    break;
                }
                default: {
                    if (packets.empty() || random.below(2)) packets.push_back(protect_next(l.far, ip_packet(false, 30)).packet);
                    const auto c = l.receive(where, packets[packets.size() - 1 - random.below(std::min<std::size_t>(packets.size(), 20))]);
                    if (c.verdict) break;
                    CHECK(received.insert(c.sequence).second);
                    highest_told = std::max(highest_told, c.sequence);
                    ++taken;
                }
            }
            CHECK(l.owners.owner(object) == (l.lent.handle(object) ? l.units[where] : l.host));
        }
    }
    CHECK(sent > 500);
    CHECK(taken > 500);
    CHECK(losses > 50);
    CHECK(reads > 50);
}
