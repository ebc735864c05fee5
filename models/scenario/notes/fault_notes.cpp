#include "scenario/notes/fault_notes.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/pci/parity.h"
#include "nicteam/scenario/pattern.h"

namespace nicteam::scenario {
namespace {

bool of_parity(const component& fault) {
    return std::any_of(std::begin(pci::parity_fault_rows), std::end(pci::parity_fault_rows), [&](const fault_info& f) { return fault.text("what") == f.name; });
}

// Devices report by PERR# only if firmware enabled it; the host's own bridge if its row says so.
void note_unreported(const component& fault, const resolved& r, std::vector<std::string>& notes) {
    std::string nobody, bridge_alone, host_of_all;
    for (const component* bus : r.of_kind("bus")) {
        const component* host = r.find(bus->text("host"));
        if (!host || host->integer("firmware.error_reporting") || !path_pattern(fault.text("at"), r).matches(bus->path)) continue;
        const bool by_bridge = !bus->given("behind") && bus->integer("bridge.parity");
        std::string& which = by_bridge ? bridge_alone : nobody;
        which += (which.empty() ? "" : ", ") + bus->path;
        if (host_of_all.find(host->path) == std::string::npos) host_of_all += (host_of_all.empty() ? "" : ", ") + host->path;
    }
    const std::string why = fmt::format("the wrong parity of {}: {}.firmware.error_reporting = false, as after a reset", fault.name, host_of_all);
    if (!nobody.empty()) notes.push_back(fmt::format("{}: nobody reports {}", nobody, why));
    if (!bridge_alone.empty()) notes.push_back(fmt::format("{}: of all agents the host's bridge alone reports {}", bridge_alone, why));
}

// Out, or in, while it is already: it comes back when the last of them ends; what is there cannot be put in, nor what is not be taken out.
void note_slot(const component& device, const resolved& r, std::vector<std::string>& notes) {
    std::vector<const component*> before;
    const auto end = [](const component& f) { return f.given("for") ? f.integer("from") + f.integer("for") : never; };
    for (const component* f : r.of_kind("fault")) {
        const std::string& what = f->text("what");
        if ((what != "removed" && what != "inserted") || !path_pattern(f->text("at"), r).matches(device.path)) continue;
        if (device.integer("present") != (what == "removed")) {
            notes.push_back(fmt::format("{}: {} changes nothing: {}", device.path, f->name,
                                        what == "removed" ? "the slot is empty from the start (present = false); what `inserted` put in goes when that ends"
                                                          : "it is in its slot from the start (present = true)"));
            continue;
        }
        for (const component* b : before)
            if (b->text("what") == what && !b->given("every") && !f->given("every") && f->integer("from") <= end(*b) && b->integer("from") <= end(*f)) {
                notes.push_back(fmt::format("{}: {} and {} overlap: it is {} until the later of them ends", device.path, b->name, f->name, what));
                break;
            }
        before.push_back(f);
    }
}

}  // namespace

std::vector<std::string> fault_notes(const resolved& r) {
    std::vector<std::string> notes;
    for (const component* f : r.of_kind("fault"))
        if (of_parity(*f)) note_unreported(*f, r, notes);
    for (const component& c : r.components)
        if (c.find("present")) note_slot(c, r, notes);
    return notes;
}

std::vector<std::string> doubt_notes(const resolved& r, sim::session& session) {
    std::vector<std::string> notes;
    for (const component* c : r.of_kind("host"))
        if (session.doubt_of_host(c->path).raised())
            notes.push_back(fmt::format("{}: wrong data, a lost write or an old answer reached more than payloads; since then crossings of what the devices "
                                        "concerned touch are not judged, and packets end where they are found (docs/decisions/0052, 0059)",
                                        c->path));
    return notes;
}

std::vector<report::fault> faults_of(const resolved& r, ps end) {
    std::vector<report::fault> all;
    for (const component* c : r.of_kind("fault")) {
        const std::int64_t from = c->integer("from");
        if (from >= end) continue;
        const ps until = c->given("for") ? from + c->integer("for") : never;
        report::fault f{c->name, c->text("what"), c->text("at"), from, until, never, 1, c->given("amount") ? c->text("amount") : ""};
        if (c->given("every")) {
            f.every = c->integer("every");
            f.times = static_cast<std::uint64_t>((end - 1 - from) / f.every + 1);
            if (c->given("times")) f.times = std::min(f.times, static_cast<std::uint64_t>(c->integer("times")));
        }
        all.push_back(std::move(f));
    }
    return all;
}

}  // namespace nicteam::scenario
