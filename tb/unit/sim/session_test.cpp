#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "nicteam/sim/session.h"

using namespace nicteam;
using namespace nicteam::sim;

namespace {

const metric_info frames_info{"frames", "frames", "m", metric_info::counter};
const metric_info fill_info{"fill", "B", "m", metric_info::level};
const metric_info delay_info{"delay", "ps", "m", metric_info::histogram};
const fault_info down_info{"link_down", "", "m"};
const probe_info state_info{"state", 2, nullptr, "m"};
const capture_info wire_info{"wire", "m"};
const stage_info post_info{"host_post", "m"};
const outcome_info done_info{"delivered", false, "m"};

struct line_log : packet_observer {
    std::vector<std::string> lines;
    void born(trace_id id, trace_id parent, const std::string& where, std::uint32_t octets, ps at) override {
        lines.push_back("born " + std::to_string(id) + " " + std::to_string(parent) + " " + where + " " + std::to_string(octets) + " " + std::to_string(at));
    }
    void passed(trace_id id, const stage_info& s, const std::string& where, ps at) override {
        lines.push_back("passed " + std::to_string(id) + " " + s.name + " " + where + " " + std::to_string(at));
    }
    void ended(trace_id id, const outcome_info& o, const std::string& where, ps at) override {
        lines.push_back("ended " + std::to_string(id) + " " + o.name + " " + where + " " + std::to_string(at));
    }
    void crossed(trace_id id, const std::string& bus, std::uint32_t octets, ps at) override {
        lines.push_back("crossed " + std::to_string(id) + " " + bus + " " + std::to_string(octets) + " " + std::to_string(at));
    }
};

// Binds the rows of three components, in the order given; returns what an observer can tell apart.
std::string names(std::vector<std::string> order) {
    session s(1);
    for (const auto& path : order) {
        s.bind_counter(path + ".frames", frames_info).add(path.size());
        s.bind_level(path + ".fill", fill_info);
        s.bind_fault(path, down_info, {});
        s.bind_probe(path + ".state", state_info);
        s.bind_capture(path + ".wire", wire_info);
        s.bind_station(path);
    }
    s.settle_order();
    std::string out;
    for (const auto& m : s.metrics()) out += m.path + (m.as_counter ? "=" + std::to_string(m.as_counter->value()) : "") + " ";
    for (const auto& f : s.faults()) out += f.path + " ";
    std::vector<std::string> numbers;
    for (auto& st : s.stations()) numbers.push_back(st.path + ":" + std::to_string(st.number) + ":" + std::to_string(st.next_id()));
    std::sort(numbers.begin(), numbers.end());
    for (const auto& n : numbers) out += n + " ";
    return out;
}

}  // namespace

TEST_CASE("session does not depend on the order of construction") {
    std::vector<std::string> order{"client.nic0", "server.nic0", "server.nic10", "server.nic2"};
    const std::string reference = names(order);
    REQUIRE(reference.find("client.nic0:1:") != std::string::npos);
    do REQUIRE(names(order) == reference);
    while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("session references stay valid while more is bound and sorted") {
    session s(1);
    std::vector<counter*> counters;
    for (int i = 200; i-- > 0;) counters.push_back(&s.bind_counter("c" + std::to_string(i), frames_info));
    s.settle_order();
    for (std::size_t i = 0; i < counters.size(); ++i) counters[i]->add(i + 1);
    std::uint64_t sum = 0;
    for (const auto& m : s.metrics()) sum += m.as_counter->value();
    REQUIRE(sum == 200 * 201 / 2);
    REQUIRE(std::is_sorted(s.metrics().begin(), s.metrics().end(), [](const auto& a, const auto& b) { return a.path < b.path; }));
}

TEST_CASE("session is current while it lives and sessions nest") {
    REQUIRE_THROWS_AS(session::current(), std::logic_error);
    {
        session outer(5);
        REQUIRE(&session::current() == &outer);
        {
            session inner(6);
            REQUIRE(session::current().seed() == 6);
        }
        REQUIRE(session::current().seed() == 5);
    }
    REQUIRE_THROWS_AS(session::current(), std::logic_error);
}

TEST_CASE("stations report to observers and stay silent for unnamed packets") {
    session s(1);
    station& st = s.bind_station("client.stack");
    s.settle_order();
    REQUIRE_FALSE(st.watched());
    line_log l;
    s.observe(&l);
    REQUIRE(st.watched());
    const trace_id id = st.next_id();
    REQUIRE(id == ((1ull << 40) | 1));
    st.born(id, 0, 60, 10);
    st.passed(id, post_info, 20);
    st.crossed(id, "client.pci0", 46, 30);
    st.ended(id, done_info, 40);
    st.passed(0, post_info, 50);
    st.ended(0, done_info, 60);
    st.crossed(0, "client.pci0", 46, 70);
    const std::string n = std::to_string(id);
    REQUIRE(l.lines == std::vector<std::string>{"born " + n + " 0 client.stack 60 10", "passed " + n + " host_post client.stack 20",
                                                "crossed " + n + " client.pci0 46 30", "ended " + n + " delivered client.stack 40"});
}

TEST_CASE("probes and captures cost nothing unless watched") {
    session s(1);
    probe& p = s.bind_probe("nic.state", state_info);
    REQUIRE_FALSE(p.watched());
    p.change(10, 1);   // nobody there: no effect, no crash
    struct sink : probe_sink {
        std::vector<std::pair<ps, std::uint64_t>> seen;
        void change(const probe&, ps at, std::uint64_t v) override { seen.push_back({at, v}); }
    } k;
    p.sink = &k;
    p.change(20, 2);
    REQUIRE(k.seen == std::vector<std::pair<ps, std::uint64_t>>{{20, 2}});

    capture_point& c = s.bind_capture("lan.wire", wire_info);
    REQUIRE_FALSE(c.on());
    struct taker : capture_sink {
        int taken = 0;
        void take(const capture_point&, const frame_ref&, ps, direction, const char*) override { ++taken; }
    } a, b;
    c.sinks = {&a, &b};
    c.take(frame::make(), 5, direction::in);
    REQUIRE(a.taken + b.taken == 2);
    REQUIRE(s.bind_histogram("x", delay_info).count() == 0);
}
