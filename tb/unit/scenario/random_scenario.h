// Valid scenarios at random, a pure function of the seed: hosts, networks and traffic of all sorts, faults that overlap, cold starts.
#pragma once

#include "unit/scenario/random_network.h"

namespace nicteam::test {

class random_scenario : public random_network {
public:
    explicit random_scenario(std::uint64_t seed, const std::string& record = "") : random_network(seed, record) { write(); }

private:
    void write() {
        milliseconds_ = 3 + below(4);
        line("duration", std::to_string(milliseconds_) + " ms");
        plain("seed", std::to_string(below(1000)));
        cold_ = percent(20);
        if (cold_) line("start", "cold");
        timed_ = percent(cold_ ? 50 : 15);
        half_ = percent(25);
        if (percent(40)) line("warm_up", one_of({"0 ps", "500 us", "2 ms"}));
        if (cold_ || percent(30)) line("traffic_start", cold_ ? one_of({"0 ps", "500 us", "2 ms"}) : one_of({"0 ps", "100 us", "300 us"}));
        const unsigned hosts = percent(25) ? 2 : 1;
        for (unsigned h = 0; h < hosts; ++h) host(numbered("h", h));
        if (hosts == 2) {
            between_hosts();
            for (unsigned n = 0; n <= below(2); ++n) traffic(nics_[n], nics_[1 - n], true);
        }
        for (std::uint64_t n = 0, all = hosts == 2 ? below(2) : 1 + below(3); n < all; ++n) {
            const ends e = network(n);
            for (std::uint64_t flows = 1 + below(3); flows; --flows) {
                const bool out = outside_ || percent(50);
                traffic(out ? e.nic : one_of(e.far), out ? one_of(e.far) : e.nic, out);
            }
            outside_ = false;
            if (percent(20)) applications(e, n);
        }
        if (percent(5)) nic("h0", "10.8.0.1");                 // no cable
        for (std::uint64_t n = below(5); n; --n) fault();
    }

    void applications(const ends& e, std::uint64_t n) {
        table("ping", numbered("ping", n));
        line("from", "h0");
        line("to", e.far[0]);
        line("interval", one_of({"100 us", "1 ms"}));
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
        if (by_host) flag("wait_for_room");
    }

    void fault() {
        std::string at, what;
        if (!switches_.empty() && percent(30)) {
            if (percent(40)) return write_fault(one_of(switches_), one_of({"path_dead", "power_off", "table_flush"}));
            return write_fault(one_of(ports_), one_of({"path_dead", "path_dead_in", "path_dead_out"}));
        }
        switch (below(13)) {
        case 0: at = one_of(nics_), what = one_of({"master_abort", "target_abort", "endless_retry"}); break;
        case 1: at = "h0.p0.bridge", what = one_of({"master_abort", "target_abort", "endless_retry"}); break;
        case 2: at = "h0.c0", what = "stall"; break;
        case 3: at = one_of(links_), what = "link_down"; break;
        case 4: at = one_of(links_), what = "bit_errors"; break;
        case 5: at = one_of(links_) + one_of({".a_to_b", ".b_to_a"}), what = "bit_errors"; break;
        case 6: at = one_of(nics_), what = one_of({"removed", "removed", "inserted"}); break;
        case 7: at = masters_.empty() ? one_of(nics_) : one_of(masters_), what = "removed"; break;
        case 8: at = one_of(nics_), what = one_of({"mac_dead", "transmit_dead", "receive_dead", "transmit_hung"}); break;
        case 9: at = one_of(nics_) + ".driver", what = one_of({"reset", "taken_down"}); break;
        default: at = one_of(buses_["h0"]), what = one_of({"address_parity", "data_parity", "data_bit"}); break;
        }
        if (links_.empty() && (what == "link_down" || what == "bit_errors")) return;
        write_fault(at, what);
    }

    void write_fault(const std::string& at, const std::string& what) {
        section("[fault]");
        line("at", at);
        line("what", what);
        const bool early = percent(30);
        line("from", std::to_string(below(early ? 250 : 3000)) + " us");
        if (percent(70)) {
            const std::uint64_t lasts = 1 + below(999);
            line("for", std::to_string(lasts) + one_of({" us", " us", " ns"}));
            if (percent(20)) line("every", std::to_string(lasts + 1 + below(500)) + " us");
        }
        if (what == "bit_errors") line("amount", one_of({"1e-4", "1e-2", "0.5"}));
        if (what.find("parity") != std::string::npos || what == "data_bit") plain("amount", one_of({"1", "7", "100", "1000"}));
    }

    std::uint64_t milliseconds_ = 0;
    unsigned flows_ = 0;
};

}  // namespace nicteam::test
