// The intermediary and the adapter contract against an adapter that does as it is told.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

#include "nicteam/driver/intermediary.h"
#include "nicteam/sim/session.h"
#include "unit/fresh_kernel.h"

using namespace nicteam;
using namespace nicteam::driver;

namespace {
struct free_cpu : host::cpu {
    void spend(const host::operation&, std::uint64_t) override {}
    std::uint32_t read(std::uint64_t, unsigned) override { return 0; }
    void write(std::uint64_t, unsigned, std::uint32_t) override {}
    std::uint32_t read_io(std::uint32_t, unsigned) override { return 0; }
    void write_io(std::uint32_t, unsigned, std::uint32_t) override {}
    std::uint32_t read_configuration(unsigned, unsigned, unsigned) override { return 0; }
    void write_configuration(unsigned, unsigned, unsigned, std::uint32_t) override {}
    void mask_interrupts() override {}
    void unmask_interrupts() override {}
    void post(ps, std::function<void(host::cpu&)>) override {}
    ps now() const override { return 0; }
    void wait_until(ps) override {}
    ps period() const override { return 1; }
};

struct fake : adapter {
    const char* adapter_name() const override { return "fake"; }
    void bind(adapter_user& u) override { user = &u; }
    const capabilities& able() const override { return what; }
    void send(host::cpu&, const packet_list& l, const send_how&) override { held.insert(held.end(), l.begin(), l.end()); }
    void request(host::cpu& c, control& r) override {
        r.result = status::refused;
        user->completed(c, r);
    }
    void submit(host::cpu&, job& j) override { jobs.push_back(&j); }
    void finish(host::cpu& c, job& j, status s) {
        jobs.erase(std::find(jobs.begin(), jobs.end(), &j));
        j.result = s;
        user->finished(c, j);
    }
    void give_back(host::cpu&, const packet_list& l) override { returned += l.size(); }
    void halt(host::cpu& c, halt_reason) override {
        packet_list l;
        l.swap(held);
        user->sent(c, l, status::not_done);
        while (!jobs.empty()) finish(c, *jobs.front(), status::not_done);
    }
    adapter_user* user = nullptr;
    capabilities what;
    packet_list held;
    std::vector<job*> jobs;
    std::size_t returned = 0;
};

struct stack : protocol_user {
    void sent(host::cpu&, unsigned, const packet_list& l, status s) override {
        for (packet* p : l) {
            ++completions[p];
            owners.push_back(p->owner);
            last = s;
        }
    }
    void received(host::cpu& c, unsigned adapter, const packet_list& l) override {
        for (packet* p : l) types.push_back(p->ether_type);
        if (below) below->give_back(c, adapter, l);
    }
    void completed(host::cpu&, unsigned adapter, control& r) override { requests.push_back({adapter, r.result}); }
    void finished(host::cpu&, unsigned adapter, job& j) override { jobs.push_back({adapter, j.result}); }
    void changed(host::cpu&, unsigned adapter, const link_state&) override { ++changes; }
    intermediary_102* below = nullptr;
    std::map<packet*, int> completions;
    std::vector<void*> owners;
    std::vector<std::uint16_t> types;
    std::vector<std::pair<unsigned, status>> requests, jobs;
    status last{};
    unsigned changes = 0;
};
}  // namespace

TEST_CASE("Received frames go to the stack bound to their EtherType and the rest to who takes everything else", "[intermediary]") {
    test::fresh_kernel k;
    free_cpu c;
    fake a, b;
    intermediary_102 i("i");
    REQUIRE(i.attach(a) == 0);
    REQUIRE(i.attach(b) == 1);
    stack ip, llc, other;
    ip.below = llc.below = other.below = &i;
    i.bind(ip, {protocol::ether_type, 0x0800});
    i.bind(llc, {protocol::llc}, 0);
    i.bind(other, {protocol::everything_else}, 0);
    packet p[5];
    const std::uint16_t types[] = {0x0800, 0x0800, 100, 0x88B5, 0x0800};
    packet_list l;
    for (unsigned n = 0; n < 5; ++n) {
        p[n].ether_type = types[n];
        l.push_back(&p[n]);
    }
    a.user->received(c, l);
    CHECK(ip.types == std::vector<std::uint16_t>{0x0800, 0x0800, 0x0800});
    CHECK(llc.types == std::vector<std::uint16_t>{100});
    CHECK(other.types == std::vector<std::uint16_t>{0x88B5});
    CHECK(a.returned == 5);
    b.user->received(c, l);                       // nobody is bound to LLC and the rest here
    CHECK(ip.types.size() == 6);
    CHECK(llc.types.size() == 1);
    CHECK(b.returned == 5);
    CHECK_THROWS_AS(i.bind(other, {protocol::ether_type, 0x0800}, 1), std::logic_error);
}

// A frame that nobody takes has ended there, with its reason: else a packet would be nowhere.
TEST_CASE("A frame that no stack is bound to ends as unclaimed", "[intermediary]") {
    test::fresh_kernel k;
    struct watch : sim::packet_observer {
        void born(trace_id, trace_id, const std::string&, std::uint32_t, ps) override {}
        void passed(trace_id, const stage_info&, const std::string&, ps) override {}
        void ended(trace_id id, const outcome_info& o, const std::string& where, ps) override { list.push_back({id, std::string(o.name) + " " + where}); }
        void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
        std::vector<std::pair<trace_id, std::string>> list;
    } w;
    sim::session::current().observe(&w);
    free_cpu c;
    fake a;
    intermediary_102 i("i");
    i.attach(a);
    stack ip;
    ip.below = &i;
    i.bind(ip, {protocol::ether_type, 0x0800});
    packet p[3];
    const std::uint16_t types[] = {0x88B5, 0x0800, 60};
    packet_list l;
    for (unsigned n = 0; n < 3; ++n) {
        p[n].ether_type = types[n];
        p[n].id = n + 1;
        l.push_back(&p[n]);
    }
    a.user->received(c, l);
    using ends = std::vector<std::pair<trace_id, std::string>>;
    CHECK(w.list == ends{{1, "unclaimed i"}, {3, "unclaimed i"}});
    CHECK(a.returned == 3);
}

TEST_CASE("Completions go back to the stack that sent with the owner as it was and each exactly once", "[intermediary]") {
    test::fresh_kernel k;
    free_cpu c;
    fake a;
    intermediary_102 i("i");
    i.attach(a);
    stack one, two;
    i.bind(one, {protocol::ether_type, 1 << 11});
    i.bind(two, {protocol::ether_type, 3 << 11});
    packet p[4];
    for (packet& q : p) q.owner = &q;
    i.send(c, one, 0, {&p[0], &p[1]});
    i.send(c, two, 0, {&p[2]});
    i.send(c, one, 0, {&p[3]});
    packet_list first{a.held[0]};
    a.held.erase(a.held.begin());
    a.user->sent(c, first, status::done);
    CHECK(one.last == status::done);
    i.halt(c, 0, halt_reason::shutdown);
    CHECK(one.completions == std::map<packet*, int>{{&p[0], 1}, {&p[1], 1}, {&p[3], 1}});
    CHECK(two.completions == std::map<packet*, int>{{&p[2], 1}});
    CHECK(one.last == status::not_done);
    for (packet& q : p) CHECK(q.owner == &q);
    CHECK(one.owners == std::vector<void*>{&p[0], &p[1], &p[3]});
    control r("something");
    i.request(c, two, 0, r);
    CHECK(two.requests.size() == 1);
    CHECK(one.requests.empty());
    a.user->changed(c, {true, 1, true, 0});
    CHECK(one.changes == 1);
    CHECK(two.changes == 1);
}

TEST_CASE("Jobs of several stacks on several adapters each finish once at the stack that submitted them", "[intermediary]") {
    test::fresh_kernel k;
    free_cpu c;
    fake a, b;
    intermediary_102 i("i");
    i.attach(a);
    i.attach(b);
    stack one, two;
    i.bind(one, {protocol::ether_type, 0x0800});
    i.bind(two, {protocol::ether_type, 0x88B5});
    job j[4] = {job("work"), job("work"), job("work"), job("work")};
    i.submit(c, one, 0, j[0]);
    i.submit(c, two, 0, j[1]);
    i.submit(c, two, 1, j[2]);
    i.submit(c, one, 1, j[3]);
    CHECK_THROWS_AS(i.submit(c, one, 1, j[3]), std::logic_error);      // still under way
    a.finish(c, j[1], status::done);                                  // in any order
    a.finish(c, j[0], status::failed);
    using results = std::vector<std::pair<unsigned, status>>;
    CHECK(one.jobs == results{{0, status::failed}});
    CHECK(two.jobs == results{{0, status::done}});
    i.halt(c, 1, halt_reason::shutdown);                              // the rest, not done
    CHECK(one.jobs == results{{0, status::failed}, {1, status::not_done}});
    CHECK(two.jobs == results{{0, status::done}, {1, status::not_done}});
    i.submit(c, one, 0, j[3]);                                        // a finished one may be used again
    a.finish(c, j[3], status::done);
    CHECK(one.jobs.size() == 3);
    CHECK_THROWS_AS(a.user->finished(c, j[3]), std::logic_error);      // nobody waits for it
    control r("x");
    CHECK_THROWS_AS(i.request(c, one, 7, r), std::out_of_range);
    CHECK(one.requests.empty());
}
