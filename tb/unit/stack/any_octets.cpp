// Any octets from the wire, of any length and in any state: controller, driver and stack give each frame exactly one outcome.
#include <map>
#include <random>

#include <catch2/catch.hpp>

#include "unit/nic/rig.h"
#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

constexpr trace_id first_id = trace_id{1} << 50;

struct outcomes : sim::packet_observer {
    std::map<trace_id, unsigned> ended_;
    std::map<std::string, unsigned> why;
    void born(trace_id, trace_id, const std::string&, std::uint32_t, ps) override {}
    void passed(trace_id, const stage_info&, const std::string&, ps) override {}
    void ended(trace_id id, const outcome_info& o, const std::string&, ps) override {
        if (id < first_id) return;               // what the host itself sends
        ++ended_[id];
        ++why[o.name];
    }
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
};

class noise {
public:
    explicit noise(unsigned seed) : engine_(seed) {}
    unsigned below(unsigned n) { return static_cast<unsigned>(engine_() % n); }
    bool one_in(unsigned n) { return below(n) == 0; }

    bytes frame() {
        const unsigned kind = below(40);
        const unsigned octets = kind == 0 ? below(65'537) : kind < 8 ? below(80) : kind < 12 ? 1'500 + below(40) : below(1'600);
        bytes b(octets);
        for (std::uint8_t& o : b) o = static_cast<std::uint8_t>(engine_());
        if (one_in(4)) return b;
        const std::uint8_t own[6] = {2, 0, 0, 0, 0, 1}, all[6] = {255, 255, 255, 255, 255, 255};
        put(b, 0, one_in(3) ? all : own, 6);
        // Headers that begin well: IPv4, ARP, a length field, VLAN.
        const std::uint8_t types[5][2] = {{8, 0}, {8, 6}, {0, 46}, {0x81, 0}, {0x05, 0xDC}};
        put(b, 12, types[below(5)], 2);
        const std::uint8_t ip[20] = {0x45, 0, 0, static_cast<std::uint8_t>(below(256)), 0, 0, 0, 0, 64, static_cast<std::uint8_t>(one_in(2) ? 17 : 1),
                                     static_cast<std::uint8_t>(below(256)), 0, 10, 0, 0, 9, 10, 0, 0, 1};
        if (one_in(2)) put(b, 14, ip, 20);
        const std::uint8_t arp[8] = {0, 1, 8, 0, 6, 4, 0, static_cast<std::uint8_t>(1 + below(3))};
        if (one_in(3)) put(b, 14, arp, 8);
        return b;
    }

private:
    static void put(bytes& b, std::size_t at, const std::uint8_t* from, std::size_t n) {
        for (std::size_t i = 0; i < n && at + i < b.size(); ++i) b[at + i] = from[i];
    }
    std::mt19937 engine_;
};

}  // namespace

TEST_CASE("any octets from the wire end in exactly one outcome each") {
    constexpr unsigned frames = 400;
    std::map<std::string, unsigned> reached;
    for (unsigned seed = 1; seed <= 6; ++seed) {
        fresh_kernel kernel;
        machine_config c = numbered(1);
        noise random(seed);
        // Every second seed lets all in that can be let in.
        c.driver.save_bad = c.driver.long_frames = c.driver.promiscuous = seed % 2 == 0;
        c.driver.discard_short = seed % 2 != 0;
        c.driver.crc_to_memory = seed % 3 == 0;
        machine m("a", c);
        test_cable cable;
        m.nic.plug(cable);
        test_sender sender;
        sender.to = &m.nic.receiver();
        outcomes seen;
        sim::session::current().observe(&seen);
        sim::session::current().settle_order();
        simulate(2 * millisecond);
        for (unsigned n = 0; n < frames; ++n) {
            ref<frame> f = frame::make();
            f->data = random.frame();
            const unsigned what = random.below(8);
            if (what != 0) packet::append_lazy_fcs(*f);          // else the last octets are what they are
            else f->fcs_known = true;
            f->id = first_id + n;
            const auto octets = static_cast<std::uint32_t>(f->data.size());
            const std::uint32_t cut = what == 2 && octets > 1 ? 1 + random.below(octets - 1) : 0;
            const bool bad = what <= 1;
            sender.jobs.push_back({frame_ref(f), bad ? wire::wire_end::bad_fcs : wire::wire_end::good, 0, cut});
        }
        sender.start();
        while (sender.busy()) simulate(millisecond);
        simulate(20 * millisecond);
        INFO("seed " << seed);
        unsigned once = 0;
        for (unsigned n = 0; n < frames; ++n) {
            const auto found = seen.ended_.find(first_id + n);
            INFO("frame " << n << " of " << sender.jobs[n].frame->data.size() << " octets");
            CHECK((found == seen.ended_.end() ? 0 : found->second) == 1);
            once += found != seen.ended_.end() && found->second == 1;
        }
        CHECK(once == frames);
        for (const auto& w : seen.why) reached[w.first] += w.second;
    }
    for (const char* why : {"rx_unmatched", "rx_short", "rx_long", "rx_bad_fcs"}) {
        INFO(why);
        CHECK(reached[why] > 20);
    }
    CHECK(reached.size() >= 6);
}
