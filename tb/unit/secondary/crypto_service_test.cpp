// The service with engines that do what the test says: each job comes back once to who asked, whatever becomes of engines.
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "nicteam/host/host.h"
#include "nicteam/rings/entries.h"
#include "nicteam/secondary/crypto_service.h"
#include "unit/fresh_kernel.h"
#include "unit/ipsec/some_association.h"
#include "unit/rings/bench.h"

using namespace nicteam;
using namespace nicteam::test;
using namespace nicteam::secondary;
using driver::crypto_job;
using driver::status;

namespace {

// Keeps what it is given until told.
struct scripted : engine {
    const char* engine_name() const override { return "scripted"; }
    state::handle hold(const pooled_associations::request&) override { return able ? state::handle{held++, 1} : state::handle{}; }
    void submit(host::cpu& c, crypto_job& j) override {
        all.insert(&j);
        if (at_once) return answer(c, j, *at_once);
        jobs.push_back(&j);
    }
    void answer(host::cpu& c, crypto_job& j, status s, const char* detail = "", bool unknown = false) {
        j.result = s;
        j.detail = detail;
        j.unknown = unknown;
        j.verdict = 0;
        user_->finished(c, *this, j);
    }
    void answer_first(host::cpu& c, status s, const char* detail = "", bool unknown = false) {
        crypto_job& j = *jobs.front();
        jobs.erase(jobs.begin());
        answer(c, j, s, detail, unknown);
    }
    bool able = true;
    const status* at_once = nullptr;
    std::uint32_t held = 0;
    std::vector<crypto_job*> jobs;
    std::set<crypto_job*> all;
};

struct customer : sc_core::sc_module, requester {
    customer(sc_core::sc_module_name n) : sc_module(n) {}
    void finished(host::cpu&, task& t) override { ++back[&t]; }
    std::map<task*, unsigned> back;
};

crypto_service_config config(software_use software = software_use::never) {
    crypto_service_config c;
    c.dispatch = static_cast<unsigned>(dispatch_kind::spill_over);
    c.queue = c.given = 2;
    c.software = static_cast<unsigned>(software);
    return c;
}

struct machine {
    explicit machine(const crypto_service_config& c = config(), unsigned engines = 2) : service("service", c, host.cpu(), host.ram()) {
        for (unsigned n = 0; n < engines; ++n) {
            all.push_back(std::make_unique<scripted>());
            service.add(*all.back());
        }
        service.complete();
        a = service.add_requester(first, first);
        b = service.add_requester(second, second);
    }
    void hold(bool receives = false) { name = service.associations().hold(some(des3_sha1), 5, ipsec::payload_kind::real, receives); }
    void start() { sim::session::current().settle_order(); }
    // On the CPU, now; and what comes of it.
    template <class F>
    void on_cpu(F f) {
        host.cpu().post(sim::now(), [f](host::cpu& c) { f(c); });
        run(100 * microsecond);
    }
    void run(ps t) { sc_core::sc_start(sim::to_sc_time(t)); }
    task& submit(unsigned by, bool inbound = false) {
        tasks.push_back(std::make_unique<task>());
        task& t = *tasks.back();
        t.association = name;
        t.inbound = inbound;
        t.source = area + (tasks.size() - 1) % 64 * 4'096;
        t.destination = t.source + 2'048;
        t.room = 2'048;
        const bytes packet = ip_packet(false, 100);
        t.length = static_cast<std::uint32_t>(packet.size());
        host.ram().write(t.source, packet.data(), packet.size(), sim::now());
        on_cpu([this, by, &t](host::cpu& c) { service.submit(c, by, t); });
        return t;
    }
    void answer(unsigned engine, status s, const char* detail = "", bool unknown = false) {
        REQUIRE_FALSE(all[engine]->jobs.empty());
        on_cpu([=](host::cpu& c) { all[engine]->answer_first(c, s, detail, unknown); });
    }
    std::uint64_t value(const std::string& path) const {
        for (const auto& m : sim::session::current().metrics())
            if (m.path == path && m.as_counter) return m.as_counter->value();
        FAIL(path);
        return 0;
    }

    fresh_kernel kernel;
    host::host host{"host", {}};
    std::vector<std::unique_ptr<scripted>> all;
    crypto_service service;
    customer first{"first"}, second{"second"};
    unsigned a = 0, b = 0;
    state::handle name;
    std::vector<std::unique_ptr<task>> tasks;
    std::uint64_t area = host.ram().allocate(64 * 4'096, 4'096);
};

}  // namespace

TEST_CASE("Service: a result goes back to who asked, once, with its counts") {
    machine m;
    m.hold();
    m.start();
    task &one = m.submit(m.a), &two = m.submit(m.b);
    m.answer(0, status::done);
    CHECK(m.first.back[&one] == 1);
    CHECK(m.second.back.empty());
    m.answer(0, status::failed, "too_long");
    CHECK(m.second.back[&two] == 1);
    CHECK(two.result == status::failed);
    CHECK(two.detail == "too_long");
    CHECK(one.tries == 1);
    CHECK(m.value("first.submitted") == 1);
    CHECK(m.value("first.done") == 1);
    CHECK(m.value("second.failed") == 1);
    CHECK(m.value("second.done") == 0);
    CHECK(m.value("service.engine_0.jobs") == 1);
    CHECK(m.value("service.engine_0.not_done") == 1);
}

TEST_CASE("Service, rows A-101 and A-132: jobs of an engine that is gone go to another, but for what it may have sent") {
    machine m;
    m.hold();
    m.start();
    task &one = m.submit(m.a), &two = m.submit(m.a), &three = m.submit(m.a);
    REQUIRE(m.all[0]->jobs.size() == 2);
    REQUIRE(m.all[1]->jobs.size() == 1);
    one.job.transmit = true;
    m.answer(0, status::not_done, "the unit is gone", true);
    CHECK(one.result == status::failed);
    CHECK(m.first.back[&one] == 1);
    m.answer(0, status::not_done, "the unit is gone");
    CHECK(m.first.back.count(&two) == 0);
    REQUIRE(m.all[1]->jobs.size() == 2);
    m.answer(1, status::done), m.answer(1, status::done);
    CHECK(m.first.back[&two] == 1);
    CHECK(m.first.back[&three] == 1);
    CHECK(two.tries == 2);
    CHECK(m.value("service.reissued") == 1);
    CHECK(m.value("service.engines_lost") == 1);
    m.submit(m.a);
    CHECK(m.all[0]->jobs.empty());                       // left alone
    m.run(millisecond);
    m.submit(m.a);
    CHECK(m.all[0]->jobs.size() == 1);
}

TEST_CASE("Service: jobs that wait for an engine that is gone find another, or come back as not done when there is none") {
    machine m(config(), 1);
    m.hold();
    m.start();
    std::vector<task*> t;
    for (unsigned n = 0; n < 5; ++n) t.push_back(&m.submit(m.a));
    m.answer(0, status::not_done, "the unit is gone");
    CHECK(m.first.back.size() == 4);                     // all but the one that its unit still has
    CHECK(t[4]->result == status::not_done);
    m.answer(0, status::done);
    for (task* one : t) CHECK(m.first.back[one] == 1);
    CHECK(m.value("first.not_done") == 4);
}

TEST_CASE("Service: who may do a job is asked when it wants a place, and again when its owner says so") {
    machine m;
    std::uint64_t may = 0b01;
    m.service.permit([&may](const task&) { return crypto_service::rights{may, 0}; });
    m.hold();
    m.start();
    std::vector<task*> t;
    for (unsigned n = 0; n < 6; ++n) t.push_back(&m.submit(m.a));
    CHECK(m.all[0]->jobs.size() == 2);                   // `given`; the others wait
    may = 0b10;
    m.on_cpu([&m](host::cpu& c) { m.service.reconsider(c); });
    CHECK(m.all[1]->jobs.size() == 2);
    m.answer(0, status::not_done, "the unit is gone");   // it goes where it may now
    for (unsigned n = 0; n < 5; ++n) m.answer(1, status::done);
    CHECK(m.all[0]->jobs.size() == 1);                   // what its unit has it has
    may = 0;
    task& last = m.submit(m.a);
    CHECK(last.result == status::refused);
    m.answer(0, status::done);
    for (task* one : t) CHECK(m.first.back[one] == 1);
}

TEST_CASE("Service: an engine that refuses is asked no more for that job - refused by all, it is refused") {
    machine m;
    m.hold();
    m.start();
    task& one = m.submit(m.a);
    m.answer(0, status::refused, "the unit does not have the association");
    REQUIRE(m.all[1]->jobs.size() == 1);
    m.answer(1, status::refused, "the unit does not have the association");
    CHECK(one.result == status::refused);
    CHECK(m.first.back[&one] == 1);
    task& two = m.submit(m.a);                           // it may for others
    CHECK(m.all[0]->jobs.size() == 1);
    m.answer(0, status::failed, rings::name(rings::reason::without_engines));
    m.answer(1, status::done);
    CHECK(two.result == status::done);
}

TEST_CASE("Service: of an association that no engine has nothing is tried") {
    machine m;
    for (auto& e : m.all) e->able = false;
    m.hold();
    m.start();
    task& t = m.submit(m.a);
    CHECK(t.result == status::refused);
    CHECK(m.first.back[&t] == 1);
    CHECK(m.value("first.refused") == 1);
}

TEST_CASE("Service: a ring without room is asked again when one of ours is back, and too many that wait find no room") {
    crypto_service_config c = config();
    c.waiting = 1;
    machine m(c, 1);
    m.hold();
    m.start();
    task &one = m.submit(m.a), &two = m.submit(m.a);
    m.on_cpu([&](host::cpu& k) {
        crypto_job& j = *m.all[0]->jobs.back();
        m.all[0]->jobs.pop_back();
        m.all[0]->answer(k, j, status::no_room);
    });
    CHECK(m.all[0]->jobs.size() == 1);
    CHECK(m.first.back.empty());
    m.submit(m.a);
    task& full = m.submit(m.a);
    CHECK(full.result == status::no_room);
    CHECK(m.first.back[&full] == 1);
    m.answer(0, status::done);
    CHECK(m.first.back[&one] == 1);
    REQUIRE(m.all[0]->jobs.size() == 2);
    CHECK(m.all[0]->jobs.front() == &two.job);
    CHECK(two.tries == 1);
}

TEST_CASE("Service: a number that came through one engine is no news through another") {
    machine m;
    m.hold(true);
    m.start();
    task &one = m.submit(m.a, true), &two = m.submit(m.a, true);
    one.job.sequence = two.job.sequence = 7;
    m.answer(0, status::done), m.answer(0, status::done);
    CHECK(one.verdict == static_cast<std::uint8_t>(ipsec::outcome::done));
    CHECK(two.verdict == static_cast<std::uint8_t>(ipsec::outcome::replayed));
    CHECK(m.value("first.done") == 1);
    CHECK(m.value("first.not_verified") == 1);
}

TEST_CASE("Service: software does what no other engine can, and what it did opens at the far end, at the cycles of its cost table") {
    machine m(config(software_use::last_resort), 1);
    m.hold();
    m.start();
    task& device = m.submit(m.a);
    CHECK(m.all[0]->jobs.size() == 1);
    m.answer(0, status::not_done, "the unit is gone");
    m.run(100 * microsecond);
    REQUIRE(device.result == status::done);
    CHECK(m.value("service.engine_1.jobs") == 1);
    const std::uint64_t cipher = m.value("host.cpu0.cycles_des3_byte");
    CHECK(cipher > 116 * 100);
    ipsec::association far(some(des3_sha1));
    ipsec::opened out;
    ipsec::work work;
    bytes sealed(device.written);
    m.host.ram().read(device.destination, sealed.data(), sealed.size(), never);
    REQUIRE(ipsec::unprotect(far, sealed, out, work) == ipsec::outcome::done);
    CHECK(out.packet == ip_packet(false, 100));
    m.run(2 * millisecond);
    m.submit(m.a);                                       // it is there again
    CHECK(m.all[0]->jobs.size() == 1);
    CHECK(m.value("host.cpu0.cycles_des3_byte") == cipher);
}

TEST_CASE("Service, row A-88: what an engine is used for may change while jobs are under way") {
    machine m;
    m.hold();
    m.start();
    engine_setting active = m.service.usual(engine_use::active);
    active.most = 1;
    m.on_cpu([&](host::cpu& c) { m.service.set(c, 0, active); });
    for (unsigned n = 0; n < 5; ++n) m.submit(m.a);
    CHECK(m.all[1]->jobs.size() == 2);                   // the idle one first
    CHECK(m.all[0]->jobs.size() == 1);
    m.on_cpu([&](host::cpu& c) { m.service.set(c, 0, m.service.usual(engine_use::idle)); });
    CHECK(m.all[0]->jobs.size() == 2);
}

TEST_CASE("Service: a random campaign, each job back once and counted once") {
    random_stream r(3, "test", "campaign");
    crypto_service_config c = config();
    c.dispatch = static_cast<unsigned>(dispatch_kind::shortest_queue);
    c.waiting = 20;
    c.queue = 4;
    machine m(c, 4);
    m.hold();
    m.start();
    constexpr status answers[] = {status::done, status::done, status::done, status::done, status::not_done, status::refused, status::failed, status::no_room};
    const status gone = status::not_done;
    for (unsigned step = 0; step < 3'000; ++step) {
        const auto n = static_cast<unsigned>(r.below(4));
        scripted& e = *m.all[n];
        switch (r.below(8)) {
            case 0:
            case 1:
            case 2: m.submit(r.below(2) ? m.a : m.b); break;
            case 3: e.at_once = r.below(4) == 0 ? &gone : nullptr; break;
            case 4: {
                engine_setting s = m.service.usual(static_cast<engine_use>(r.below(engine_uses)));
                m.on_cpu([&](host::cpu& k) { m.service.set(k, n, s); });
                break;
            }
            default:
                if (!e.jobs.empty()) m.answer(n, answers[r.below(8)], r.below(2) ? rings::name(rings::reason::bus_error) : "too_long", r.below(10) == 0);
        }
    }
    for (auto& e : m.all) e->at_once = nullptr;
    m.run(5 * millisecond);
    for (bool any = true; any;) {
        any = false;
        for (unsigned n = 0; n < 4; ++n)
            if (!m.all[n]->jobs.empty()) m.answer(n, status::done), any = true;
    }
    CHECK(m.first.back.size() + m.second.back.size() == m.tasks.size());
    for (const customer* who : {&m.first, &m.second}) {
        for (const auto& [t, times] : who->back) REQUIRE(times == 1);
        std::uint64_t sum = 0;
        for (const char* end : {"done", "not_verified", "refused", "failed", "not_done", "no_room"}) sum += m.value(std::string(who->name()) + "." + end);
        CHECK(sum == who->back.size());
        CHECK(m.value(std::string(who->name()) + ".submitted") == who->back.size());
    }
    CHECK(m.value("service.reissued") > 50);
}

TEST_CASE("Service, decision 178: an engine that is not lent works for nobody, by direction") {
    machine m;
    std::uint64_t lends[2] = {0b11, 0b11};
    m.service.permit([&lends](const task& t) { return crypto_service::rights{lends[t.inbound], 0}; });
    m.hold(true);
    m.start();
    lends[0] = 0b10;
    task& out = m.submit(m.a);
    CHECK(m.all[0]->jobs.empty());
    REQUIRE(m.all[1]->jobs.size() == 1);
    task& in = m.submit(m.a, true);
    CHECK(m.all[0]->jobs.size() == 1);
    m.answer(1, status::done), m.answer(0, status::done);
    CHECK(m.first.back[&out] + m.first.back[&in] == 2);
    lends[0] = lends[1] = 0;
    CHECK(m.submit(m.b).result == status::refused);
    lends[0] = lends[1] = 0b01;
    m.submit(m.b);
    CHECK(m.all[0]->jobs.size() == 1);
    CHECK(m.value("service.secondary_358") == 4);
    CHECK(m.value("service.looped_back_358") == 3);
}

TEST_CASE("Service, FIG. 6: 354: where nothing is spread no policy is asked, and what waited for its choice goes on") {
    crypto_service_config c = config();
    c.dispatch = static_cast<unsigned>(dispatch_kind::first_idle);
    machine m(c, 1);
    bool spread = true;
    m.service.permit([&spread](const task&) { return crypto_service::rights{~std::uint64_t{0}, 0, spread}; });
    m.hold();
    m.start();
    m.submit(m.a), m.submit(m.a), m.submit(m.a);
    CHECK(m.all[0]->jobs.size() == 1);
    spread = false;
    m.on_cpu([&](host::cpu& k) { m.service.reconsider(k); });
    CHECK(m.all[0]->jobs.size() == 2);                   // as `queue` lets it
    m.answer(0, status::done);
    CHECK(m.all[0]->jobs.size() == 2);
    m.answer(0, status::done);
    spread = true;
    m.on_cpu([&](host::cpu& k) { m.service.reconsider(k); });
    m.submit(m.a), m.submit(m.a);
    CHECK(m.all[0]->jobs.size() == 1);
}
