#include "check/resources.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "nicteam/bounds/cpu.h"
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
    const std::uint64_t follow = std::min(tenures, total(r, path + ".back_to_back"));      // without an idle clock before them
    bounds::resource s{path,
                       "bus",
                       {(busy ? busy->sum : 0) + static_cast<__int128>(tenures - follow) * period, period},
                       {r.window(), period},
                       "clocks",
                       "",
                       "PCI 2.2, 3.3, 3.4.1; docs/bus.md"};
    s.bound = report::scaled(second, period, "clocks/s");
    if (tenures) {
        const bounds::fraction most = bounds::mean_throughput(period, words, tenures, octets, {}, follow);
        s.bound += fmt::format("; N + 3 clocks for N words at the mean N = {}: at most {}", report::decimal(words, tenures, 1),
                               report::scaled(most.numerator, most.denominator, "B/s"));
    }
    return s;
}

// An octet time is used by preamble, frame and inter-frame gap.
bounds::resource of_wire(const run_result& r, const std::string& path, std::int64_t rate) {
    const std::uint64_t frames = total(r, path + ".frames"), octets = total(r, path + ".octets");
    const auto octets_in = [rate](__int128 time) { return bounds::fraction{time * rate / (8 * millisecond), second / millisecond}; };
    bounds::resource s{path, "wire", octets_in(static_cast<__int128>(total(r, path + ".busy"))), octets_in(r.window()), "octets", "",
                       "IEEE 802.3 4.2.5, 4.4.2"};
    s.bound = report::scaled(rate, 1, "b/s");
    if (frames) {
        const bounds::fraction most = bounds::mean_frame_rate(rate, octets, frames);
        s.bound += fmt::format("; R/(8(L+20)) at the mean L = {} B: at most {}", report::decimal(octets, frames, 0),
                               report::scaled(most.numerator, most.denominator, "frames/s"));
    }
    return s;
}

// Half duplex: whoever sends, everybody's wire is used. A repeater knows for how long; without one, what the link carries both ways is
// that, and besides what its second station sends into a collision. The medium is used as well while all who have something to send hold
// back from it by the rules of CSMA/CD: nobody could have had that time (docs/decisions/0091).
bounds::resource of_medium(const run_result& r, const std::string& path, const std::vector<const wire::cable*>& links) {
    std::uint64_t least = UINT64_MAX, frames = 0, octets = 0;
    for (const wire::cable* c : links) {
        const std::string name = c->name();
        least = std::min(least, total(r, name + ".a_to_b.busy") + total(r, name + ".b_to_a.busy"));
        for (const char* way : {".a_to_b", ".b_to_a"}) frames += total(r, name + way + ".frames"), octets += total(r, name + way + ".octets");
    }
    const report::metric_value* own = r.find(path + ".busy");
    if (own) least = own->total;
    const std::int64_t rate = links.front()->config().rate;
    const auto window = static_cast<std::uint64_t>(r.window());
    least = std::min(least, window);
    const std::uint64_t contended = std::min(total(r, path + ".contended"), window - least);
    const auto octets_in = [rate](__int128 time) { return bounds::fraction{time * rate / (8 * millisecond), second / millisecond}; };
    bounds::resource s{path, "medium", octets_in(static_cast<__int128>(least + contended)), octets_in(r.window()), "octets", "",
                       "IEEE 802.3 4.2.3, 4.2.5, 4.4.2"};
    const auto part = [&](const char* what, std::uint64_t time) { s.parts.push_back({what, octets_in(static_cast<__int128>(time))}); };
    if (own) {       // a repeater hears which frames came through
        const std::uint64_t good = std::min(total(r, path + ".carried"), least), gap = static_cast<std::uint64_t>(wire::octets_time(wire::gap_bits / 8, rate));
        const std::uint64_t gaps = std::min(total(r, path + ".through") * gap, least - good);
        part("frames that came through", good);
        part("gaps behind them", gaps);
        part("collisions: fragments, jams, gaps behind them", least - good - gaps);
    } else {
        part("frames, fragments, jams, gaps", least);
    }
    part("nobody sends, a station waits: back-off, deferral", contended);
    part("free", window - least - contended);
    s.bound = fmt::format("half duplex, {} shared by all", report::scaled(rate, 1, "b/s"));
    if (own) {       // of fragments it is not known how long their frames are
        frames = total(r, path + ".through");
        const bounds::fraction f = octets_in(static_cast<__int128>(total(r, path + ".carried")));
        const auto carried = static_cast<std::uint64_t>(f.numerator / f.denominator);
        octets = carried - std::min<std::uint64_t>(carried, frames * wire::preamble_octets);
    } else if (std::any_of(links.begin(), links.end(), [&](const wire::cable* c) {
                   return total(r, std::string(c->name()) + ".a_to_b.cut") + total(r, std::string(c->name()) + ".b_to_a.cut") != 0;
               })) {
        frames = 0;
    }
    if (frames) {
        const bounds::fraction most = bounds::mean_frame_rate(rate, octets, frames);
        s.bound += fmt::format("; R/(8(L+20)) at the mean L = {} B: at most {} without collisions", report::decimal(octets, frames, 0),
                               report::scaled(most.numerator, most.denominator, "frames/s"));
    }
    return s;
}

// Operations that serve as many packets as there happen to be: what they cost a packet falls as the load grows. The others are due
// for each packet, or each of its bytes.
constexpr std::string_view of_batches[] = {"cycles_interrupt_entry", "cycles_interrupt_exit", "cycles_dispatch",       "cycles_lock_acquire",
                                           "cycles_lock_release",    "cycles_driver_interrupt", "cycles_driver_request", "cycles_other"};

constexpr std::string_view packets_of_host[] = {"sent_packets", "received_packets", "unresolved", "no_route", "no_buffer"};

// A packet of the host is one that a driver sent or received, or that its stack could not hand to a driver.
bounds::resource of_cpu(const run_result& r, const watched_cpu& c) {
    const std::string &path = c.path, host = path.substr(0, path.find('.') + 1);
    const __int128 busy = r.find(path + ".busy") ? r.find(path + ".busy")->sum : 0;
    bounds::resource s{path, "cpu", {busy, nanosecond}, {r.window(), nanosecond}, "ns", "", "cost table of the CPU (docs/timing.md)"};
    std::uint64_t packets = 0, cycles = 0, each = 0;
    for (const report::metric_value& m : r.metrics) {
        const std::string_view name = m.info->name;
        const bool of_packets = std::find(std::begin(packets_of_host), std::end(packets_of_host), name) != std::end(packets_of_host);
        if (of_packets && m.path.compare(0, host.size(), host) == 0) packets += m.total;
        if (m.path.compare(0, path.size() + 8, path + ".cycles_") != 0) continue;
        cycles += m.total;
        if (std::find(std::begin(of_batches), std::end(of_batches), name) == std::end(of_batches)) each += m.total;
    }
    const std::uint64_t stalls = total(r, path + ".read_stall") + total(r, path + ".write_stall");
    s.bound = "one instruction stream";
    if (packets == 0 || each == 0 || busy == 0) return s;
    const bounds::fraction most = bounds::packet_rate(c.period, each) * static_cast<std::int64_t>(packets);
    s.bound = fmt::format("f/C at the C = {} cycles that each packet costs: at most {}; as mixed here, with {} cycles and {} of stalls more: {}",
                          report::grouped(static_cast<__int128>(each / packets)), report::scaled(most.numerator, most.denominator, "packets/s"),
                          report::grouped(static_cast<__int128>((cycles - each) / packets)), report::time_text(static_cast<ps>(stalls / packets)),
                          report::scaled(static_cast<__int128>(packets) * second, busy, "packets/s"));
    return s;
}

bounds::resource of_part(const run_result& r, const watched_part& p) {
    return {p.metric, p.kind, {static_cast<__int128>(total(r, p.metric)), 1}, {static_cast<__int128>(r.window()) * p.many, p.period}, p.unit,
            fmt::format("{}, {}", report::scaled(static_cast<__int128>(p.many) * second, p.period, (p.unit + "/s").c_str()), p.what), "docs/crypto-block.md"};
}

}  // namespace

std::vector<bounds::resource> resources_of(const run_result& r, const std::vector<watched_bus>& buses, const std::vector<watched_wire>& wires,
                                           const std::vector<watched_cpu>& cpus, const std::vector<watched_part>& parts) {
    std::vector<bounds::resource> all;
    for (const watched_bus& b : buses) all.push_back(of_bus(r, *b.bus));
    for (const watched_cpu& c : cpus) all.push_back(of_cpu(r, c));
    for (const watched_part& p : parts)
        if (p.kind == "link" || total(r, p.metric)) all.push_back(of_part(r, p));      // cores that nothing asks for are none
    for (std::size_t i = 0; i < wires.size(); ++i) {
        const wire::cable& c = *wires[i].cable;
        const std::string medium = medium_of(wires[i]);
        if (medium.empty())
            for (const char* way : {".a_to_b", ".b_to_a"}) all.push_back(of_wire(r, c.name() + std::string(way), c.config().rate));
        else if (std::none_of(wires.begin(), wires.begin() + static_cast<std::ptrdiff_t>(i), [&](const watched_wire& w) { return medium_of(w) == medium; })) {
            std::vector<const wire::cable*> links;
            for (const watched_wire& w : wires)
                if (medium_of(w) == medium) links.push_back(w.cable);
            all.push_back(of_medium(r, medium, links));
        }
    }
    return all;
}

std::string medium_of(const watched_wire& w) { return !w.cable->half_duplex() ? "" : w.medium.empty() ? w.cable->name() : w.medium; }

constexpr std::string_view in_queue = ", made and not yet sent";

std::vector<report::held> queues_of(const run_result& r) {
    std::vector<report::held> all;
    for (const report::metric_value& m : r.metrics)
        if (m.info->kind == metric_info::level && std::string_view(m.info->name) == "queue" && m.end > 0)
            all.push_back({m.path.substr(0, m.path.rfind('.')) + std::string(in_queue), static_cast<std::uint64_t>(m.end)});
    return all;
}

std::string owner_of_queue(const report::held& h) { return h.where.substr(0, h.where.size() - in_queue.size()); }

std::vector<report::fill> fills_of(const run_result& r, const std::vector<watched_fill>& fills) {
    std::vector<report::fill> all;
    for (const watched_fill& f : fills) {
        const report::metric_value* m = r.find(f.metric);
        if (m && m->info->kind == metric_info::level && (f.size || m->greatest)) all.push_back({f.metric, m->info->unit, m->sum, m->greatest, f.size});
    }
    return all;
}

// What a fault, an impairment or an error leaves in the books; losses have a section of their own.
constexpr std::string_view of_trouble[] = {
    "master_aborts", "target_aborts", "retries", "decode_conflicts", "aborts", "aborted", "cpu_aborts", "cpu_retries", "write_buffer_full", "stalled",
    "engine_failures", "without_engines",
    "damaged", "duplicated", "reordered", "cut", "rx_crc_errors", "rx_aborted", "rx_truncated", "tx_underruns", "tx_mac_dead", "rx_mac_dead", "hung_commands",
    "failed_start", "transmit_timeouts", "failed_resets", "operator_resets",
    "receive_errors", "link_losses", "failed_self_test", "bad_eeprom", "no_phy", "perr", "serr", "nmi", "dropped",
    "abandoned", "unheard", "payload_damaged",
    "collisions", "lost_collisions", "tx_collisions", "tx_late_collisions", "tx_max_collisions",
};
bool is_trouble(std::string_view name) {
    return name.substr(0, 8) == "refused_" || std::find(std::begin(of_trouble), std::end(of_trouble), name) != std::end(of_trouble);
}

std::vector<report::trouble> troubles_of(const run_result& r) {
    std::vector<report::trouble> all;
    for (const report::metric_value& m : r.metrics) {
        const bool of_sending = std::string_view(m.info->unit) == "datagrams" && std::string_view(m.info->name) == "cut";     // into fragments: none
        if (m.info->kind == metric_info::counter && m.total && is_trouble(m.info->name) && !of_sending)
            all.push_back({m.path, m.info->unit, m.info->meaning, m.total});
    }
    return all;
}

std::vector<report::share> shares_of(const run_result& r, const std::vector<watched_bus>& buses, const std::vector<std::unique_ptr<bus_share>>& shares) {
    std::vector<report::share> all;
    for (std::size_t i = 0; i < shares.size(); ++i)
        for (unsigned m = 0; m < shares[i]->masters().size(); ++m) {
            const bus_share::master& x = shares[i]->masters()[m];
            if (!x.tenures) continue;
            const auto name = std::find_if(buses[i].masters.begin(), buses[i].masters.end(), [m](const auto& n) { return n.first == m; });
            all.push_back({buses[i].bus->name(), name == buses[i].masters.end() ? fmt::format("master {}", m) : name->second, x.tenures,
                           x.words, x.time, r.window()});
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
