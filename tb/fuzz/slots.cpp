// Any octets as the times at which two NICs are taken out and put in, at a cold or a ready start, on the host's own bus or behind one
// bridge or two, with a driver that resets them soon or late: no packet goes with them unaccounted, and the run goes on to its end.
#include <string>

#include "fuzz/target.h"
#include "nicteam/scenario/run.h"
#include "unit/fresh_kernel.h"
#include "unit/scenario/text_scenario.h"

using namespace nicteam;
using nicteam::fuzz::demand;

namespace {

constexpr unsigned most_changes = 8;
constexpr std::uint32_t run_microseconds = 1500;

std::string scenario_of(fuzz::tape t) {
    const std::uint32_t flags = t.octet();
    const bool cold = flags & 1u, bridged = flags & 2u, polled = flags & 4u, resent = flags & 8u, twice = bridged && flags & 32u,
               impatient = flags & 64u;           // resets of a device that is merely slow
    std::string s = "duration = \"" + std::to_string(run_microseconds) + " us\"\ntraffic_start = \"" + (flags & 16u ? "0 ps" : "200 us") + "\"\n";
    if (cold) s += "start = \"cold\"\n";
    s += "[[host]]\nname = \"h\"\nhot_plug.notice = \"" + std::to_string(1 + t.octet()) + " us\"\nhot_plug.power_good = \"" +
         std::to_string(t.octet()) +
         " us\"\n"
         "[[cpu]]\nname = \"c\"\nhost = \"h\"\n[[bus]]\nname = \"p0\"\nhost = \"h\"\n";
    if (bridged) s += "[[pci_bridge]]\nname = \"riser\"\nbus = \"h.p0\"\n[[bus]]\nname = \"p1\"\nhost = \"h\"\nbehind = \"h.p0.riser\"\n";
    if (twice) s += "[[pci_bridge]]\nname = \"second\"\nbus = \"h.p1\"\n[[bus]]\nname = \"p2\"\nhost = \"h\"\nbehind = \"h.p1.second\"\n";
    for (const char* n : {"0", "1"}) {
        const std::string number = n, nic = std::string("h.") + (!bridged || number == "0" ? "p0" : twice ? "p2" : "p1") + ".n" + number;
        const std::uint32_t more = t.octet();
        s += "[[nic]]\nname = \"n" + number + "\"\nbus = \"" + nic.substr(0, 4) + "\"\naddress = \"10.0." + number +
             ".1/24\"\neeprom_load_clocks = 1\nself_test = \"10 us\"\n";
        if (more & 1u) s += "present = false\n";
        s += std::string("[nic.driver]\ntransmit_timeout = \"") + (impatient ? "20" : "100") +
             " us\"\nreceive_ring = 4\neeprom_delay = \"20 ns\"\nlink_poll = \"50 us\"\n";
        if (polled) s += "policy = \"mask_and_poll\"\n";
        if (resent) s += "after_timeout = \"resend\"\n";
        s += "[[peer]]\nname = \"k" + number + "\"\nip = \"10.0." + number + ".2\"\n[[link]]\nname = \"l" + number + "\"\na = \"" + nic +
             "\"\nb = \"k" + number + "\"\n";
        s += "[[traffic]]\nname = \"u" + number + "\"\nfrom = \"" + nic + "\"\nto = \"k" + number + "\"\nframe_size = \"200 B\"\n";
        s += "[[traffic]]\nname = \"d" + number + "\"\nfrom = \"k" + number + "\"\nto = \"" + nic + "\"\nsizes = \"uniform\"\n";
        for (unsigned changes = (more >> 1) % most_changes; changes; --changes) {
            const std::uint32_t from = t.dword() % (run_microseconds * 1000),
                                lasts = 1 + (t.octet() & 1u ? t.word() % 1000 : t.dword() % (run_microseconds * 1000));
            s += "[[fault]]\nat = \"" + nic + "\"\nwhat = \"" + (t.octet() & 1u ? "inserted" : "removed") + "\"\nfrom = \"" +
                 std::to_string(from) + " ns\"\nfor = \"" + std::to_string(lasts) + " ns\"\n";
        }
    }
    return s;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    static test::text_scenario place;
    const auto r = place.read(scenario_of({input, octets}));
    demand(r.found.none(), "the scenario is a valid one");
    test::fresh_kernel k;
    scenario::run_options options;
    options.quiet = true;
    demand(scenario::run(*r.what, r.found, options) == 0, "no checker stops it");
    return 0;
}
