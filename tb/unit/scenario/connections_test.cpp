// [[connections]] and [host.tcp], [peer.tcp]: each key, each cost, each with an effect that one can see.
#include <catch2/catch.hpp>

#include "unit/scenario/command.h"

using namespace nicteam::test;

namespace {

const char* const machine = "schema = 1\nextends = \"" NICTEAM_SOURCE_DIR "/scenarios/parts/one-nic.toml\"\nduration = \"60 ms\"\nwarm_up = \"0 s\"\n";
const char* const ask = "[[connections]]\nname = \"web\"\nfrom = \"client\"\nto = \"server\"\n";

std::string expect(const std::string& metric, const std::string& bound, const std::string& of = "") {
    return "[[expect]]\nmetric = \"" + metric + "\"\n" + (of.empty() ? "" : "of = \"" + of + "\"\n") + bound + "\n";
}

// Each expectation with the settings that it is to hold with.
void holds(text_scenario& s, const std::string& text, const std::string& sets = "") {
    std::string arguments;
    std::string rest = sets;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        arguments += " --set '" + rest.substr(0, end) + "'";
        rest.erase(0, end + 1);
    }
    const auto o = tool("run " + s.file("c.toml", machine + text) + " --trace none --out " + (s.directory() / "o").string() + arguments);
    INFO(sets << "\n" << o.text);
    CHECK(o.status == 0);
}

}  // namespace

TEST_CASE("each step of TCP costs the CPU what it is told") {
    text_scenario s;
    // Two connections over a cable that loses and is long: each step is done at least once.
    const std::string lossy = std::string(ask) + "count = 2\nrequest = \"200 KiB\"\nresponse = \"200 KiB\"\n[[link]]\nname = \"lan0\"\ndelay = \"200 us\"\n"
                              "loss_a_to_b = \"3 %\"\nloss_b_to_a = \"3 %\"\n[[host]]\nname = \"server\"\n[host.tcp]\nleast_timeout = \"2 ms\"\n"
                              "[[peer]]\nname = \"client\"\n[peer.tcp]\nleast_timeout = \"2 ms\"\nfirst_timeout = \"5 ms\"\n";
    const char* const steps[] = {
        "cost_tcp_segment_in", "cost_tcp_demultiplex", "cost_tcp_option_read", "cost_tcp_acceptance", "cost_tcp_acknowledgement", "cost_tcp_sack_block",
        "cost_tcp_out_of_order", "cost_tcp_rtt_sample", "cost_tcp_congestion", "cost_tcp_timer_set", "cost_tcp_timer_fired", "cost_tcp_segment_out",
        "cost_tcp_option_written", "cost_tcp_retransmission", "cost_tcp_state_change", "cost_tcp_connection_made", "cost_tcp_path_read"};
    std::string zero, seven, none, some;
    for (const std::string step : steps) {
        zero += "cpu." + step + "=0;";
        seven += "cpu." + step + "=7;";
        none += expect("server.cpu0.cycles_" + step.substr(5), "equals = 0");
        some += expect("server.cpu0.cycles_" + step.substr(5), "at_least = 7");
    }
    holds(s, lossy + none, zero);
    holds(s, lossy + some, seven);
    // Nothing here is urgent, and no connection moves.
    holds(s, lossy + expect("server.cpu0.cycles_tcp_urgent", "equals = 0") + expect("server.cpu0.cycles_tcp_byte_moved", "equals = 0"));
}

TEST_CASE("connections are opened, spaced and closed as they are told") {
    text_scenario s;
    const std::string base = std::string(ask) + "count = 3\n";
    const auto web = [](const char* metric) { return std::string("client.web.") + metric; };
    holds(s, base + expect(web("completed"), "equals = 3") + expect("server.listener_5000.served", "equals = 3") + expect(web("failed"), "equals = 0") +
                 expect(web("octets_sent"), "equals = \"300 B\"") + expect(web("octets_received"), "equals = \"3000 B\"") +
                 expect("*.*.damaged", "equals = 0") +
                 expect("client.tcp.opened", "equals = 3") + expect("server.tcp.accepted", "equals = 3") + expect("*.tcp.established", "equals = 3"));
    holds(s, base + expect("server.listener_5678.served", "equals = 3"), "client.web.port=5678");
    holds(s, base + expect(web("completed"), "equals = 3") + expect("client.frames", "at_least = 1"), "client.web.ip_version=6");
    // Five requests with four pauses of 2 ms; 6 ms from the first opening to the last.
    holds(s, base + expect(web("rounds"), "equals = 15") + expect(web("completed"), "equals = 3") +
                 "[[expect]]\nevent = \"lan0.b_to_a.wire_end\"\nof = \"last\"\nat_least = \"15 ms\"\nat_most = \"17 ms\"\n",
          "client.web.rounds=5;client.web.pause=2 ms;client.web.interval=3 ms;client.web.start=1 ms");
    // Who closes first waits in TIME-WAIT, which is over within the run here.
    const std::string brief = "*.tcp.maximum_segment_lifetime=1 ms;";
    holds(s, base + expect("*.tcp.closed", "equals = 3"), brief);
    holds(s, base + expect("server.tcp.closed", "equals = 3") + expect("client.tcp.closed", "equals = 0"), "client.web.closing=client");
    holds(s, base + expect("server.tcp.closed", "equals = 0") + expect("client.tcp.closed", "equals = 3"), "client.web.closing=server");
    holds(s, base + expect("*.tcp.closed", "equals = 0") + expect(web("completed"), "equals = 3"), brief + "client.web.closing=nobody");
    holds(s, base + expect("*.tcp.closed", "equals = 3") + expect(web("completed"), "equals = 3"),
          brief + "client.web.half_close=true;client.web.response=100 KiB");
    const auto refused = [&](const std::string& text) {
        const auto o = tool("validate " + s.file("c.toml", machine + text));
        CHECK(o.status == 2);
        return o.text;
    };
    CHECK(refused(base + "half_close = true\nclosing = \"server\"\n").find("half_close it is the client that closes first") != std::string::npos);
    CHECK(refused(base + "half_close = true\nclosing = \"nobody\"\n").find("one of them") != std::string::npos);
    CHECK(refused("[[connections]]\nname = \"w\"\nfrom = \"server\"\nto = \"server.pci0.nic0\"\n").find("is who opens them") != std::string::npos);
}

TEST_CASE("a SYN offers what it is told to, and only what both offer is used") {
    text_scenario s;
    const std::string base = std::string(ask) + "count = 3\n";
    const auto options = [](unsigned n) { return expect("server.cpu0.cycles_tcp_option_read", "equals = " + std::to_string(n)); };
    const std::string bare = "cpu.cost_tcp_option_read=1;*.tcp.window_scaling=false;*.tcp.timestamps=false;*.tcp.sack=false;";
    holds(s, base + options(3), bare);                          // of each SYN its MSS
    holds(s, base + options(6), bare + "client.tcp.window_scaling=true");
    holds(s, base + options(6), bare + "client.tcp.sack=true");
    holds(s, base + options(6), bare + "client.tcp.timestamps=true");
    holds(s, base + expect("server.cpu0.cycles_tcp_option_read", "at_least = 15"), bare + "*.tcp.timestamps=true");
    const std::string lossy = "client.web.request=200 KiB;lan0.loss_b_to_a=3 %;*.tcp.least_timeout=2 ms;";
    const auto blocks = [](const char* bound) { return expect("server.cpu0.cycles_tcp_sack_block", bound); };
    holds(s, std::string(ask) + "response = \"200 KiB\"\n" + blocks("at_least = 1"), "lan0.loss_a_to_b=3 %");
    holds(s, std::string(ask) + "response = \"200 KiB\"\n" + blocks("equals = 0"), "lan0.loss_a_to_b=3 %;client.tcp.sack=false");
    holds(s, std::string(ask) + expect("client.tcp.retransmissions", "at_least = 1") + blocks("equals = 0"), lossy);   // it tells, and is told nothing
}

TEST_CASE("windows and queues bound the rate, and a scaled window lets more go") {
    text_scenario s;
    const std::string base = std::string(ask) + expect("client.web.completed", "equals = 1");
    const auto takes = [](const char* bound) { return expect("client.web.round_time", bound, "mean"); };
    // A megabyte, 20 ms there and back: 16 windows of 65,535, or the slow start's eight round trips and the wire.
    const std::string far = "duration=1 s;lan0.delay=10 ms;client.web.request=1 MiB;*.tcp.receive_window=1 MiB;*.tcp.send_queue=1 MiB;";
    holds(s, base + takes("at_most = \"280 ms\""), far);
    holds(s, base + takes("at_least = \"320 ms\""), far + "client.tcp.window_scaling=false");
    holds(s, base + takes("at_least = \"320 ms\""), far + "server.tcp.receive_window=65535 B");
    holds(s, base + takes("at_least = \"320 ms\""), far + "client.tcp.send_queue=65535 B");
}

TEST_CASE("Nagle's wait and the delayed acknowledgement meet, and either is turned off") {
    text_scenario s;
    const std::string base = std::string(ask) + "request = \"1600 B\"\n" + expect("client.web.completed", "equals = 1");
    const auto takes = [](const char* bound) { return expect("client.web.round_time", bound, "mean"); };
    holds(s, base + takes("at_least = \"200 ms\"\nat_most = \"202 ms\""), "duration=500 ms");
    holds(s, base + takes("at_least = \"20 ms\"\nat_most = \"22 ms\""), "server.tcp.delayed_acknowledgement=20 ms");
    holds(s, base + takes("at_most = \"1 ms\""), "server.tcp.delayed_acknowledgement=0 ps");
    holds(s, base + takes("at_most = \"1 ms\""), "client.tcp.nagle=false");
}

TEST_CASE("a connection is given up when it is told to") {
    text_scenario s;
    const std::string open = std::string(ask) + "closing = \"nobody\"\n[[fault]]\nat = \"lan0\"\nwhat = \"link_down\"\nfrom = \"10 ms\"\n";
    const auto given_up = [](unsigned n) { return expect("client.tcp.timed_out", "equals = " + std::to_string(n)); };
    const std::string probes = "client.tcp.keep_alive=true;client.tcp.keep_alive_interval=5 ms;"
                               "client.tcp.keep_alive_delta=2 ms;client.tcp.keep_alive_probes=3;";
    holds(s, open + given_up(1), probes);
    holds(s, open + given_up(0), probes + "client.tcp.keep_alive=false");
    holds(s, open + given_up(0), probes + "client.tcp.keep_alive_interval=70 ms");
    holds(s, open + given_up(0), probes + "client.tcp.keep_alive_delta=20 ms");
    holds(s, open + given_up(0), probes + "client.tcp.keep_alive_probes=30");
    const std::string bulk = open + "[[connections]]\nname = \"bulk\"\nfrom = \"client\"\nto = \"server\"\nrequest = \"1 MiB\"\n";
    holds(s, bulk + given_up(1) + expect("client.bulk.failed", "equals = 1"), "client.tcp.least_timeout=1 ms;client.tcp.data_retries=1");
    holds(s, bulk + given_up(0), "client.tcp.least_timeout=1 ms");
    holds(s, bulk + given_up(0), "client.tcp.data_retries=1");
    // A SYN at 0, 2 and 6 ms, given up at 14 ms.
    const std::string nobody = std::string(ask) + "[[link]]\nname = \"lan0\"\nloss_b_to_a = \"1\"\n";
    const auto sent = [](unsigned n) { return expect("client.tcp.segments_sent", "equals = " + std::to_string(n)); };
    holds(s, nobody + sent(3) + given_up(1) + expect("client.web.failed", "equals = 1"), "client.tcp.first_timeout=2 ms;client.tcp.syn_retries=2");
    holds(s, nobody + sent(1) + given_up(1), "client.tcp.first_timeout=2 ms;client.tcp.syn_retries=0");
    holds(s, nobody + sent(2) + given_up(0), "client.tcp.first_timeout=30 ms;client.tcp.syn_retries=2");
}

TEST_CASE("what has no place is refused and counted") {
    text_scenario s;
    const std::string many = std::string(ask) + "count = 6\nclosing = \"nobody\"\n[[link]]\nname = \"lan0\"\ndelay = \"500 us\"\n";
    holds(s, many + expect("client.web.completed", "equals = 6") + expect("server.tcp.no_connection", "equals = 0"));
    holds(s, many + expect("server.tcp.no_connection", "equals = 5") + expect("client.web.completed", "equals = 1"), "server.tcp.backlog=1");
    holds(s, many + expect("client.web.completed", "equals = 2") + expect("client.web.failed", "equals = 4"), "client.tcp.most_connections=2");
    holds(s, many + expect("client.web.completed", "equals = 2") + expect("server.tcp.no_connection", "equals = 4"), "server.tcp.most_connections=2");
    const std::string back = "[[connections]]\nname = \"web\"\nfrom = \"server\"\nto = \"client\"\ncount = 3\n";
    holds(s, back + expect("server.web.failed", "equals = 1"),
          "server.tcp.most_connections=2");
}
