// Networks at random: a NIC, its cable, and at the other end a peer, a repeater with several, a hub of half duplex, or a port whose record is replayed.
#pragma once

#include "unit/scenario/random_machine.h"

namespace nicteam::test {

class random_network : public random_machine {
public:
    // Frames of stations outside come from this record, which lies beside the scenario; empty: no ports.
    explicit random_network(std::uint64_t seed, const std::string& record) : random_machine(seed), record_(record) {}

protected:
    struct ends {
        std::string nic;
        std::vector<std::string> far;
    };

    void link(const std::string& name, const std::string& a, const std::string& b, bool named = true) {
        table("link", name);
        line("a", a);
        line("b", b);
        line("rate", rate_);
        if (timed_) {
            line("negotiation", "timed");
            line("break_link_time", one_of({"50 us", "200 us"}));
            line("burst_interval", "20 us");
            line("parallel_detection_time", "300 us");
            line("link_monitor_time", one_of({"0 ps", "100 us"}));
        }
        if (percent(30)) line("delay", half_ ? one_of({"10 ns", "300 ns"}) : one_of({"10 ns", "2 us", "20 us"}));
        links_.push_back(name);
        for (const char* what : {"loss", "duplication", "reordering"})
            if (named && percent(20)) line(std::string(what) + one_of({"_a_to_b", "_b_to_a"}), "0.1");
        if (percent(15)) line("bit_error_ratio_" + one_of({"a_to_b", "b_to_a"}), "1e-4");
    }

    void between_hosts() {
        const std::string a = nic("h0", "10.9.0.1"), b = nic("h1", "10.9.0.2");
        link("between", a, b, false);
    }

    // The n-th network, of h0.
    ends network(std::uint64_t n) {
        rate_ = percent(10) ? "10 Mbps" : percent(10) && !half_ ? "1 Gbps" : "100 Mbps";
        const std::string net = "10.0." + std::to_string(n) + ".";
        must_share_ = false;
        shared_ = half_;
        ends e{nic("h0", net + "1", rate_), {}};
        shared_ = false;
        if (!record_.empty() && !half_ && percent(15)) {
            port(numbered("out", n), net + "2");
            link(numbered("l", n), e.nic, numbered("out", n));
            e.far = {numbered("out", n)};
            outside_ = true;
            return e;
        }
        if (!half_ && percent(15)) return lan(n, net, e);
        if (percent(35)) return hub(n, net, e);
        e.far = {peer(numbered("k", n), net + "2")};
        link(numbered("l", n), e.nic, e.far[0]);
        return e;
    }

    std::vector<std::string> links_, switches_, ports_;
    bool timed_ = false, outside_ = false;

private:
    ends hub(std::uint64_t n, const std::string& net, ends e) {
        const std::string name = numbered("r", n);
        table("repeater", name);
        const bool collides = half_ && (must_share_ || percent(70));
        if (collides) line("duplex", "half");
        else plain("queue", one_of({"1", "100"}));
        link(numbered("l", n), e.nic, name);
        for (std::uint64_t k = 0, all = 1 + below(3); k < all; ++k) {
            e.far.push_back(peer(numbered("k" + std::to_string(n) + "_", k), net + std::to_string(2 + k), !collides));
            link(numbered("m" + std::to_string(n) + "_", k), name, e.far.back());
        }
        return e;
    }

    // A switch, or two with a team of links between them.
    ends lan(std::uint64_t n, const std::string& net, ends e) {
        const std::string name = numbered("s", n), behind = percent(40) ? numbered("b", n) : name;
        for (const std::string& s : behind == name ? std::vector<std::string>{name} : std::vector<std::string>{name, behind}) {
            table("switch", s);
            perhaps_plain("queue", {"1", "4", "100"});
            perhaps_plain("table_size", {"1", "3"});
            if (percent(30)) line("latency", one_of({"1 ns", "50 us"}));
            if (percent(30)) line("ageing_time", one_of({"100 us", "1 ms"}));
            switches_.push_back(s);
        }
        link(numbered("l", n), e.nic, name);
        ports_.push_back(name + ".port_" + numbered("l", n));
        if (behind != name) {
            const std::string one = numbered("t" + std::to_string(n) + "_", 0), other = numbered("t" + std::to_string(n) + "_", 1);
            link(one, name, behind, false);
            link(other, behind, name, false);
            for (const std::string& s : {name, behind}) {
                table("port_group", "trunk");
                line("switch", s);
                plain("ports", "[\"" + one + "\", \"" + other + "\"]");
                if (percent(70)) line("choice", one_of({"source_mac", "destination_mac", "round_robin"}));
                ports_.push_back(s + ".port_" + one);
            }
        }
        for (std::uint64_t k = 0, all = 1 + below(3); k < all; ++k) {
            e.far.push_back(peer(numbered("k" + std::to_string(n) + "_", k), net + std::to_string(2 + k)));
            const std::string m = numbered("m" + std::to_string(n) + "_", k);
            link(m, behind, e.far.back());
            ports_.push_back(behind + ".port_" + m);
        }
        return e;
    }

    std::string peer(const std::string& name, const std::string& ip, bool own_cable = true) {
        table("peer", name);
        line("ip", ip);
        plain("answer_udp_echo", "true");
        perhaps_plain("promiscuous", {"true"});
        perhaps_plain("pause", {"true"});
        if (own_cable && half_) line("duplex", must_share_ ? "half" : one_of({"half", "half", "full"}));
        if (half_ && percent(20)) plain("autonegotiation", "false");      // the other end stays in half duplex
        return name;
    }

    void port(const std::string& name, const std::string& ip) {
        table("port", name);
        line("ip", ip);
        line("replay", record_);
        perhaps_plain("input_queue", {"1", "4"});
    }

    std::string record_, rate_ = "100 Mbps";
};

}  // namespace nicteam::test
