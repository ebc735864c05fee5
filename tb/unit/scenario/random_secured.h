// Valid scenarios with a crypto block at random, a pure function of the seed: its alternatives, associations and policies both ways, routers and
// gateways that cut and tunnel, faults in between.
#pragma once

#include "unit/scenario/random_text.h"

namespace nicteam::test {

class random_secured : public random_text {
public:
    explicit random_secured(std::uint64_t seed) : random_text(seed) { write(); }

private:
    void write() {
        line("duration", std::to_string(3 + below(4)) + " ms");
        plain("seed", std::to_string(below(1000)));
        line("traffic_start", one_of({"200 us", "500 us"}));
        if (percent(20)) line("payload", "timing-only");
        machine();
        const unsigned peers = percent(50) ? 1 : 2 + static_cast<unsigned>(below(2));
        if (peers > 1) table("repeater", "lan");
        cable("wire", "h0.p0.n0", peers > 1 ? "lan" : "k0");
        for (unsigned n = 0; n < peers; ++n) {
            peer(n);
            if (peers > 1) cable(numbered("m", n), "lan", numbered("k", n));
        }
        for (std::uint64_t n = below(4); n; --n) fault();
    }

    void machine() {
        table("host", "h0");
        table("cpu", "c0");
        line("host", "h0");
        line("clock", one_of({"100 MHz", "500 MHz"}));
        table("bus", "p0");
        line("host", "h0");
        line("width", one_of({"32", "64"}));
        table("nic", "n0");
        line("bus", "h0.p0");
        line("identity", "extended");
        line("address", "192.0.2.1/24");
        if (percent(20)) line("rx_fifo", one_of({"2 KiB", "16 KiB"}));
        plain("eeprom_load_clocks", "2");
        section("nic.crypto");
        plain("enable", "true");
        line("period", one_of({"8 ns", "32 ns", "200 ns"}));
        perhaps_plain("word", {"1", "2", "8", "16"});
        perhaps("coupling", {"series"});
        const unsigned places = 1 + static_cast<unsigned>(below(4));
        plain("places", std::to_string(places));
        perhaps_plain("crossing", {"1", "16"});
        perhaps_plain("lookup_clocks", {"0", "500"});
        perhaps_plain("transport_clocks", {"0", "3000"});
        std::string of_142;
        const bool buffer = percent(80), feedback = percent(80);
        if (!buffer) line("buffer_142", "0 B");
        else if (percent(30)) line("buffer_142", of_142 = one_of({"1600 B", "2 KiB", "64 KiB"}));
        const bool shorter = of_142 == "1600 B" || of_142 == "2 KiB";
        plain("buffer_140", feedback ? one_of({"1", "2", "8"}) : "0");
        const bool cuts = buffer && percent(40);
        if (cuts) line("cut_through", one_of({"64 B", "65 B", "300 B", "1518 B"}));
        const bool separate = !cuts && percent(20), over_152 = !separate && percent(25);
        if (separate) line("feedback_input", "separate_150");
        if (over_152) line("feedback_input", one_of({"transmit_152_tag", "transmit_152_control"}));
        if (feedback) perhaps("when_140_full", {"drop"});
        if (!separate) perhaps("priority", {"feedforward_first", "alternate"});
        if (places > 1 || feedback || over_152) perhaps_plain("bubble_rule", {"true"});
        perhaps("return_path", {"host"});
        six_ = percent(40);
        if (buffer && percent(30)) {
            plain("bypass", "true");
            perhaps("bypass_room", {"64 B"});
        }
        const bool cache = percent(30);
        if (cache) {
            plain("cache_entries", one_of({"1", "2", "8"}));
            plain("cache_ways", "1");
            perhaps("cache_replacement", {"first_in_first_out", "most_packets"});
        }
        perhaps_plain("contexts", {"1", "2"});
        perhaps_plain("fragments", {"2", "4"});
        perhaps("reassembly_memory", {"4 KiB"});
        perhaps("reassembly_timeout", {"100 us", "1 ms"});
        perhaps("overlaps", {"first_wins", "last_wins"});
        if (!cuts && percent(30)) plain("engines_shared", "true");
        perhaps("frame_buffer", {"1536 B", "2 KiB"});
        perhaps_plain("frame_buffer_frames", {"1", "2"});
        const bool chips = !cuts && percent(30);
        if (chips) {
            plain("chips", one_of({"2", "3"}));
            perhaps_plain("link_word", {"1", "16"});
            perhaps("link_period", {"1 ns", "100 ns"});
            perhaps_plain("link_latency", {"0", "100"});
        } else {
            perhaps("frame_start", {"early"});
        }
        if (cache && !chips && !over_152 && percent(40)) line("cache_miss", "over_the_bus");
        else if (cache && percent(40)) line("cache_miss", "to_host");
        perhaps("longest_to_host", {"0 B", "576 B"});
        section("nic.driver");
        perhaps_plain("transmit_ring", {"4", "16"});
        perhaps_plain("receive_ring", {"2", "8"});
        perhaps("receive_mode", {"flexible"});
        perhaps_plain("receive_buffers", {"2", "16"});
        perhaps("numbers", {"lent", "in_blocks"});
        perhaps("transmit_timeout", {"100 us", "500 us"});
        perhaps("after_timeout", {"give_up", "resend"});
        perhaps("block_timeout", {"500 us"});
        if (buffer && percent(30)) {
            plain("flow_control", "true");
            if (shorter) plain("flow_control_threshold", one_of({"0", "3"}));
            else perhaps_plain("flow_control_threshold", {"0", "7"});
        }
        perhaps("link_poll", {"50 us", "200 us"});
    }

    void cable(const std::string& name, const std::string& a, const std::string& b) {
        table("link", name);
        line("a", a);
        line("b", b);
        for (const char* what : {"loss", "duplication", "reordering"})
            if (percent(20)) line(std::string(what) + one_of({"_a_to_b", "_b_to_a"}), "0.1");
        links_.push_back(name);
    }

    void peer(unsigned n) {
        const std::string name = numbered("k", n);
        table("peer", name);
        plain("answer_udp_echo", "true");
        if (percent(30)) plain("pause", "true");
        if (percent(50)) plain("may_fragment", "true");
        const std::string mtu[] = {"[]", "[\"576 B\"]", "[\"1280 B\", \"400 B\"]"};
        if (percent(40)) plain("interior_mtu", mtu[below(3)]);
        if (percent(50)) plain("route_mtu", mtu[below(3)]);
        protect(name, name, "in" + std::to_string(n));
        for (std::uint64_t k = 0, routers = percent(40) ? 1 + below(2) : 0; k < routers; ++k) {
            table("router", numbered("g", k));
            line("peer", name);
            if (percent(60)) line("ip", "192.0.2." + std::to_string(100 + 10 * n + k));
            perhaps("mtu", {"576 B", "1000 B"});
            if (percent(60)) protect(name, name + "." + numbered("g", k), "g" + std::to_string(n) + "_" + std::to_string(k));
        }
        if (percent(50)) answers(name, n);
        for (std::uint64_t flows = 1 + below(2); flows; --flows) traffic(name, "h0", true);
        if (percent(50)) traffic("h0", name, false);
    }

    void association(const std::string& name, const std::string& from, const std::string& to) {
        table("sa", name);
        line("from", from);
        line("to", to);
        const bool tunnel = percent(60), ah = percent(15);
        const bool six = tunnel ? six_ && percent(50) : inside_six_;       // transport mode keeps the version
        inside_six_ = six;
        if (six) line("ip_version", "ipv6");
        perhaps("software", {from == "h0" ? "from" : "to"});
        if (!tunnel) line("mode", "transport");
        if (ah) line("protocol", "ah"), line("cipher", "null");
        const std::string hash = one_of({"hmac-sha1-96", "hmac-md5-96", "hmac-sha2-256-128"});
        const std::string cipher = one_of({"3des-cbc", "aes-cbc", "aes-ctr", "aes-gcm-16", "null"});
        if (!ah) line("cipher", cipher);
        line("authentication", !ah && cipher == "aes-gcm-16" ? "null" : hash);
        perhaps_plain("replay_window", {"0", "32", "1024"});
        perhaps_plain("extended_sequence", {"true"});
        perhaps_plain("hard_packets", {"5", "40"});
        if (!ah && percent(15)) plain("udp", "true");
        if (tunnel) line("dont_fragment", one_of({"clear", "clear", "copy", "set"}));
        else if (percent(20)) plain("fragments_in_transport", "true");
        if (six) perhaps("path_mtu", {"1280 B"});
        else perhaps("path_mtu", {"576 B", "1000 B"});
        if (tunnel) perhaps("cut", {"before"});
    }

    void policy(const std::string& name, const std::string& from, const std::string& to, const std::string& bundle, bool six) {
        table("policy", name);
        line("from", from);
        line("to", to);
        if (bundle.empty()) line("action", one_of({"bypass", "bypass", "discard"}));
        else plain("bundle", "[" + bundle + "]");
        if (from != "h0") perhaps("held_by", {"sender", "receiver"});
        perhaps_plain("destination_port", {"7", "9"});
        if (six) line("ip_version", "ipv6");
    }

    void protect(const std::string& peer, const std::string& from, const std::string& name) {
        if (percent(15)) return;
        std::string bundle;
        const bool six = inside_six_ = draw_version();
        for (std::uint64_t k = 0, depth = 1 + (percent(30) ? 1 : 0); k < depth; ++k) {
            const std::string sa = name + "_" + std::to_string(k);
            association(sa, from, "h0");
            bundle += (k ? ", \"" : "\"") + sa + "\"";
        }
        policy(name + "_p", from, "h0", bundle, six);
        if (percent(60)) policy(name + "_rest", from, "h0", "", draw_version());
        (void)peer;
    }

    void answers(const std::string& peer, unsigned n) {
        const std::string name = "out" + std::to_string(n);
        const bool six = inside_six_ = draw_version();
        association(name, "h0", peer);
        policy(name + "_p", "h0", peer, "\"" + name + "\"", six);
    }

    void traffic(const std::string& from, const std::string& to, bool by_peer) {
        table("traffic", numbered("t", flows_++));
        line("from", from);
        line("to", to);
        const std::string pace = one_of({"line_rate", "frames", "frames"});
        line("pace", pace);
        if (pace == "frames") plain("frames_per_second", one_of({"2000", "9000"}));
        plain("destination_port", one_of({"9", "10"}));
        const std::string sizes = one_of({"fixed", "imix", "uniform"});
        line("sizes", sizes);
        const bool six = six_ && sizes == "fixed" && percent(70);
        if (six) line("protocol", "udp_ipv6");
        if (sizes == "fixed") line("frame_size", one_of({six ? "90 B" : "64 B", "600 B", "1438 B", "1518 B"}));
        if (by_peer && sizes == "uniform" && percent(30)) line("greatest_size", "9000 B");
    }

    void fault() {
        static const std::string what[] = {"link_down", "bit_errors", "master_abort", "target_abort", "removed", "data_parity", "stall"};
        const std::string chosen = what[below(7)];
        section("[fault]");
        const bool of_link = chosen == "link_down" || chosen == "bit_errors";
        line("at", of_link ? one_of(links_) : chosen == "data_parity" ? "h0.p0" : chosen == "stall" ? "h0.c0" : "h0.p0.n0");
        line("what", chosen);
        line("from", std::to_string(below(2900)) + " us");
        if (percent(80)) line("for", std::to_string(1 + below(900)) + one_of({" us", " ns"}));
        if (chosen == "bit_errors") line("amount", one_of({"1e-4", "1e-2"}));
        if (chosen == "data_parity") plain("amount", one_of({"1", "100"}));
    }

    std::vector<std::string> links_;
    unsigned flows_ = 0;
    bool draw_version() { return six_ && percent(50); }

    bool six_ = false, inside_six_ = false;      // of IPv6; likewise what the association at hand takes in
};

}  // namespace nicteam::test
