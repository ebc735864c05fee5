#include "nicteam/check/outputs.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "check/demand.h"
#include "check/job_crossings.h"
#include "check/resources.h"
#include "check/jobs_over_time.h"
#include "check/use_over_time.h"
#include "nicteam/report/decimal.h"
#include "nicteam/check/conservation.h"
#include "nicteam/check/crossings.h"
#include "nicteam/check/security_checks.h"
#include "nicteam/check/snapshot.h"
#include "nicteam/check/transactions.h"
#include "nicteam/check/way.h"
#include "nicteam/check/work_books.h"
#include "nicteam/report/page.h"

namespace nicteam::check {
namespace {

report::lifeline_options lifelines_of(const outputs_options& o) {
    report::lifeline_options l;
    for (const block_info* b : o.tables)
        for (const stage_info& s : b->stages) l.stages.push_back(&s);
    // Others follow.
    const auto place = [](const stage_info* s) { return place_on_way(s->name) - 1u; };
    std::stable_sort(l.stages.begin(), l.stages.end(), [&](const stage_info* a, const stage_info* b) { return place(a) < place(b); });
    l.between = o.between;
    l.from = o.window_from;
    l.grace = o.check.after_end;
    l.rows = o.packets;
    l.row_limit = o.packet_limit;
    return l;
}

}  // namespace

struct outputs::machinery {
    machinery(sim::session& s, outputs_options o)
        : session(s),
          options(std::move(o)),
          found(s, options.check),
          frames(found),
          bus_crossings(found, s, options.check.after_end),
          lifelines(lifelines_of(options)) {
        session.observe(&frames);
        session.observe(&bus_crossings);
        session.observe(&lifelines);
        if (options.directory.empty()) return;
        std::error_code failed;
        std::filesystem::create_directories(options.directory, failed);
        if (failed) throw report::write_error(options.directory + ": " + failed.message());
        // Fails now rather than after the run.
        report::file_writer(in_directory("result.json"));
    }

    std::string in_directory(const std::string& name) const { return (std::filesystem::path(options.directory) / name).string(); }

    bool left_out(const std::string& name) const {
        return std::any_of(not_written.begin(), not_written.end(), [&](const auto& f) { return f.first == name; });
    }

    // With a file goes what only opens or shows it.
    void leave_out(const std::string& name, const std::string& why) {
        if (left_out(name)) return;
        not_written.emplace_back(name, why);
        const auto companion = [&](const char* other) { leave_out(other, fmt::format("{}: {} is not there", in_directory(other), name)); };
        if (name == options.wave_name) companion("wave.gtkw");
        if (name == "result.json" && options.page) companion(report::page_name);
    }

    // What cannot be written is left out.
    template <class Write>
    bool attempt(const std::string& name, const char* what, Write write) {
        if (left_out(name)) return false;
        try {
            write();
            files.emplace_back(name, what);
            return true;
        } catch (const report::write_error& e) {
            leave_out(name, e.what());
            return false;
        }
    }

    void note_limits() {
        report::run_result& r = result;
        if (lifelines.lines.left_out())
            r.notes.push_back(fmt::format("packets.csv has the first {} packets that ended; {} more were left out (trace.packet_limit)",
                                          options.packet_limit, lifelines.lines.left_out()));
        if (transactions && transactions->log().left_out())
            r.notes.push_back(fmt::format("trace.json is complete until {}; {} reports of then and later were left out (trace.txn_limit)",
                                          report::time_text(transactions->log().complete_until()), transactions->log().left_out()));
        for (const auto& [file, capture] : captures)
            if (capture->late())
                r.notes.push_back(fmt::format(
                    "{}: {} of {} frames were told of after a later one had been written, and stand out of order (capture.hold)", file,
                    capture->late(), capture->frames()));
        for (const auto& [file, capture] : captures)
            if (capture->cut_at() != never)
                r.notes.push_back(fmt::format("{} ends at {}: {} more frames would have made it larger than capture.limit allows", file,
                                              report::time_text(capture->cut_at()), capture->left_out()));
        if (wave && wave->wave().cut_at() != never)
            r.notes.push_back(fmt::format("{} ends at {}: it would have been larger than trace.wave_limit allows", options.wave_name,
                                          report::time_text(wave->wave().cut_at())));
        if (wave && wave->wave().late())
            r.notes.push_back(fmt::format(
                "{}: {} changes were reported after their time had been written, and are drawn late: an error of the model", options.wave_name,
                wave->wave().late()));
        if (wave)
            for (const auto& p : wave->mii())
                if (p->faster())
                    r.notes.push_back(fmt::format("{}: MII is for 10 and 100 Mb/s; {} frames of {} at another rate are not drawn", options.wave_name,
                                                  p->faster(), p->nic()));
        for (const report::check_outcome& c : r.checks)
            if (c.counts_only) r.notes.push_back(fmt::format("check.{} = \"count\": breaches are counted and do not end the run", c.name));
    }

    // What a disk will notice. Of files that are there already; result.json comes behind them.
    void note_big_files() {
        struct bound { std::string_view end; const char* by; };
        static constexpr bound bounds[] = {{".pcapng", "capture.from, until, limit"}, {"wave.vcd", "trace.from, until, scopes, wave_limit"},
                                           {"wave.fst", "trace.from, until, scopes, wave_limit"}, {"trace.json", "trace.from, until, txn_limit"},
                                           {"packets.csv", "trace.packet_limit"}};
        for (const auto& [file, what] : files) {
            std::error_code none;
            const std::uintmax_t size = std::filesystem::file_size(in_directory(file), none);
            if (none || size <= options.big_file) continue;
            std::string by;
            for (const bound& b : bounds)
                if (file.size() >= b.end.size() && file.compare(file.size() - b.end.size(), b.end.size(), b.end) == 0)
                    by = fmt::format("; bounded by {}", b.by);
            result.notes.push_back(fmt::format("{}: {}{} (trace.big_file)", file, report::scaled(static_cast<__int128>(size), 1, "B"), by));
        }
    }

    sim::session& session;
    outputs_options options;
    breaches found;
    conservation frames;
    crossings bus_crossings;
    std::unique_ptr<security_checks> security;
    lifeline_recorder lifelines;
    std::unique_ptr<wave_recorder> wave;
    std::unique_ptr<transaction_recorder> transactions;
    std::vector<std::pair<const pci::bus*, pci_pins*>> pins;
    std::vector<std::pair<std::string, std::unique_ptr<capture_recorder>>> captures;
    std::vector<watched_bus> buses;
    std::vector<watched_wire> wires;
    std::vector<std::unique_ptr<bus_share>> shares;
    std::vector<watched_fill> fills;
    std::vector<watched_cpu> cpus;
    std::vector<watched_part> parts;
    std::unique_ptr<use_over_time> uses;
    std::unique_ptr<jobs_over_time> jobs;
    std::unique_ptr<failovers> of_teams;
    std::unique_ptr<job_crossings> of_jobs;
    std::unique_ptr<work_books> books;
    std::vector<watched_team> teams;
    ps step = 0;
    snapshot begin;
    ps from = 0;
    bool finished = false;
    report::run_result result;
    std::vector<std::pair<std::string, std::string>> files, not_written;
};

outputs::outputs(sim::session& s, outputs_options o) : machinery_(std::make_unique<machinery>(s, std::move(o))) {}
outputs::~outputs() = default;

void outputs::attach(const std::vector<watched_bus>& buses, const std::vector<watched_wire>& wires,
                     const std::vector<watched_capture>& captures, const std::vector<watched_fill>& fills,
                     const std::vector<watched_cpu>& cpus, const std::vector<watched_part>& parts) {
    machinery& m = *machinery_;
    m.buses = buses;
    m.wires = wires;
    m.fills = fills;
    m.cpus = cpus;
    m.parts = parts;
    m.uses = std::make_unique<use_over_time>(m.session, buses, wires, cpus);
    m.jobs = std::make_unique<jobs_over_time>(m.session);
    for (const watched_bus& b : buses) {
        std::uint32_t bridges = 0;
        for (const auto& [master, buses_behind] : b.bridges) bridges |= 1u << master;
        m.bus_crossings.watch(*b.bus, bridges);
        m.shares.push_back(std::make_unique<bus_share>(*b.bus));
    }
    if (m.options.directory.empty()) return;
    const std::string what = fmt::format("nicteam {}, scenario {}, seed {}", m.options.version, m.options.scenario, m.session.seed());
    if (m.options.wave) {
        m.wave = std::make_unique<wave_recorder>(m.session, wave_options{m.in_directory(m.options.wave_name), what, m.options.in_scope,
                                                                         m.options.wave_from, m.options.wave_until, m.options.clock, m.options.wave_limit,
                                                                         m.options.first_fault});
        for (const watched_bus& b : buses) m.pins.emplace_back(b.bus, m.wave->watch(*b.bus, b.devices));
        if (m.options.mii) m.wave->watch_mii();
    }
    if (m.options.transactions) {
        m.transactions = std::make_unique<transaction_recorder>(
            m.session, m.in_directory("trace.json"),
            report::trace_log_options{m.options.version, m.options.scenario, m.session.seed(), m.options.wave_from, m.options.wave_until,
                                      m.options.transaction_limit});
        for (const watched_bus& b : buses) m.transactions->watch(*b.bus);
        m.transactions->attach();
    }
    for (const watched_capture& c : captures) {
        try {
            m.captures.emplace_back(c.file,
                                    std::make_unique<capture_recorder>(m.in_directory(c.file), what, c.points, c.from, c.until, c.hold, c.limit));
        } catch (const report::write_error&) {
            throw;
        } catch (const std::runtime_error& e) {
            throw report::write_error(e.what());
        }
    }
}

pci_pins* outputs::pins(const pci::bus& b) {
    for (const auto& [bus, pins] : machinery_->pins)
        if (bus == &b) return pins;
    return nullptr;
}

void outputs::check_writes() {
    machinery& m = *machinery_;
    if (m.wave && !m.wave->wave().good()) leave_out(m.options.wave_name, m.wave->wave().error());
    for (auto c = m.captures.begin(); c != m.captures.end();) {
        const std::string why = c->second->error();
        if (!why.empty()) leave_out(c->first, why);
        c = why.empty() ? c + 1 : m.captures.erase(c);
    }
}

const std::vector<std::pair<std::string, std::string>>& outputs::not_written() const { return machinery_->not_written; }
void outputs::leave_out(const std::string& name, const std::string& why) {
    machinery_->leave_out(name, why);
}

void outputs::begin_window(ps now) {
    machinery_->begin = snapshot(machinery_->session, now);
    machinery_->from = now;
    for (auto& s : machinery_->shares) s->begin_window(now);
    if (machinery_->uses) machinery_->uses->begin(now), machinery_->jobs->begin(now);
    if (machinery_->books) machinery_->books->begin_window();
}

work_books& outputs::work() {
    if (!machinery_->books) machinery_->books = std::make_unique<work_books>();
    return *machinery_->books;
}

security_checks& outputs::security() {
    if (!machinery_->security) machinery_->security = std::make_unique<security_checks>(machinery_->found, machinery_->session);
    return *machinery_->security;
}

void outputs::watch(std::vector<watched_team> teams) {
    if (teams.empty()) return;
    work();
    machinery_->teams = teams;
    machinery_->of_teams = std::make_unique<failovers>(std::move(teams), machinery_->lifelines.lines);
}

void outputs::watch(const std::vector<secondary::crypto_service*>& services) {
    machinery& m = *machinery_;
    if (services.empty()) return;
    m.of_jobs = std::make_unique<job_crossings>(m.found, m.bus_crossings, m.session);
    for (secondary::crypto_service* s : services) m.of_jobs->watch(*s), work().watch(*s);
}

void outputs::tell_failovers() {
    if (machinery_->of_teams) machinery_->of_teams->tell(machinery_->result);
}

void outputs::sample(ps now, ps step) {
    machinery_->step = step;
    machinery_->uses->sample(now, step);
    machinery_->jobs->sample(now, step);
}

report::run_result& outputs::finish(ps now, bool interrupted) {
    machinery& m = *machinery_;
    report::run_result& r = m.result;
    if (m.finished) return r;
    m.finished = true;
    r.scenario = m.options.scenario;
    r.title = m.options.title;
    r.version = m.options.version;
    r.seed = m.session.seed();
    r.from = std::min(m.from, now);
    r.until = r.end = now;
    r.interrupted = interrupted;
    std::set<std::pair<trace_id, std::string>> holders;
    for (const sim::station& s : m.session.stations())
        s.claims([&](trace_id id) { holders.emplace(id, s.path); });
    m.lifelines.lines.finish([&](trace_id id, const std::string& where) { return holders.count({id, where}) != 0; }, now);
    if (!stopped()) m.frames.finish(now, m.session, [&](trace_id id) { return m.lifelines.lines.last_place(id); });
    if (!stopped()) m.frames.finish_places(now, m.session);
    m.bus_crossings.finish(now);
    if (m.transactions)
        m.attempt("trace.json", "transactions, for ui.perfetto.dev and other viewers of traces", [&] { m.transactions->close(now); });
    if (m.wave && m.attempt(m.options.wave_name, "waveform", [&] { m.wave->close(now); }))
        m.attempt("wave.gtkw", "opens the waveform in GTKWave", [&] { m.wave->write_view(now); });
    for (auto& named : m.captures) m.attempt(named.first, "captured frames", [&] { named.second->close(now); });
    r.metrics = difference(m.begin, m.session, now);
    r.flows = m.lifelines.lines.flows();
    r.losses = m.lifelines.lines.losses();
    r.lost_over_time = m.lifelines.lines.lost_over_time();
    r.still_held = m.lifelines.lines.still_held();
    const std::vector<report::held> queued = queues_of(r);
    r.still_held.insert(r.still_held.end(), queued.begin(), queued.end());
    r.for_others = m.lifelines.lines.passed_over_by();
    r.fills = fills_of(r, m.fills);
    r.resources = resources_of(r, m.buses, m.wires, m.cpus, m.parts);
    if (m.step) {
        m.uses->sample(now, m.step);
        m.uses->give(r, m.wires);
        m.jobs->sample(now, m.step);
        m.jobs->give(r);
    }
    r.senders = m.lifelines.lines.senders();
    r.not_arrived = m.lifelines.lines.not_arrived();
    for (const report::held& q : queued) r.not_arrived.push_back({owner_of_queue(q), "", true, q.packets});
    r.shares = shares_of(r, m.buses, m.shares);
    r.troubles = troubles_of(r);
    add_demand(r, m.buses, m.wires);
    r.waits = waits_of(r);
    r.limit = bounds::find_limit(r.resources, r.waits);
    if (m.of_jobs) r.crossings = m.of_jobs->by_path();
    if (m.books) m.books->tell(r, m.teams);
    if (m.security) r.exposed = m.security->exposure();
    r.checks = m.found.outcomes();
    m.note_limits();
    return r;
}

void outputs::write(const report::machine_facts& facts) {
    machinery& m = *machinery_;
    if (m.options.directory.empty()) return;
    const auto write = [&](const std::string& name, const char* what, const std::string& text) {
        return m.attempt(name, what, [&] { report::write_file(m.in_directory(name), text); });
    };
    if (m.options.packets) write("packets.csv", "the life of each packet", m.lifelines.lines.csv());
    m.note_big_files();
    const bool results = write("result.json", "every metric, verdict, flow and loss", report::to_json(m.result));
    const auto list = [&] {
        report::machine_facts all = facts;
        for (const auto& f : m.files)
            if (std::find(all.files.begin(), all.files.end(), f) == all.files.end()) all.files.push_back(f);
        auto& missing = m.not_written;                       // the list itself only if it is missing in the end
        missing.erase(std::remove_if(missing.begin(), missing.end(), [](const auto& f) { return f.first == "run.json"; }), missing.end());
        all.not_written = missing;
        const std::string path = m.in_directory("run.json");
        try {
            report::write_file(path, report::to_json(all, m.result.end));
        } catch (const report::write_error& e) {
            std::error_code ignored;
            std::filesystem::remove(path, ignored);          // an earlier one does not tell of all
            leave_out("run.json", e.what());
        }
    };
    list();
    if (!m.options.page || !results) return;
    // Made from what lies there, the list of the files with it.
    const auto make = [&] { report::write_file(m.in_directory(report::page_name), report::page_text(m.options.directory)); };
    m.attempt(report::page_name, report::page_meaning, make);
    list();
}

bool outputs::stopped() const { return machinery_->found.stopped(); }
const std::string& outputs::reason() const { return machinery_->found.reason(); }
breaches& outputs::found() { return machinery_->found; }

}  // namespace nicteam::check
