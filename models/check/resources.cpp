#include "check/resources.h"

#include <cstring>

#include <fmt/format.h>

#include "nicteam/bounds/ethernet.h"
#include "nicteam/bounds/pci.h"
#include "nicteam/report/decimal.h"

namespace nicteam::check {
namespace {

using report::run_result;

std::uint64_t total(const run_result& r, const std::string& path) {
    const report::metric_value* m = r.find(path);
    return m ? m->total : 0;
}

// A clock is used when FRAME# or IRDY# is low, and by the idle clock that must follow each tenure.
bounds::resource of_bus(const run_result& r, const pci::bus& b) {
    const std::string path = b.name();
    const ps period = b.clock().period();
    const report::metric_value* busy = r.find(path + ".busy");
    const std::uint64_t tenures = total(r, path + ".tenures"), words = total(r, path + ".words"), octets = total(r, path + ".octets");
    bounds::resource s{path, "bus", {(busy ? busy->sum : 0) + static_cast<__int128>(tenures) * period, period}, {r.window(), period}, "clocks", "", "PCI 2.2, 3.3, 3.4.1; docs/bus.md"};
    s.bound = report::scaled(second, period, "clocks/s");
    if (tenures) {
        const __int128 clocks = static_cast<__int128>(words) + 3 * static_cast<__int128>(tenures);
        s.bound += fmt::format("; {} words a tenure in N + 3 clocks: at most {}", report::decimal(words, tenures, 1), report::scaled(static_cast<__int128>(octets) * second, clocks * period, "B/s"));
    }
    return s;
}

// An octet time is used by preamble, frame and inter-frame gap.
bounds::resource of_wire(const run_result& r, const std::string& path, std::int64_t rate) {
    const std::uint64_t frames = total(r, path + ".frames"), octets = total(r, path + ".octets");
    const std::int64_t gap = bounds::preamble_octets + bounds::gap_octets;
    bounds::resource s{path, "wire", {static_cast<__int128>(octets) + static_cast<__int128>(frames) * gap, 1}, {static_cast<__int128>(r.window()) * rate, static_cast<__int128>(8) * second}, "octets", "", "IEEE 802.3 4.2.5, 4.4.2"};
    s.bound = report::scaled(rate, 1, "b/s");
    // A frame counts when it begins: of the last one, what lies beyond the window is taken off, never more than a mean frame.
    if (frames && s.capacity < s.demand) {
        const __int128 mean = s.demand.numerator / static_cast<__int128>(frames) + 1;
        if (bounds::fraction{s.demand.numerator - mean, 1} < s.capacity) s.demand = s.capacity;
    }
    if (frames) {
        const bounds::fraction most{static_cast<__int128>(rate) * frames, 8 * (static_cast<__int128>(octets) + static_cast<__int128>(frames) * gap)};
        s.bound += fmt::format("; R/(8(L+20)) at L = {} B: {}", report::decimal(octets, frames, 0), report::scaled(most.numerator, most.denominator, "frames/s"));
    }
    return s;
}

bounds::resource of_cpu(const run_result& r, const report::metric_value& busy) {
    const std::string path = busy.path.substr(0, busy.path.rfind('.')), host = path.substr(0, path.find('.') + 1);
    bounds::resource s{path, "cpu", {busy.sum, nanosecond}, {r.window(), nanosecond}, "ns", "", "cost table of the CPU (docs/timing.md)"};
    std::uint64_t packets = 0;
    for (const report::flow& f : r.flows)
        if (f.from.compare(0, host.size(), host) == 0 || f.to.compare(0, host.size(), host) == 0) packets += f.packets;
    s.bound = "one instruction stream";
    if (packets && busy.sum > 0)
        s.bound = fmt::format("{} of work a packet: at most {}", report::time_text(static_cast<ps>(busy.sum / static_cast<__int128>(packets))), report::scaled(static_cast<__int128>(packets) * second, busy.sum, "packets/s"));
    return s;
}

}  // namespace

std::vector<bounds::resource> resources_of(const run_result& r, const std::vector<watched_bus>& buses, const std::vector<watched_wire>& wires) {
    std::vector<bounds::resource> all;
    for (const watched_bus& b : buses) all.push_back(of_bus(r, *b.bus));
    for (const report::metric_value& m : r.metrics) {
        if (m.info->kind != metric_info::level || std::strcmp(m.info->name, "busy") != 0) continue;
        if (r.find(m.path.substr(0, m.path.rfind('.')) + ".cycles_other")) all.push_back(of_cpu(r, m));
    }
    for (const watched_wire& w : wires)
        for (const char* way : {".a_to_b", ".b_to_a"}) all.push_back(of_wire(r, w.cable->name() + std::string(way), w.cable->config().rate));
    return all;
}

std::vector<report::fill> fills_of(const run_result& r, const std::vector<watched_fill>& fills) {
    std::vector<report::fill> all;
    for (const watched_fill& f : fills) {
        const report::metric_value* m = r.find(f.metric);
        if (m && m->info->kind == metric_info::level) all.push_back({f.metric, m->info->unit, m->sum, m->greatest, f.size});
    }
    return all;
}

std::vector<bounds::wait> waits_of(const run_result& r) {
    std::vector<bounds::wait> all;
    for (const report::flow& f : r.flows)
        for (const report::hop& h : f.hops) all.push_back({h.from, h.to, f.from + " to " + f.to, h.time.count(), h.time.sum()});
    return all;
}

}  // namespace nicteam::check
