#include "nicteam/scenario/idle_traces.h"

#include <algorithm>

#include <fmt/format.h>

namespace nicteam::scenario {
namespace {

// A key of [trace], and the traces of which one must be there for it to mean anything.
struct dependent {
    const char *key, *one, *other, *how;
};
constexpr dependent dependents[] = {
    {"mii", "wave", "wave", "is of the waveform"},
    {"clock", "wave", "wave", "is of the waveform"},
    {"scopes", "wave", "wave", "is of the waveform"},
    {"wave_limit", "wave", "wave", "is of the waveform"},
    {"from", "wave", "txn", "is of the waveform and trace.json"},
    {"until", "wave", "txn", "is of the waveform and trace.json"},
    {"txn_limit", "txn", "txn", "is of trace.json"},
    {"packet_limit", "packets", "packets", "is of packets.csv"},
};

bool asked(const setting& s) { return s.from > origin::file; }

std::string nothing_captured(const resolved& r) {
    const auto links = r.of_kind("link");
    return fmt::format("the scenario has no [[capture]]: there is nothing to write; [[capture]] at = \"{}.*.wire\" takes all frames of a link, and "
                       "`nicteam explain captures` lists the other points",
                       links.empty() ? "LINK" : links.front()->path);
}

}  // namespace

std::vector<std::string> idle_traces(const resolved& r, const problems& sources, bool all) {
    const component& trace = r.table("trace");
    std::vector<std::string> notes;
    const auto note = [&](const setting& s, const std::string& why) {
        notes.push_back(fmt::format("{}: note: trace.{}: {}", sources.where(s.at), s.row->name, why));
    };
    const setting& pcap = *trace.find("pcap");
    if (asked(pcap) && pcap.value.integer && !all && r.of_kind("capture").empty()) note(pcap, nothing_captured(r));
    for (const dependent& d : dependents) {
        const setting& s = *trace.find(d.key);
        if (!asked(s) || (s.row->kind == quantity::flag && !s.value.integer)) continue;
        if (trace.integer(d.one) || trace.integer(d.other)) continue;
        note(s, fmt::format("{}, which this run does not write; --trace {}{} does", d.how, d.one,
                            std::string_view(d.one) == d.other ? "" : fmt::format(" or --trace {}", d.other)));
    }
    if (const setting& mii = *trace.find("mii"); asked(mii) && mii.value.integer && trace.integer("wave") && r.of_kind("nic").empty())
        note(mii, "the scenario has no [[nic]], whose pins they are");
    return notes;
}

}  // namespace nicteam::scenario
