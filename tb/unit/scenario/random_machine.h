// Hosts at random: CPUs, buses and bridges, NICs with their drivers, and others on the bus.
#pragma once

#include <map>

#include "unit/scenario/random_text.h"

namespace nicteam::test {

class random_machine : public random_text {
protected:
    using random_text::random_text;

    void host(const std::string& name) {
        table("host", name);
        perhaps("hot_plug.notice", {"1 us", "30 us", "300 us"});
        perhaps("hot_plug.power_good", {"0 ps", "20 us", "200 us"});
        perhaps("interrupts.routing", {"by_slot", "one_line"});
        perhaps("interrupts.delivery", {"by_line", "first_cpu"});
        section("host.firmware");
        flag("error_reporting");
        perhaps("cache_line", {"0 B", "32 B", "64 B"});
        perhaps_plain("latency_timer", {"0", "16", "255"});
        for (const char* key : {"write_and_invalidate", "prefetchable_windows", "short_discard"}) perhaps_plain(key, {"true", "false"});
        section("host.stack");
        plain("buffers", one_of({"1", "4", "128"}));
        plain("arp_queue", one_of({"1", "8"}));
        line("arp_timeout", one_of({"1 s", "300 us", "100 us"}));
        const std::string clock = one_of({"100 MHz", "500 MHz", "3 GHz"});
        for (unsigned n = 0, all = 1 + static_cast<unsigned>(below(2)); n < all; ++n) {
            table("cpu", numbered("c", n));
            line("host", name);
            line("clock", clock);
            line("interrupts", one_of({"any_cycle", "at_end"}));
            line("nesting", one_of({"priority", "none"}));
        }
        buses(name);
        if (percent(20)) background(name);
    }

    // On a bus of the host; its path. `rate`: of the link that it gets.
    std::string nic(const std::string& host, const std::string& ip, const std::string& rate = "100 Mbps") {
        const std::string name = numbered("n", nics_.size()), on = one_of(buses_[host]);
        table("nic", name);
        line("bus", on);
        line("address", ip + "/24");
        if (percent(5)) plain("present", "false");
        const bool fast = rate == "1 Gbps";
        const std::string identity = fast ? "extended" : one_of({"82557", "82558", "82559", "82559", "82550", "extended", "extended"});
        line("identity", identity);
        if (identity == "extended") extended(fast);
        perhaps_plain("cu_accept", {"1", "2", "40"});
        perhaps_plain("ru_accept", {"1", "2", "40"});
        // A load of the EEPROM of some us instead of 180, and a self-test to match.
        plain("eeprom_load_clocks", one_of({"1", "2", "16"}));
        line("self_test", one_of({"10 us", "1 ms"}));
        driver(identity == "82557");
        nics_.push_back(on + "." + name);
        return nics_.back();
    }

    std::vector<std::string> nics_, masters_;
    std::map<std::string, std::vector<std::string>> buses_;   // of a host
    bool cold_ = false, half_ = false;
    bool shared_ = false, must_share_ = false;                // the link that the next NIC gets: can it be half duplex, has it to be

private:
    void buses(const std::string& host) {
        std::vector<std::string>& buses = buses_[host];
        for (std::uint64_t n = 0, all = 1 + below(3); n < all; ++n) {
            const std::string name = numbered("p", n), above = n == 0 ? "" : one_of(buses);
            const bool bridged = n > 0 && percent(50);
            if (bridged) pci_bridge(numbered("riser", n), above);
            table("bus", name);
            line("host", host);
            if (bridged) line("behind", above + "." + numbered("riser", n));
            line("period", one_of({"33 MHz", "66 MHz", "30303 ps"}));
            perhaps("phase", {"0 ps", "7 ns", "15 ns"});
            line("m66en", one_of({"honoured", "ignored"}));
            line("width", one_of({"32", "64"}));
            line("arbiter", one_of({"round_robin", "fixed"}));
            line("parking", one_of({"last", "first", "none"}));
            buses.push_back(host + "." + name);
            if (!bridged) host_bridge();
        }
    }

    void host_bridge() {
        section("bus.bridge");
        line("devsel", one_of({"fast", "medium", "slow"}));
        line("width", one_of({"32", "64"}));
        flag("back_to_back");
        flag("parity");
        plain("read_wait", std::to_string(below(30)));
        plain("read_next_wait", std::to_string(below(8)));
        plain("write_wait", std::to_string(below(6)));
        perhaps_plain("write_next_wait", {"0", "1", "7"});
        plain("write_delay", one_of({"0", "4", "64"}));
        plain("cpu_writes", one_of({"1", "4"}));
        perhaps_plain("outbound", {"1", "2", "20"});
        perhaps_plain("inbound", {"0", "2", "20"});
        perhaps_plain("latency_timer", {"0", "16", "255"});
        line("write_buffer", one_of({"0 B", "64 B", "1 KiB"}));
        perhaps_plain("drain", {"1", "3"});
        line("read_boundary", one_of({"0 B", "64 B", "4 KiB"}));
        line("write_boundary", one_of({"0 B", "64 B", "4 KiB"}));
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

    void background(const std::string& host) {
        table("background", "load");
        line("bus", host + ".p0");
        line("kind", one_of({"disk", "video"}));
        line("width", one_of({"32", "64"}));
        flag("back_to_back");
        masters_.push_back(host + ".p0.load");
    }

    void extended(bool fast) {
        line("link_rate", fast ? "1 Gbps" : "100 Mbps");
        perhaps("tx_fifo", {"2 KiB", "3 KiB", "16 KiB"});
        perhaps("rx_fifo", {"2 KiB", "3 KiB", "16 KiB"});       // above the thresholds of flow control that driver() draws
        line("bus_width", one_of({"32", "64"}));
        line("rx_burst", one_of({"configure", "frame"}));
    }

    void driver(bool oldest) {
        section("nic.driver");
        perhaps_plain("transmit_ring", {"4", "16", "64"});
        perhaps_plain("receive_ring", {"2", "8", "64"});
        perhaps("receive_buffer", {"64 B", "1000 B", "1518 B"});
        perhaps("receive_mode", {"flexible"});
        perhaps_plain("receive_buffers", {"2", "7", "64"});
        perhaps_plain("transmit_threshold", {"1", "8", "100", "224"});
        perhaps_plain("underrun_retry", {"0", "1", "2", "3"});
        perhaps_plain("rx_fifo_limit", {"0", "5", "8", "15"});
        perhaps_plain("completion_interrupt", {"0", "1", "5"});
        perhaps_plain("budget", {"1", "5", "64"});
        perhaps_plain("accept_polls", {"1", "10", "20000"});
        perhaps_plain("absent_polls", {"1", "5", "64"});
        perhaps_plain("adaptive_gap", {"5", "200"});
        if (oldest && shared_ && percent(60)) {
            plain("linear_priority", one_of({"1", "3", "7"}));
            perhaps("linear_priority_after", {"own", "all"});
            must_share_ = true;
        }
        if (!oldest && !half_) perhaps_plain("priority_threshold", {"0", "5"});
        if (!oldest && !half_ && percent(30)) {
            plain("flow_control", "true");
            plain("flow_control_threshold", one_of({"0", "1", "3"}));
            perhaps_plain("flow_control_delay", {"1", "10", "95", "65535"});
        }
        perhaps("after_timeout", {"give_up", "resend"});
        perhaps("policy", {"acknowledge", "mask_and_poll"});
        for (const char* key : {"discard_short", "save_bad", "crc_to_memory", "promiscuous", "padding", "interrupt_when_idle", "read_back", "self_test"})
            perhaps_plain(key, {"true", "false"});
        if (!oldest)                              // an 82557 has one way of each
            for (const char* key : {"standard_tcb", "two_frames", "long_frames", "write_and_invalidate"}) perhaps_plain(key, {"true", "false"});
        perhaps("transmit_timeout", {"0 ps", "100 us", "500 us", "2 ms"});
        if (percent(30)) line("block_timeout", "500 us");
        if (cold_ || percent(30)) line("link_poll", one_of({"50 us", "200 us"}));
        if (cold_ || percent(10)) line("bring_up", one_of({"short", "full"}));
        line("eeprom_delay", one_of({"20 ns", "500 ns"}));
    }
};

}  // namespace nicteam::test
