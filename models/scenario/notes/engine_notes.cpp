#include "scenario/notes/engine_notes.h"

#include <fmt/format.h>

#include "nicteam/offload/engine_health.h"
#include "nicteam/report/decimal.h"
#include "scenario/notes/counted.h"

namespace nicteam::scenario {
namespace {

std::string amount(std::uint64_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

// ", and were out of use from 3.2 ms to 20.0 ms, and from 25.0 ms to the end"
std::string out_of_use(const offload::engine_health& h) {
    std::string all;
    for (const auto& o : h.outages()) {
        const std::string until = o.until == never ? "the end" : report::time_text(o.until);
        all += fmt::format("{} from {} to {}", all.empty() ? "" : ", and", report::time_text(o.from), until);
    }
    return all;
}

void note_nic(const component& nic, sim::session& s, const system& built, std::vector<std::string>& notes) {
    const std::uint64_t packets = counted(s, nic.path + ".crypto.engine_failures") + counted(s, nic.path + ".crypto_transmit.engine_failures"),
                        jobs = counted(s, nic.path + ".crypto_rings.engine_failures");
    const std::string in = out_of_use(built.engines_in(nic.path, offload::way::in)), out = out_of_use(built.engines_in(nic.path, offload::way::out));
    if (!packets && !jobs && in.empty() && out.empty()) return;
    std::string text = fmt::format("{}: its engines failed at {}", nic.path, packets || !jobs ? amount(packets, "packet") : "");
    if (jobs) text += fmt::format("{}{} of its rings", packets ? " and " : "", amount(jobs, "job"));
    if (!in.empty()) text += "; those of its receive side were out of use" + in;
    if (!out.empty()) text += "; those of its transmit side were out of use" + out;
    notes.push_back(text);
}

}  // namespace

std::vector<std::string> engine_notes(const resolved& r, sim::session& s, const system& built) {
    std::vector<std::string> notes;
    for (const component* nic : r.of_kind("nic"))
        if (nic->integer("crypto.enable")) note_nic(*nic, s, built, notes);
    for (const component* card : r.of_kind("crypto_card")) {
        const std::uint64_t jobs = counted(s, card->path + ".engine_failures");
        const std::string out = out_of_use(built.engines_in(card->path, offload::way::out));
        const std::string times = out.empty() ? "" : ", and were out of use" + out;
        if (jobs || !out.empty()) notes.push_back(fmt::format("{}: its engines failed at {}{}", card->path, amount(jobs, "job"), times));
    }
    return notes;
}

}  // namespace nicteam::scenario
