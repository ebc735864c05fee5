#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "nicteam/report/lifelines.h"

using namespace nicteam;
using namespace nicteam::report;

namespace {
const stage_info stages[] = {{"posted", ""}, {"dma", ""}, {"wire", ""}, {"reaped", ""}};
const outcome_info delivered{"delivered", false, "arrived"}, no_buffer{"no_buffer", true, "nowhere to put it"};
const std::string host = "server.stack", nic = "server.pci0.nic0", peer = "client";
constexpr trace_id id(unsigned station, unsigned n) { return static_cast<trace_id>(station) << 40 | n; }

lifelines made(lifeline_options o = {}) {
    o.rows = true;
    for (const auto& s : stages) o.stages.push_back(&s);
    lifelines l(o);
    for (unsigned n = 1; n <= 3; ++n) {
        const ps t = 1000 * n;
        l.born(id(1, n), 0, host, 60, t);
        l.passed(id(1, n), stages[0], host, t + 10);
        l.passed(id(1, n), stages[2], nic, t + 60);      // late reports: order of time counts
        l.passed(id(1, n), stages[1], nic, t + 30);
        l.ended(id(1, n), delivered, peer, t + 100 * n);
        l.passed(id(1, n), stages[3], host, t + 900);    // after the end
    }
    l.born(id(2, 1), 0, peer, 64, 5000);
    l.passed(id(2, 1), stages[2], nic, 5100);
    l.ended(id(2, 1), no_buffer, nic, 5200);
    l.born(id(1, 4), id(1, 3), host, 60, 6000);
    l.passed(id(1, 4), stages[0], host, 6010);
    l.finish();
    return l;
}
}  // namespace

TEST_CASE("A flow has its throughput and its latency by hops in the order of the way") {
    const auto l = made();
    const auto f = l.flows();
    REQUIRE(f.size() == 1);
    CHECK(f[0].from == host);
    CHECK(f[0].to == peer);
    CHECK(f[0].packets == 3);
    CHECK(f[0].octets == 180);
    CHECK(f[0].latency.sum() == 600);
    std::string way;
    __int128 sum = 0;
    for (const hop& h : f[0].hops) {
        way += h.from + ">" + h.to + " ";
        sum += h.time.sum();
        CHECK(h.time.count() == 3);
    }
    CHECK(way == "born>posted posted>dma dma>wire wire>end ");
    CHECK(sum == 600);                                   // the hops of a way add up to its latency
    CHECK(f[0].hops[1].time.sum() == 60);
}

TEST_CASE("Another place in the same string is another place") {
    std::string where = "east.0";
    lifelines l;
    l.born(id(1, 1), 0, where, 60, 0);
    where = "west.0";
    l.ended(id(1, 1), delivered, where, 10);
    l.finish();
    REQUIRE(l.flows().size() == 1);
    CHECK(l.flows()[0].from == "east.0");
    CHECK(l.flows()[0].to == "west.0");
}

TEST_CASE("A copy that a repeater brings to an end that it is not for is neither arrival nor loss") {
    const outcome_info repeated{"repeated", false, "", true, false, true}, filtered{"filtered", true, "", false, false, false, true};
    const std::string hub = "hub";
    lifelines l;
    l.born(id(1, 1), 0, peer, 60, 0);
    l.born(id(2, 1), id(1, 1), hub, 60, 10);
    l.born(id(2, 2), id(1, 1), hub, 60, 10);
    l.ended(id(2, 1), filtered, nic, 20);                // looks at six octets: before the original has come whole
    l.ended(id(1, 1), repeated, hub, 30);
    l.ended(id(2, 2), delivered, host, 40);
    l.born(id(1, 2), 0, peer, 60, 100);                  // no repeater's copy: a cable's, or sent straight to an end that does not want it
    l.ended(id(1, 2), filtered, nic, 120);
    l.finish();
    REQUIRE(l.flows().size() == 1);
    CHECK(l.flows()[0].to == host);
    REQUIRE(l.passed_over_by().size() == 1);
    CHECK(l.passed_over_by()[0].where == nic);
    CHECK(l.passed_over_by()[0].from == peer);
    CHECK(l.passed_over_by()[0].packets == 1);
    REQUIRE(l.losses().size() == 1);
    CHECK(l.losses()[0].packets == 1);
}

TEST_CASE("A frame that is given up is lost though its fragments were copied") {
    const outcome_info fragment{"fragment", false, "", true}, given_up{"given_up", true, ""};
    lifelines l;
    l.born(id(1, 1), 0, peer, 60, 0);
    l.born(id(2, 1), id(1, 1), "hub", 60, 10);
    l.ended(id(2, 1), fragment, "hub", 20);
    l.ended(id(1, 1), given_up, peer, 30);
    l.born(id(1, 2), 0, peer, 60, 100);                  // lost here, and a copy goes on: the copy tells
    l.born(id(2, 2), id(1, 2), "hub", 60, 110);
    l.ended(id(1, 2), no_buffer, nic, 120);
    l.ended(id(2, 2), delivered, host, 140);
    l.finish();
    REQUIRE(l.losses().size() == 1);
    CHECK(l.losses()[0].reason == "given_up");
    REQUIRE(l.flows().size() == 1);
}

TEST_CASE("A station that the packet has left reports a completion, which is no hop") {
    lifelines l;
    l.born(id(1, 1), 0, host, 60, 0);
    l.passed(id(1, 1), stages[0], host, 10);
    l.passed(id(1, 1), stages[1], nic, 20);
    l.passed(id(1, 1), stages[3], host, 30);
    l.ended(id(1, 1), delivered, peer, 100);
    l.finish();
    REQUIRE(l.flows()[0].hops.size() == 3);
    CHECK(l.flows()[0].hops[2].from == "dma");
    CHECK(l.flows()[0].hops[2].time.sum() == 80);
}

TEST_CASE("A stretch of a way is from the first pass of one stage to the next pass of the other") {
    const stage_info other_table{"dma", ""};     // of the same name
    lifeline_options o;
    o.between = {{"posted", "dma"}, {"dma", "dma"}, {"dma", "wire"}, {"wire", "dma"}, {"born", "wire"}, {"dma", "end"},
                 {"posted", "reaped"}, {"reaped", "posted"}, {"wire", "absent"}};
    o.from = 500;
    lifelines l(o);
    const auto packet = [&](unsigned n, ps t, const stage_info& second) {
        l.born(id(1, n), 0, host, 60, t);
        l.passed(id(1, n), stages[2], nic, t + 60);      // wire; late reports: order of time counts
        l.passed(id(1, n), stages[0], host, t + 10);
        l.passed(id(1, n), stages[1], nic, t + 10 * n + 20);
        l.passed(id(1, n), second, nic, t + 90);
        l.ended(id(1, n), delivered, peer, t + 100);
        l.passed(id(1, n), stages[3], host, t + 150);    // behind the end
    };
    packet(1, 0, stages[1]);                     // in the warm-up
    packet(2, 1000, stages[1]);                  // dma at 40 and 90, wire at 60
    packet(3, 2000, other_table);                // 50 and 90
    packet(4, 3000, stages[1]);                  // at the same instant, 60, and 90
    l.born(id(1, 5), 0, host, 60, 4000);         // wire before dma alone
    l.passed(id(1, 5), stages[2], nic, 4010);
    l.passed(id(1, 5), stages[1], nic, 4030);
    l.ended(id(1, 5), delivered, peer, 4040);
    l.finish();
    const auto f = l.flows();
    REQUIRE(f.size() == 1);
    CHECK(f[0].packets == 4);
    std::string told;
    for (const stretch& s : f[0].between)
        told += s.from + ">" + s.to + " " + std::to_string(s.time.count()) + ":" + std::to_string(static_cast<long>(s.time.sum())) + " " +
                std::to_string(s.time.least) + ".." + std::to_string(s.time.greatest) + " -" + std::to_string(s.other_way) + "\n";
    CHECK(told == "posted>dma 3:120 30..50 -0\n"
                  "dma>dma 3:120 30..50 -0\n"
                  "dma>wire 3:30 0..20 -1\n"
                  "wire>dma 4:80 0..30 -0\n"
                  "born>wire 4:190 10..60 -0\n"
                  "dma>end 4:160 10..60 -0\n"
                  "posted>reaped 3:420 140..140 -0\n"
                  "reaped>posted 0:0 0..0 -3\n"
                  "wire>absent 0:0 0..0 -0\n");
}

TEST_CASE("Senders know where their packets came by and how far those that did not arrive") {
    const auto l = made();
    const auto s = l.senders();
    REQUIRE(s.size() == 2);
    CHECK(s[0].path == host);
    CHECK(s[0].places == std::vector<std::string>{host, nic, peer});
    CHECK(s[1].places == std::vector<std::string>{peer, nic});
    const auto u = l.not_arrived();
    REQUIRE(u.size() == 2);
    CHECK(u[0].from == peer);
    CHECK(u[0].stage == "wire");
    CHECK_FALSE(u[0].waited);                            // lost, but not for want of room
    CHECK(u[1].from == host);                            // held at the end
    CHECK(u[1].stage == "posted");
    CHECK(u[1].waited);
    CHECK(u[1].packets == 1);
}

TEST_CASE("Losses have a reason and a place - what has not ended is held at its last place") {
    const auto l = made();
    REQUIRE(l.losses().size() == 1);
    CHECK(l.losses()[0].reason == "no_buffer");
    CHECK(l.losses()[0].where == nic);
    CHECK(l.losses()[0].from == peer);
    CHECK(l.losses()[0].octets == 64);
    REQUIRE(l.still_held().size() == 1);
    CHECK(l.still_held()[0].where == "server.stack after posted");
    CHECK(l.still_held()[0].packets == 1);
}

TEST_CASE("Only packets that end within the window count") {
    lifeline_options o;
    o.from = 2150;
    o.until = 5200;
    const auto l = made(o);
    CHECK(l.flows()[0].packets == 2);
    CHECK(l.losses().empty());
}

TEST_CASE("packets.csv has a row per packet and a column per stage") {
    CHECK(made().csv() ==
          "id,parent,from,to,length,born_ps,posted_ps,dma_ps,wire_ps,reaped_ps,ended_ps,outcome,fate\n"
          "1:1,,server.stack,client,60,1000,1010,1030,1060,1900,1100,delivered,arrived\n"
          "1:2,,server.stack,client,60,2000,2010,2030,2060,2900,2200,delivered,arrived\n"
          "1:3,,server.stack,client,60,3000,3010,3030,3060,3900,3300,delivered,arrived\n"
          "2:1,,client,server.pci0.nic0,64,5000,,,5100,,5200,no_buffer,lost\n"
          "1:4,1:3,server.stack,server.stack,60,6000,6010,,,,,held,held\n");
}

TEST_CASE("A copy has the stages that it passed itself and the fate that the books have") {
    const outcome_info repeated{"repeated", false, "", true, false, true}, fragment{"fragment", false, "", true};
    lifeline_options o;
    o.rows = true;
    o.stages = {&stages[2]};
    lifelines l(o);
    l.born(id(1, 1), 0, peer, 60, 0);
    l.passed(id(1, 1), stages[2], peer, 0);
    l.born(id(2, 1), id(1, 1), "hub", 60, 10);
    l.passed(id(2, 1), stages[2], "hub", 10);
    l.born(id(1, 2), id(1, 1), peer, 60, 15);            // another attempt
    l.passed(id(1, 2), stages[2], peer, 50);
    l.ended(id(2, 1), fragment, host, 20);
    l.ended(id(1, 1), repeated, "hub", 20);
    l.ended(id(1, 2), delivered, host, 90);
    l.finish();
    CHECK(l.csv() == "id,parent,from,to,length,born_ps,wire_ps,ended_ps,outcome,fate\n"
                     "1:1,,client,hub,60,0,0,20,repeated,goes_on\n"
                     "2:1,1:1,hub,server.stack,60,10,10,20,fragment,goes_on\n"
                     "1:2,1:1,client,server.stack,60,15,50,90,delivered,arrived\n");
    REQUIRE(l.flows().size() == 1);
    CHECK(l.flows()[0].hops.size() == 3);                // born, first attempt, second, end
}

TEST_CASE("What was told ahead of the end of the run had not happened") {
    lifeline_options o;
    o.rows = true;
    o.stages = {&stages[0], &stages[2]};
    lifelines l(o);
    l.born(id(1, 1), 0, host, 60, 0);
    l.passed(id(1, 1), stages[0], host, 90);
    l.passed(id(1, 1), stages[2], nic, 101);
    l.ended(id(1, 1), delivered, peer, 102);
    l.born(id(1, 2), 0, host, 60, 0);
    l.ended(id(1, 2), delivered, peer, 100);
    l.finish({}, 100);
    CHECK(l.csv() == "id,parent,from,to,length,born_ps,posted_ps,wire_ps,ended_ps,outcome,fate\n"
                     "1:1,,server.stack,server.stack,60,0,90,,,held,held\n"
                     "1:2,,server.stack,client,60,0,,,100,delivered,arrived\n");
    CHECK(l.flows()[0].packets == 1);
    CHECK(l.still_held()[0].where == "server.stack after posted");
}

TEST_CASE("The limit of rows is kept and what is left out is counted") {
    lifeline_options o;
    o.row_limit = 2;
    const auto l = made(o);
    CHECK(l.left_out() == 3);
    const std::string csv = l.csv();
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
    CHECK(l.flows()[0].packets == 3);
}

TEST_CASE("Records of packets that ended are used again") {
    lifelines l;
    for (unsigned n = 1; n <= 100'000; ++n) {
        const ps t = static_cast<ps>(n) * 100 * microsecond;
        l.born(id(1, n), 0, host, 60, t);
        l.passed(id(1, n), stages[0], host, t + 5);
        l.ended(id(1, n), delivered, peer, t + 10);
    }
    l.finish();
    CHECK(l.flows()[0].packets == 100'000);
    CHECK(l.still_held().empty());
}

TEST_CASE("A copy goes on as its original: its sender, its birth, its stages") {
    const outcome_info repeated{"repeated", false, "goes on as a copy", true}, bad_fcs{"bad_fcs", true, "wrong FCS"};
    const std::string lan = "lan0.a_to_b";
    lifelines l;
    const auto send = [&](unsigned n, bool arrives) {
        const trace_id original = id(1, n), copy = id(3, n);
        l.born(original, 0, host, 60, 100);
        l.passed(original, stages[0], host, 110);
        l.born(copy, original, lan, 60, 150);
        l.ended(original, repeated, lan, 150);
        l.passed(copy, stages[2], lan, 160);
        l.ended(copy, arrives ? delivered : bad_fcs, arrives ? peer : nic, 200);
    };
    send(1, true);
    send(2, false);
    l.born(id(2, 9), id(3, 1), peer, 60, 210);               // an answer to what has ended: a packet of its own
    l.ended(id(2, 9), delivered, host, 220);
    l.finish();
    REQUIRE(l.flows().size() == 2);
    CHECK(l.flows()[0].from == peer);
    CHECK(l.flows()[1].from == host);
    CHECK(l.flows()[1].to == peer);
    CHECK(l.flows()[1].packets == 1);
    CHECK(l.flows()[1].latency.sum() == 100);
    REQUIRE(l.flows()[1].hops.size() == 3);
    CHECK(l.flows()[1].hops[0].to == "posted");
    REQUIRE(l.losses().size() == 1);
    CHECK(l.losses()[0].from == host);
    CHECK(l.losses()[0].reason == "bad_fcs");
}

TEST_CASE("A packet whose copy goes on is not lost with its own octets") {
    const outcome_info cut{"cut", true, "a part arrived"};
    const bool first_born = GENERATE(true, false);       // the copy, before or after the original's end
    const outcome_info again{"resent", false, "goes on as a copy", true};
    lifelines l;
    l.born(id(1, 1), 0, host, 60, 100);
    if (first_born) l.born(id(2, 1), id(1, 1), nic, 60, 150);
    l.ended(id(1, 1), first_born ? cut : again, peer, 160);
    if (!first_born) l.born(id(2, 1), id(1, 1), nic, 60, 170);
    l.ended(id(2, 1), delivered, peer, 300);
    l.born(id(1, 2), 0, host, 60, 400);
    l.ended(id(1, 2), cut, peer, 500);
    l.finish();
    REQUIRE(l.losses().size() == 1);
    CHECK(l.losses()[0].packets == 1);
    REQUIRE(l.flows().size() == 1);
    CHECK(l.flows()[0].from == host);
    CHECK(l.flows()[0].packets == 1);
}

TEST_CASE("A packet that goes on as several copies is lost once, and not at all when one of them arrives") {
    const outcome_info several{"sent_to_several", false, "", true}, cut{"link_down", true, ""}, flooded{"flooded", false, "", true, false, true};
    const std::string team = "server.team0", first = "lan0.a_to_b", second = "lan1.a_to_b", core = "core", aside = "lan9.a_to_b";
    lifeline_options o;
    o.rows = true;
    lifelines l(o);
    const auto send = [&](unsigned n, ps t) {
        l.born(id(1, n), 0, host, 100, t);
        l.born(id(3, 2 * n), id(1, n), team, 100, t + 1);
        l.born(id(3, 2 * n + 1), id(1, n), team, 100, t + 1);
        l.ended(id(1, n), several, team, t + 1);
    };
    send(1, 1000);                                       // the second copy arrives, behind a flood
    l.ended(id(3, 2), cut, first, 1100);
    l.born(id(4, 1), id(3, 3), core, 100, 1200);
    l.born(id(4, 2), id(3, 3), core, 100, 1200);
    l.ended(id(3, 3), flooded, core, 1200);
    l.ended(id(4, 1), delivered, peer, 1300);
    l.ended(id(4, 2), cut, aside, 1300);                 // what a switch copied as well
    send(2, 2000);                                       // none arrives
    l.ended(id(3, 5), cut, second, 2100);
    l.ended(id(3, 4), cut, first, 2200);
    l.born(id(1, 3), 0, host, 300, 3000);                // pieces: each is wanted
    l.born(id(3, 6), id(1, 3), team, 200, 3001);
    l.born(id(3, 7), id(1, 3), team, 200, 3001);
    l.ended(id(1, 3), several, team, 3001);
    l.ended(id(3, 6), cut, first, 3100);
    l.ended(id(3, 7), delivered, peer, 3100);
    l.finish();
    std::string lost;
    for (const loss& x : l.losses()) lost += x.where + " " + std::to_string(x.packets) + " ";
    CHECK(lost == "lan0.a_to_b 1 lan1.a_to_b 1 ");
    REQUIRE(l.flows().size() == 1);
    CHECK(l.flows()[0].packets == 2);
    CHECK(l.lost_over_time().intervals[0].packets == 2);
    std::string fates;
    const std::string csv = l.csv();
    for (std::size_t at = 0; (at = csv.find("link_down,", at)) != std::string::npos; ++at) fates += csv.substr(at + 10, csv.find('\n', at) - at - 10) + " ";
    CHECK(fates == "goes_on goes_on goes_on lost lost ");
}

TEST_CASE("A packet that a switch floods is lost when nobody takes it, once, and where it broke rather than where it was passed over") {
    const outcome_info flooded{"flooded", false, "", true, false, true}, cut{"link_down", true, ""}, no_match{"no_match", true, "", false, false, false, true};
    const std::string first = "core", second = "edge", one = "nic0", two = "nic1", link = "lan0.a_to_b";
    const auto lost_of = [](const lifelines& l) {
        std::string s;
        for (const loss& x : l.losses()) s += x.from + " " + x.reason + " " + x.where + " " + std::to_string(x.packets) + "; ";
        return s;
    };
    const auto over_of = [](const lifelines& l) {
        std::string s;
        for (const passed_over& x : l.passed_over_by()) s += x.where + " " + std::to_string(x.packets) + " ";
        return s;
    };
    const outcome_info taken_off{"taken_off", false, "", true}, standby{"standby", true, "", false, false, false, true};
    struct copy { const outcome_info* how; std::string where; const outcome_info* then = nullptr; };                        // then: of a shorter one
    const auto flood = [&](const std::vector<copy>& copies, bool again) {
        lifeline_options o;
        o.rows = true;
        auto l = std::make_unique<lifelines>(o);
        unsigned told = 0, told_lost = 0;
        l->on_settled = [&](const settled_packet& p) { ++told, told_lost += p.lost; };
        l->born(id(1, 1), 0, peer, 60, 0);
        trace_id of = id(1, 1);
        if (again) {                                     // two switches in a row
            l->born(id(5, 1), of, second, 64, 5);
            l->born(id(5, 2), of, second, 64, 5);
            l->ended(of, flooded, second, 5);
            l->ended(id(5, 2), no_match, "nic9", 90);
            of = id(5, 1);
        }
        for (unsigned n = 0; n < copies.size(); ++n) l->born(id(4, n), of, first, 64, 10);       // with their FCS
        l->ended(of, flooded, first, 10);
        for (unsigned n = 0; n < copies.size(); ++n) {
            const copy& c = copies[n];
            if (c.then) l->born(id(6, n), id(4, n), c.where, 40, 19 + ps{n});
            if (c.how) l->ended(id(4, n), *c.how, c.where, 20 + ps{n});
            if (c.then) l->ended(id(6, n), *c.then, "team", 30 + ps{n});
        }
        l->finish();
        CHECK(told_lost == l->losses().size());
        CHECK(told == l->losses().size() + (l->flows().empty() ? 0 : l->flows()[0].packets));
        return l;
    };
    for (const bool again : {false, true}) {
        const std::string beyond = again ? "nic9 1 " : "";
        auto l = flood({{&no_match, one}, {&no_match, two}}, again);
        CHECK(lost_of(*l) == peer + " no_match nic0 1; ");
        CHECK(over_of(*l) == "nic1 1 " + beyond);
        const std::string csv = l->csv();
        CHECK(csv.find("no_match,lost") != std::string::npos);
        CHECK(csv.find("no_match,passed_over") != std::string::npos);
        l = flood({{&no_match, one}, {&delivered, two}}, again);
        CHECK(lost_of(*l).empty());
        CHECK(over_of(*l) == "nic0 1 " + beyond);
        l = flood({{&no_match, one}, {&cut, link}}, again);
        CHECK(lost_of(*l) == peer + " link_down lan0.a_to_b 1; ");
        CHECK(over_of(*l) == "nic0 1 " + beyond);
        l = flood({{&cut, link}, {&delivered, two}}, again);
        CHECK(lost_of(*l).empty());
        l = flood({{&no_match, one}, {nullptr, two}}, again);                    // under way at the end
        CHECK(lost_of(*l).empty());
        CHECK(l->still_held().size() == 1);
        l = flood({{&no_match, one}, {&taken_off, two, &delivered}}, again);
        CHECK(lost_of(*l).empty());
        CHECK(l->flows().size() == 1);
        l = flood({{&no_match, one}, {&taken_off, two, &cut}}, again);
        CHECK(lost_of(*l) == peer + " link_down team 1; ");
        l = flood({{&no_match, one}, {&taken_off, two, &standby}}, again);
        CHECK(lost_of(*l) == peer + " no_match nic0 1; ");
        CHECK(over_of(*l) == beyond + "team 1 ");
        l = flood({{&taken_off, one, &standby}, {&taken_off, two, &standby}}, again);
        CHECK(lost_of(*l) == peer + " standby team 1; ");
    }
}
