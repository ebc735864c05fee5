#include "check/demand.h"

#include <algorithm>

#include "check/resources.h"
#include "nicteam/check/way.h"

namespace nicteam::check {
namespace {

bool within(const std::string& path, const std::string& owner) { return path.compare(0, owner.size() + 1, owner + ".") == 0; }

bool comes_to(const report::sender& s, const std::string& owner) {
    return std::any_of(s.places.begin(), s.places.end(), [&](const std::string& p) { return within(p, owner); });
}

// Through a bridge on this bus to what is behind it; `master`: empty for any bridge.
bool through(const watched_bus& b, const report::sender& s, std::string_view master = {}) {
    for (const auto& [number, buses] : b.bridges)
        for (const auto& [n, name] : b.masters)
            if (n == number && (master.empty() || name == master) &&
                std::any_of(buses.begin(), buses.end(), [&](const std::string& bus) { return comes_to(s, bus); }))
                return true;
    return false;
}

// From which stage on a sender's packets have a resource behind them; 0: their way does not lead through it.
unsigned behind(const bounds::resource& r, const report::sender& s, const watched_bus* b, const std::vector<watched_wire>& wires) {
    const auto any_within = [&](const std::string& owner) { return comes_to(s, owner); };
    if (r.kind == "link" || r.kind == "engine") return 0;          // which packets come through it is not told apart
    if (r.kind == "wire")
        // Then it has it; the cable may hold it longer.
        return std::find(s.places.begin(), s.places.end(), r.path) == s.places.end() ? 0 : place_on_way("wire_begin");
    if (r.kind == "medium") {  // who is through has not only begun: it may have met another and back off
        const bool there = std::any_of(wires.begin(), wires.end(),
                                       [&](const watched_wire& w) { return medium_of(w) == r.path && any_within(w.cable->name()); });
        return there ? place_on_way("wire_end") : 0;
    }
    const std::string host = r.path.substr(0, r.path.find('.'));
    const bool bus = r.kind == "bus", sends = within(s.path, host);
    if (!any_within(bus ? r.path : host) && !(bus && b && through(*b, s))) return 0;
    if (sends) return place_on_way(bus ? "nic_tx_fifo_start" : "nic_notified");
    return place_on_way(bus ? "status_written" : "delivered");
}

// What packets use of it: of a bus not what masters take through which no packet goes.
__int128 by_packets(const bounds::resource& r, const report::run_result& result, const watched_bus* b) {
    __int128 others = 0, all = 0;
    for (const report::share& x : result.shares) {
        if (r.kind != "bus" || x.bus != r.path) continue;
        all += x.time;
        const std::string master = x.bus + "." + x.master;
        const bool above = b && !b->masters.empty() ? x.master == b->masters.front().second : x.master == "bridge";
        const bool carries = above || std::any_of(result.senders.begin(), result.senders.end(), [&](const report::sender& s) {
                                 return (b && through(*b, s, x.master)) ||
                                        std::any_of(s.places.begin(), s.places.end(),
                                                    [&](const std::string& p) { return p == master || within(p, master); });
                             });
        if (!carries) others += x.time;
    }
    const __int128 used = r.used.numerator / r.used.denominator;
    return all ? used * (all - others) / all : used;
}

}  // namespace

void add_demand(report::run_result& result, const std::vector<watched_bus>& buses, const std::vector<watched_wire>& wires) {
    for (bounds::resource& r : result.resources) {
        const auto found = std::find_if(buses.begin(), buses.end(), [&](const watched_bus& b) { return r.path == b.bus->name(); });
        const watched_bus* bus = found == buses.end() ? nullptr : &*found;
        std::uint64_t through = 0;
        for (const report::sender& s : result.senders) {
            const unsigned stage = behind(r, s, bus, wires);
            if (!stage) continue;
            for (const report::flow& f : result.flows)
                if (f.from == s.path) through += f.packets;
            for (const report::unarrived& u : result.not_arrived) {
                if (u.from != s.path) continue;
                if (place_on_way(u.stage) >= stage) through += u.packets;
                else if (u.waited) r.waiting += u.packets;
            }
        }
        r.missing = {by_packets(r, result, bus) * static_cast<__int128>(r.waiting) / static_cast<__int128>(std::max<std::uint64_t>(through, 1)), 1};
    }
}

}  // namespace nicteam::check
