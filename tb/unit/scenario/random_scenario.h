// Valid scenarios at random, a pure function of the seed: hosts, buses, drivers, links and traffic of all sorts, faults that overlap.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "nicteam/base/random_stream.h"

namespace nicteam::test {

class random_scenario {
public:
    explicit random_scenario(std::uint64_t seed) : random_(seed, "random", "scenario") { write(); }
    const std::string& text() const { return text_; }

private:
    using words = std::initializer_list<const char*>;
    std::uint64_t below(std::uint64_t n) { return random_.next() % n; }
    bool percent(unsigned n) { return below(100) < n; }
    std::string one_of(words w) { return w.begin()[below(w.size())]; }
    static std::string numbered(const char* name, std::uint64_t n) { return name + std::to_string(n); }

    void line(const std::string& key, const std::string& value) { text_ += key + " = \"" + value + "\"\n"; }
    void plain(const std::string& key, const std::string& value) { text_ += key + " = " + value + "\n"; }
    void table(const char* kind, const std::string& name) {
        text_ += std::string("[[") + kind + "]]\n";
        line("name", name);
    }

    void write() {
        line("duration", std::to_string(3 + below(4)) + " ms");
        plain("seed", std::to_string(below(1000)));
        if (percent(40)) line("warm_up", one_of({"0 ps", "500 us", "2 ms"}));
        if (percent(30)) line("traffic_start", one_of({"0 ps", "100 us", "300 us"}));
        const unsigned hosts = percent(25) ? 2 : 1;
        for (unsigned h = 0; h < hosts; ++h) host(numbered("h", h));
        if (hosts == 2) {
            nic("h0", 0, "10.9.0.1");
            nic("h1", 0, "10.9.0.2");
            link("between", nics_[0], nics_[1], false);
            for (unsigned n = 0; n <= below(2); ++n) traffic(nics_[n], nics_[1 - n], true);
        }
        for (std::uint64_t n = 0, all = hosts == 2 ? below(2) : 1 + below(3); n < all; ++n) network(n);
        if (percent(5)) nic("h0", 0, "10.8.0.1");                 // no cable
        if (percent(40)) {
            table("background", "load");
            line("bus", "h0.p0");
            line("kind", one_of({"disk", "video"}));
            line("width", one_of({"32", "64"}));
            plain("back_to_back", one_of({"true", "false"}));
        }
        for (std::uint64_t n = below(5); n; --n) fault();
    }

    void host(const std::string& name) {
        table("host", name);
        if (percent(50)) text_ += "hot_plug.notice = \"" + one_of({"1 us", "30 us", "300 us"}) + "\"\nhot_plug.power_good = \"" + one_of({"0 ps", "20 us", "200 us"}) + "\"\n";
        text_ += "[host.stack]\n";
        plain("buffers", one_of({"1", "4", "128"}));
        plain("arp_queue", one_of({"1", "8"}));
        line("arp_timeout", one_of({"1 s", "300 us", "100 us"}));
        const unsigned cpus = 1 + static_cast<unsigned>(below(2));
        const std::string clock = one_of({"100 MHz", "500 MHz", "3 GHz"});
        for (unsigned n = 0; n < cpus; ++n) {
            table("cpu", numbered("c", n));
            line("host", name);
            line("clock", clock);
            line("interrupts", one_of({"any_cycle", "at_end"}));
            line("nesting", one_of({"priority", "none"}));
        }
        const bool bridged = percent(35);
        if (bridged) pci_bridge("riser", name + ".p0");
        for (unsigned n = 0; n < 2; ++n) {
            table("bus", numbered("p", n));
            line("host", name);
            if (bridged && n == 1) line("behind", name + ".p0.riser");
            line("period", one_of({"33 MHz", "66 MHz", "30303 ps"}));
            line("m66en", one_of({"honoured", "ignored"}));
            line("width", one_of({"32", "64"}));
            line("arbiter", one_of({"round_robin", "fixed"}));
            line("parking", one_of({"last", "first", "none"}));
            if (bridged && n == 1) continue;
            text_ += "[bus.bridge]\n";
            line("devsel", one_of({"fast", "medium", "slow"}));
            line("width", one_of({"32", "64"}));
            plain("back_to_back", one_of({"true", "false"}));
            plain("read_wait", std::to_string(below(30)));
            plain("read_next_wait", std::to_string(below(8)));
            plain("write_wait", std::to_string(below(6)));
            plain("write_delay", one_of({"0", "4", "64"}));
            plain("cpu_writes", one_of({"1", "4"}));
            line("write_buffer", one_of({"0 B", "64 B", "1 KiB"}));
            line("read_boundary", one_of({"0 B", "64 B", "4 KiB"}));
            line("write_boundary", one_of({"0 B", "64 B", "4 KiB"}));
        }
    }

    void pci_bridge(const std::string& name, const std::string& on) {
        table("pci_bridge", name);
        line("bus", on);
        plain("crossing", one_of({"1", "2", "5"}));
        line("posted_bytes", one_of({"4 B", "64 B", "256 B", "4 KiB"}));
        plain("posted_writes", one_of({"1", "4"}));
        plain("delayed", one_of({"1", "2", "4"}));
        line("read_bytes", one_of({"4 B", "64 B", "256 B"}));
        plain("line_prefetch", one_of({"0", "1", "2"}));
        plain("multiple_prefetch", one_of({"0", "1", "8"}));
    }

    void nic(const std::string& host, std::uint64_t bus, const std::string& ip) {
        const std::string name = numbered("n", nics_.size()), on = host + "." + numbered("p", bus);
        table("nic", name);
        line("bus", on);
        line("address", ip + "/24");
        if (percent(5)) plain("present", "false");
        text_ += "[nic.driver]\n";
        const auto perhaps = [&](const char* key, words values, bool quoted = false) {
            if (percent(30)) (this->*(quoted ? &random_scenario::line : &random_scenario::plain))(key, one_of(values));
        };
        perhaps("transmit_ring", {"4", "16", "64"});
        perhaps("receive_ring", {"2", "8", "64"});
        perhaps("receive_buffer", {"64 B", "1000 B", "1518 B"}, true);
        perhaps("transmit_threshold", {"1", "8", "100", "224"});
        perhaps("underrun_retry", {"0", "1", "2", "3"});
        perhaps("rx_fifo_limit", {"0", "5", "8", "15"});
        perhaps("completion_interrupt", {"0", "1", "5"});
        perhaps("budget", {"1", "5", "64"});
        perhaps("accept_polls", {"1", "10", "20000"});
        perhaps("transmit_timeout", {"0 ps", "100 us", "500 us", "2 ms"}, true);
        perhaps("after_timeout", {"give_up", "resend"}, true);
        perhaps("policy", {"acknowledge", "mask_and_poll"}, true);
        for (const char* flag : {"standard_tcb", "two_frames", "discard_short", "save_bad", "crc_to_memory", "long_frames", "promiscuous", "padding", "interrupt_when_idle"})
            perhaps(flag, {"true", "false"});
        if (percent(30)) line("block_timeout", "500 us");
        if (percent(30)) line("link_poll", "200 us");
        nics_.push_back(on + "." + name);
    }

    void link(const std::string& name, const std::string& a, const std::string& b, bool named = true) {
        table("link", name);
        line("a", a);
        line("b", b);
        for (const char* what : {"loss", "duplication", "reordering"})
            if (named && percent(20)) line(std::string(what) + one_of({"_a_to_b", "_b_to_a"}), "0.1");
        if (percent(15)) line("bit_error_ratio_" + one_of({"a_to_b", "b_to_a"}), "1e-4");
        links_.push_back(name);
    }

    void network(std::uint64_t n) {
        const std::string peer = numbered("k", n);
        nic("h0", below(2), "10.0." + std::to_string(n) + ".1");
        const std::string nic = nics_.back();
        table("peer", peer);
        line("ip", "10.0." + std::to_string(n) + ".2");
        plain("answer_udp_echo", "true");
        if (percent(30)) plain("promiscuous", "true");
        if (percent(25)) {
            table("repeater", numbered("r", n));
            plain("queue", one_of({"1", "100"}));
            link(numbered("l", n), nic, numbered("r", n));
            link(numbered("m", n), numbered("r", n), peer);
            if (percent(50)) {
                table("peer", numbered("listener", n));
                link(numbered("s", n), numbered("r", n), numbered("listener", n));
            }
        } else {
            link(numbered("l", n), nic, peer);
        }
        for (std::uint64_t all = 1 + below(3); all; --all) {
            const bool out = percent(50);
            traffic(out ? nic : peer, out ? peer : nic, out);
        }
    }

    void traffic(const std::string& from, const std::string& to, bool by_host) {
        table("traffic", numbered("t", flows_++));
        line("from", from);
        line("to", to);
        line("protocol", one_of({"udp", "raw"}));
        const std::string pace = one_of({"line_rate", "rate", "frames"});
        line("pace", pace);
        if (pace == "rate") line("rate", one_of({"5 Mbps", "30 Mbps"}));
        if (pace == "frames") plain("frames_per_second", "9000");
        if (pace != "line_rate") line("arrivals", one_of({"regular", "poisson", "on_off"}));
        const std::string sizes = one_of({"fixed", "imix", "uniform"});
        line("sizes", sizes);
        if (sizes == "fixed") line("frame_size", one_of({"64 B", "200 B", "1518 B"}));
        if (by_host) plain("wait_for_room", one_of({"true", "false"}));
    }

    void fault() {
        const std::string wire = links_[below(links_.size())];
        std::string at, what;
        switch (below(8)) {
        case 6: at = nics_[below(nics_.size())], what = one_of({"removed", "removed", "inserted"}); break;
        case 7: at = nics_[below(nics_.size())], what = "removed"; break;
        case 0: at = nics_[below(nics_.size())], what = one_of({"master_abort", "target_abort", "endless_retry"}); break;
        case 1: at = "h0.p0.bridge", what = one_of({"master_abort", "target_abort", "endless_retry"}); break;
        case 2: at = "h0.c0", what = "stall"; break;
        case 3: at = wire, what = "link_down"; break;
        case 4: at = wire, what = "bit_errors"; break;
        default: at = wire + one_of({".a_to_b", ".b_to_a"}), what = "bit_errors"; break;
        }
        text_ += "[[fault]]\n";
        line("at", at);
        line("what", what);
        const bool early = percent(30);
        line("from", std::to_string(below(early ? 140 : 3000)) + " us");
        const std::string lasts = std::to_string(1 + below(999));
        if (percent(70)) line("for", lasts + one_of({" us", " us", " ns"}));
        if (what == "bit_errors") line("amount", one_of({"1e-4", "1e-2", "0.5"}));
    }

    random_stream random_;
    std::string text_;
    std::vector<std::string> nics_, links_;
    unsigned flows_ = 0;
};

}  // namespace nicteam::test
