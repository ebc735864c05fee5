#include "nicteam/check/breaches.h"

#include <iterator>

#include <fmt/format.h>
#include <systemc>

#include "nicteam/report/decimal.h"

namespace nicteam::check {
namespace {

constexpr const char* how = "\"stop\" ends the run with status 3 at the first breach; "
                            "\"count\" goes on, and wants an [[expect]] that there are breaches: metric = \"check.…_breaches\", at_least = 1";

const parameter_info parameters[] = {
    {"conservation", quantity::choice, "stop", nullptr, nullptr, "stop|count",
     "what a breach of frame conservation does: every frame born ends once, with a reason, or is held", how,
     store<&check_config::conservation>},
    {"crossings", quantity::choice, "stop", nullptr, nullptr, "stop|count",
     "what a wrong number of bus crossings does: a packet's body crosses the buses of a host as the crossing table says; one master drives "
     "at a time",
     how, store<&check_config::crossings>},
    {"secrecy", quantity::choice, "stop", nullptr, nullptr, "stop|count",
     "what plaintext on a link does: nothing that a policy of its sender protects leaves a transmitter in the clear", how, store<&check_config::secrecy>},
    {"admission", quantity::choice, "stop", nullptr, nullptr, "stop|count",
     "what an unprotected delivery does: nothing that a policy of a host protects rises above IPsec unless IPsec was taken off it", how,
     store<&check_config::admission>},
    {"numbers", quantity::choice, "stop", nullptr, nullptr, "stop|count",
     "what a number that is used again does: a sequence number of an association, and an IV of a counter mode, leaves once", how,
     store<&check_config::numbers>},
    {"joints", quantity::choice, "stop", nullptr, nullptr, "stop|count",
     "what an interrupted packet does: input 124 of 21a listens to one source from the first word of a packet to its last", how, store<&check_config::joints>},
    {"streams", quantity::choice, "stop", nullptr, nullptr, "stop|count",
     "what a wrong octet of a connection does: what an application takes is what the other end handed to TCP, in order, and all of it before FIN", how,
     store<&check_config::streams>},
    {"after_end", quantity::time, "10 ms", "0 ps", "1000 s", nullptr,
     "how long a packet is still watched after its end: stages that are reported late, a body that crosses once more",
     "choice: longer than software leaves a completed command unreaped", store<&check_config::after_end>},
};
const metric_info metrics[] = {
    {"conservation_breaches", "breaches", "frames that were lost without a reason, ended twice or were never born"},
    {"crossings_breaches", "breaches",
     "packets whose body crossed the buses of a host in part, too often or not at all; tenures that overlap"},
    {"secrecy_breaches", "breaches", "frames that left in the clear although a policy of their sender protects what is in them"},
    {"admission_breaches", "breaches", "packets that rose above IPsec as they came although a policy of their host protects them"},
    {"numbers_breaches", "breaches", "frames with a sequence number, or an IV of a counter mode, that had left before"},
    {"joints_breaches", "breaches", "packets that began to pass into 21a before the last word of another"},
    {"streams_breaches", "breaches", "octets that were taken from a connection as others than were sent, and streams that ended too early or too late"},
};
constexpr const char* names[] = {"conservation", "crossings", "secrecy", "admission", "numbers", "joints", "streams"};
constexpr unsigned checkers = std::size(names);
static_assert(std::size(metrics) == checkers);

}  // namespace

const block_info check_info = {"check", "the checkers that are on in every run", parameters, metrics, {}, {}, {}, {}, {}};

breaches::breaches(sim::session& s, const check_config& c, std::function<void()> stop) : stop_(std::move(stop)) {
    const unsigned modes[] = {c.conservation, c.crossings, c.secrecy, c.admission, c.numbers, c.joints, c.streams};
    for (unsigned i = 0; i < checkers; ++i)
        of_.push_back({modes[i] == 1, 0, "", &s.bind_counter(std::string("check.") + metrics[i].name, metrics[i])});
    if (!stop_) stop_ = [] { sc_core::sc_stop(); };
}

void breaches::report(checker c, ps at, const std::string& what) {
    const auto i = static_cast<unsigned>(c);
    books& b = of_[i];
    const std::string text = fmt::format("at {}: {}", report::time_text(at), what);
    if (b.count++ == 0) b.first = text;
    b.metric->add();
    if (b.counts_only || stopped()) return;
    reason_ = fmt::format("{}: {}", names[i], text);
    stop_();
}

std::vector<report::check_outcome> breaches::outcomes() const {
    std::vector<report::check_outcome> all;
    for (unsigned i = 0; i < of_.size(); ++i) all.push_back({names[i], of_[i].counts_only, of_[i].count, of_[i].first});
    return all;
}

std::string id_text(trace_id id) { return fmt::format("{}:{}", id >> 40, id & ((1ull << 40) - 1)); }

}  // namespace nicteam::check
