#include "nicteam/check/transactions.h"

#include <algorithm>

namespace nicteam::check {
namespace {

std::string parent_of(const std::string& path) {
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? path : path.substr(0, dot);
}
std::string last_of(const std::string& path) { return path.substr(path.rfind('.') + 1); }

}  // namespace

class transaction_recorder::tenures : public pci::tenure_observer {
public:
    tenures(transaction_recorder& r, pci::bus& b)
        : path(b.name()),
          log_(r.log_),
          shadow_(r.session_.shadow_of(b.name())),
          track_(log_.add_track(b.name(), "tenures")),
          open_(r.open_) {
        for (unsigned m = 0; m < b.masters(); ++m) masters_.push_back(log_.intern(b.plugged(m) ? b.master_name(m) : "nobody"));
        b.observe(*this);
    }
    void tenure(const pci::payload& p, const pci::pci_extension& e) override {
        if (!open_) return;
        const std::uint64_t address = p.get_address();
        trace_id packet = 0;
        if (pci::is_memory(e.command) && e.octets && shadow_.any(address, e.octets))
            packet = shadow_.at(address) ? shadow_.at(address) : shadow_.at(address + e.octets - 1);
        const bool data = e.done > 0;
        log_.tenure(track_, e.address, e.idle, packet,
                    {address, e.done, e.octets, e.request, data ? e.data.first() : 0, data ? e.data.last() : 0, masters_[e.master],
                     log_.intern(pci::name_of(e.command)), log_.intern(pci::name_of(e.why))},
                    sim::now());
    }
    const std::string path;

private:
    report::trace_log& log_;
    sim::shadow& shadow_;
    report::trace_log::track track_;
    std::vector<report::trace_log::name> masters_;
    const bool& open_;
};

// A probe with named states: a slice for each but the first, which is rest. A single bit: a slice while it is set.
class transaction_recorder::states : public sim::probe_sink {
public:
    states(transaction_recorder& r, sim::probe& p, const std::string& process, const std::string& thread)
        : next(p.sink), probe(&p), log_(r.log_), open_(r.open_), track_(log_.add_track(process, thread)) {
        if (!p.info->states) titles_ = {0, log_.intern(p.info->name)};
        for (std::uint64_t n = 0; p.info->states && p.info->states[n]; ++n) titles_.push_back(log_.intern(p.info->states[n]));
    }
    void change(const sim::probe& p, ps past, std::uint64_t v) override {
        if (next) next->change(p, past, v);
        if (open_ && v != value_) settle(past, v);
    }
    void settle(ps at, std::uint64_t v) {
        if (value_ && value_ < titles_.size()) log_.state(track_, since_, at, titles_[value_], sim::now());
        value_ = v;
        since_ = at;
    }
    sim::probe_sink* next;
    sim::probe* probe;

private:
    report::trace_log& log_;
    const bool& open_;
    report::trace_log::track track_;
    std::vector<report::trace_log::name> titles_;
    std::uint64_t value_ = 0;
    ps since_ = 0;
};

// What arrives at the far end of a wire; told of at its last octet.
class transaction_recorder::frames : public sim::capture_sink {
public:
    frames(transaction_recorder& r, sim::capture_point& p, const std::string& process, const std::string& thread)
        : point(&p), log_(r.log_), open_(r.open_), track_(log_.add_track(process, thread)) {
        p.sinks.push_back(this);
    }
    void take(const sim::capture_point&, const frame_ref& f, ps at, sim::direction, const char* comment) override {
        if (!open_) return;
        const ps last = sim::now();
        const auto octets = static_cast<ps>(f->data.size());
        const ps preamble = octets > 1 ? (last - at) * f->preamble_octets / (octets - 1) : 0;  // before the destination address
        log_.frame(track_, at - preamble, last, f->id, static_cast<std::uint32_t>(octets), log_.intern(comment ? comment : ""), sim::now());
    }
    sim::capture_point* point;

private:
    report::trace_log& log_;
    const bool& open_;
    report::trace_log::track track_;
};

transaction_recorder::transaction_recorder(sim::session& s, std::string path, report::trace_log_options o)
    : session_(s), path_(std::move(path)), log_(std::move(o)) {
    session_.observe(this);
    report::file_writer fails_now(path_);
}

transaction_recorder::~transaction_recorder() {
    for (states& s : states_)
        if (s.probe->sink == &s) s.probe->sink = s.next;
    for (frames& f : frames_) {
        auto& sinks = f.point->sinks;
        sinks.erase(std::remove(sinks.begin(), sinks.end(), &f), sinks.end());
    }
}

void transaction_recorder::watch(pci::bus& b) { tenures_.push_back(std::make_unique<tenures>(*this, b)); }

void transaction_recorder::attach() {
    for (sim::probe& p : session_.probes()) {
        const std::string owner = parent_of(p.path);
        if (p.info->bits > 1 || std::any_of(tenures_.begin(), tenures_.end(), [&](const auto& t) { return t->path == owner; })) continue;
        const bool cpu = std::string(p.info->name) == "state";  // a CPU stands under its host: server, cpu0
        states_.emplace_back(*this, p, cpu ? parent_of(owner) : owner, cpu ? last_of(owner) : p.info->name);
        p.sink = &states_.back();
    }
    for (sim::capture_point& c : session_.captures()) {
        const std::string owner = parent_of(c.path), end = last_of(owner);
        if (end == "a_to_b" || end == "b_to_a") frames_.emplace_back(*this, c, parent_of(owner), end);
    }
}

void transaction_recorder::born(trace_id id, trace_id parent, const std::string& where, std::uint32_t octets, ps at) {
    if (open_) log_.born(id, parent, log_.intern(where), octets, at, sim::now());
}
void transaction_recorder::passed(trace_id id, const stage_info& s, const std::string& where, ps at) {
    if (open_) log_.passed(id, log_.intern(s.name), log_.intern(where), at, sim::now());
}
void transaction_recorder::ended(trace_id id, const outcome_info& o, const std::string& where, ps at) {
    if (open_) log_.ended(id, log_.intern(o.name), log_.intern(where), at, sim::now());
}

void transaction_recorder::close(ps end) {
    for (states& s : states_) {
        if (s.probe->settle) s.probe->settle(end);
        s.settle(end, 0);
    }
    open_ = false;
    log_.write(path_, end);
}

}  // namespace nicteam::check
