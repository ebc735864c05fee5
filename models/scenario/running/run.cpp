#include "nicteam/scenario/run.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <map>

#include <unistd.h>

#include <fmt/format.h>

#include "nicteam/check/outputs.h"
#include "nicteam/check/streams.h"
#include "nicteam/offload/crypto_config.h"
#include "nicteam/report/file_writer.h"
#include "nicteam/scenario/pattern.h"
#include "nicteam/team/augmentation_layer_250.h"
#include "scenario/building/build_error.h"
#include "scenario/building/system.h"
#include "scenario/notes/all_notes.h"
#include "scenario/notes/fault_notes.h"
#include "scenario/relations/flow_pattern.h"
#include "scenario/relations/inputs.h"
#include "scenario/relations/security.h"
#include "scenario/relations/switch_ports.h"
#include "scenario/running/expectations.h"
#include "scenario/running/faults.h"
#include "scenario/running/leftovers.h"
#include "scenario/running/live.h"
#include "scenario/running/progress.h"
#include "scenario/running/watch_security.h"
#include "scenario/running/watch_work.h"
#include "scenario/running/watched_parts.h"
#include "scenario/running/watched_teams.h"

namespace nicteam::scenario {
namespace {
namespace fs = std::filesystem;

constexpr int all_held = 0, one_failed = 1, not_run = 2, model_failed = 3, was_interrupted = 130;

int complain(int status, const std::string& text) {
    std::fflush(stdout);
    report::write_message(fmt::format("{}\n", text));
    return status;
}

constexpr const char* resolved_name = "config.resolved.toml";
constexpr const char* keys_name = "esp_sa";

class one_run {
public:
    one_run(const resolved& r, const problems& sources, const run_options& o)
        : r_(r), sources_(sources), options_(o), transforms_(transforms_for(o.host_work, free_cores())), trace_(r.table("trace")),
          session_(static_cast<std::uint64_t>(r.top.integer("seed"))) {}

    int run() {
        try {
            open_directory();
            check::outputs out(session_, outputs_options());
            system_ = std::make_unique<system>(r_, options_.reverse);
            session_.settle_order();
            fault_time_line faults("fault_time_line", r_, session_);
            attach(out);
            check_metrics(r_, session_);
            event_watch events(r_, session_, window_from());
            live_ = std::make_unique<live_ports>(r_, *system_, options_.quiet);
            live_->begin([this] { return stop_asked(); });
            // Until here only temporary files are there, which go by themselves.
            if (stop_asked()) throw interrupted_before();
            if (!options_.out.empty()) remove_results(options_.out, r_, sources_);
            running_ = true;
            live_->record_in(options_.out);
            simulate(out);
            live_->close(left_out_of(out));
            events.settle(sim::now());
            return finish(out, events);
        } catch (const interrupted_before&) {
            return failed(was_interrupted, "nicteam: interrupted before the run began");
        } catch (const build_error& e) {
            return failed(not_run, fmt::format("{}: error: {}", sources_.where(e.at), e.what()));
        } catch (const report::write_error& e) {             // before the run begins
            if (options_.not_written) options_.not_written(e.what());
            return failed(not_run, fmt::format("nicteam: {}", e.what()));
        } catch (const std::exception& e) {
            return failed(model_failed,
                            fmt::format("nicteam: the model failed at {}: {}", format_quantity(quantity::time, sim::now()), e.what()));
        }
    }

private:
    struct interrupted_before {};

    bool wanted(const char* part) const { return trace_.integer(part) != 0; }

    void open_directory() {
        if (options_.out.empty()) return;
        std::error_code failed;
        for (fs::path p = fs::path(options_.out); !p.empty() && !fs::exists(p, failed); p = p.parent_path()) made_.push_back(p);
        fs::create_directories(options_.out, failed);
        if (failed) throw report::write_error(fmt::format("cannot make {}: {}", options_.out, failed.message()));
        if (access(options_.out.c_str(), W_OK | X_OK) != 0)
            throw report::write_error(fmt::format("cannot write into {}: {}", options_.out, std::strerror(errno)));
    }

    // A run that --until ends before the warm-up is over is measured from the start.
    ps window_from() const {
        const ps warm_up = r_.top.integer("warm_up");
        return warm_up < r_.end() ? warm_up : 0;
    }

    std::vector<std::pair<std::string, std::string>> stages_asked_for() const {
        std::vector<std::string> patterns = options_.flows;
        for (const component* c : r_.of_kind("expect"))
            if (c->given("flow")) patterns.push_back(c->text("flow"));
        std::vector<std::pair<std::string, std::string>> all;
        for (const std::string& p : patterns)
            if (const auto stages = flow_pattern(p, r_).stages(); stages && std::find(all.begin(), all.end(), *stages) == all.end()) all.push_back(*stages);
        return all;
    }

    check::outputs_options outputs_options() {
        check::outputs_options o;
        o.directory = options_.out;
        o.scenario = r_.name();
        o.title = r_.top.text("title");
        o.version = options_.version;
        o.wave = wanted("wave");
        o.wave_name = "wave." + trace_.text("wave_format");
        o.packets = wanted("packets");
        o.page = wanted("report");
        o.transactions = wanted("txn");
        o.transaction_limit = static_cast<std::size_t>(trace_.integer("txn_limit"));
        if (!trace_.list("scopes").empty()) {
            std::vector<path_pattern> scopes;
            for (const std::string& s : trace_.list("scopes")) scopes.emplace_back(s, r_);
            o.in_scope = [scopes](const std::string& path) {
                for (const path_pattern& p : scopes)
                    if (p.matches_beginning(path)) return true;
                return false;
            };
        }
        o.mii = wanted("mii");
        o.wave_from = trace_.integer("from");
        if (trace_.given("until")) o.wave_until = trace_.integer("until");
        for (const component* f : r_.of_kind("fault")) o.first_fault = std::min<ps>(o.first_fault, f->integer("from"));
        o.clock = trace_.integer("clock") != 0;
        o.wave_limit = static_cast<std::uint64_t>(trace_.integer("wave_limit"));
        o.big_file = static_cast<std::uint64_t>(trace_.integer("big_file"));
        o.packet_limit = static_cast<std::size_t>(trace_.integer("packet_limit"));
        o.window_from = window_from();
        o.between = stages_asked_for();
        const auto blocks = r_.of_kind("nic");
        const bool crypto = std::any_of(blocks.begin(), blocks.end(), [](const component* c) { return c->integer("crypto.enable") != 0; });
        const bool switches = !r_.of_kind("switch").empty();
        const auto can_pass = [&](const block_info* b) {
            if (b == &offload::crypto_info || b == &offload::crypto_transmit_info) return crypto;
            if (b == &team::team_info) return !r_.of_kind("team").empty();
            return b != &wire::switch_info || switches;
        };
        for (const table_entry& t : all_tables())
            if (can_pass(t.info)) o.tables.push_back(t.info);      // stages that nobody can pass are no columns
        o.check = r_.table("check").configure<check::check_config>(check::check_info);
        return o;
    }

    std::vector<std::string> buses_behind(const component& bridge) const {
        std::vector<std::string> all;
        for (const component* bus : r_.of_kind("bus")) {
            if (bus->text("behind") != bridge.path) continue;
            all.push_back(bus->path);
            for (const component* b : r_.of_kind("pci_bridge"))
                if (b->parent == bus)
                    for (std::string& path : buses_behind(*b)) all.push_back(std::move(path));
        }
        return all;
    }

    void attach(check::outputs& out) {
        std::vector<check::watched_bus> buses;
        for (const auto& [path, bus] : system_->buses()) {
            check::watched_bus w{bus, {}};
            for (const component& c : r_.components)
                if (c.parent && c.parent->path == path && c.find("slot")) w.devices.push_back(static_cast<unsigned>(c.integer("slot")));
            std::sort(w.devices.begin(), w.devices.end());
            const component* here = r_.find(path);
            w.masters.emplace_back(0, here->given("behind") ? r_.find(here->text("behind"))->name : "bridge");
            for (const component& c : r_.components)
                if (c.parent && c.parent->path == path && c.find("slot")) w.masters.emplace_back(static_cast<unsigned>(c.integer("slot")) + 1, c.name);
            for (const component* b : r_.of_kind("pci_bridge"))
                if (b->parent->path == path) w.bridges.emplace_back(static_cast<unsigned>(b->integer("slot")) + 1, buses_behind(*b));
            buses.push_back(std::move(w));
        }
        std::vector<check::watched_wire> wires;
        for (const component* c : r_.of_kind("link")) wires.push_back({system_->cable(c->path), repeater_at(*c)});
        std::vector<check::watched_fill> fills;
        for (const component* c : r_.of_kind("nic")) {
            fills.push_back({c->path + ".tx_fifo", c->integer("tx_fifo")});
            fills.push_back({c->path + ".rx_fifo", c->integer("rx_fifo")});
            if (!c->integer("crypto.enable")) continue;
            fills.push_back({c->path + ".crypto.level_142", c->integer("crypto.buffer_142")});
            fills.push_back({c->path + ".crypto.level_140", c->integer("crypto.buffer_140")});
            fills.push_back({c->path + ".crypto.level_contexts", c->integer("crypto.contexts")});
            fills.push_back({c->path + ".crypto_transmit.frame_buffer", c->integer("crypto.frame_buffer")});
        }
        for (const component* c : r_.of_kind("peer")) fills.push_back({c->path + ".queue", 0});
        for (const component* c : r_.of_kind("switch"))
            for (const component* link : links_at(*c, r_)) fills.push_back({c->path + ".port_" + link->name + ".queue", c->integer("queue")});
        std::vector<check::watched_cpu> cpus;
        for (const component* c : r_.of_kind("cpu")) cpus.push_back({c->path, c->integer("clock")});
        watch_streams(out);
        watch_security(r_, *system_, session_, [&out]() -> check::security_checks& { return out.security(); });
        out.attach(buses, wires, captures(), fills, cpus, watched_parts(r_));
        watch_work(r_, *system_, [&out]() -> check::work_books& { return out.work(); });
        out.watch(watched_teams(r_, *system_));
        out.watch(system_->services());
        for (const auto& [path, bus] : system_->buses()) system_->draw_interrupts(path, out.pins(*bus));
    }

    void watch_streams(check::outputs& out) {
        const auto all = r_.of_kind("connections");
        if (all.empty()) return;
        streams_ = std::make_unique<check::streams>(out.found());
        for (std::size_t k = 0; k < all.size(); ++k) streams_->name(static_cast<std::uint16_t>(k + 1), all[k]->path);
        system_->watch_streams(*streams_);
    }

    // A link between two repeaters goes with the first of them. One of full duplex stores and forwards: each link is a medium of its own.
    std::string repeater_at(const component& link) const {
        std::string first;
        for (const char* key : {"a", "b"})
            if (const component* c = r_.find(link.text(key));
                c && std::string_view(c->kind->name) == "repeater" && c->text("duplex") == "half" && (first.empty() || c->path < first))
                first = c->path;
        return first;
    }

    std::vector<check::watched_capture> captures() {
        std::vector<check::watched_capture> all;
        for (const component* c : r_.of_kind("capture")) {
            check::watched_capture w{c->name + ".pcapng", {}, c->integer("from"), c->given("until") ? c->integer("until") : never,
                                     static_cast<std::size_t>(c->integer("hold"))};
            if (c->given("limit")) w.limit = static_cast<std::uint64_t>(c->integer("limit"));
            const path_pattern at(c->text("at"), r_);
            for (sim::capture_point& p : session_.captures())
                if (at.matches(p.path)) w.points.push_back({&p, rate_at(p.path)});
            if (w.points.empty())
                throw build_error(c->find("at")->at, fmt::format("capture.at = \"{}\": matches no capture point", c->text("at")));
            std::sort(w.points.begin(), w.points.end(), [](const auto& a, const auto& b) { return a.at->path < b.at->path; });
            if (wanted("pcap")) all.push_back(std::move(w));
        }
        return all;
    }

    std::uint64_t rate_at(const std::string& path) const {
        const component* owner = r_.owner_of(path);
        if (!owner) return 0;
        for (const component* link : r_.of_kind("link"))
            if (link == owner || link->text("a") == owner->path || link->text("b") == owner->path)
                return static_cast<std::uint64_t>(link->integer("rate"));
        return 0;
    }

    bool stop_asked() const { return options_.interrupted && *options_.interrupted; }

    // Of the use of resources over time: at most 100 intervals. Those of a run with a port do not depend on when it was interrupted.
    ps interval(ps window) const {
        if (!r_.of_kind("port").empty()) window = r_.top.integer("duration");
        ps step = microsecond;
        for (const ps most = std::max<ps>(window, 1) / 100; step < most; step *= 10)
            for (const ps more : {2, 5})
                if (more * step >= most) return more * step;
        return step;
    }

    // In slices, so that Ctrl-C and the progress line are looked at some times a second. Where a slice ends changes nothing:
    // what is due at that instant runs at the beginning of the next.
    void simulate(check::outputs& out) {
        const ps end = r_.end(), warm_up = window_from();
        progress_line line(options_.progress, end);
        using wall = std::chrono::steady_clock;
        ps slice = 10 * microsecond;
        const ps step = interval(end - warm_up);
        ps sample = warm_up + step;
        do {  // at least once: only what has been elaborated can be measured
            ps until = std::min(sample, live_->any() ? end : std::min(end, sim::now() + slice));
            if (sim::now() < warm_up) until = std::min(until, warm_up);
            if (live_->any()) {  // steps of its own, shorter still
                live_->step(until);
                if (live_->any_news()) {
                    line.clear();
                    live_->tell_news();
                }
            } else {
                const auto began = wall::now();
                sc_core::sc_start(sim::to_sc_time(until - sim::now()));
                const auto took = wall::now() - began;
                if (took < std::chrono::milliseconds(20))
                    slice = std::min(end, 2 * slice);
                else if (took > std::chrono::milliseconds(80) && slice > microsecond)
                    slice /= 2;
            }
            if (until == warm_up && sim::now() == warm_up && warm_up > 0 && !out.stopped()) out.begin_window(warm_up);
            if (sim::now() == sample && !out.stopped()) {
                out.sample(sample, step);
                sample += step;
            }
            line.show(sim::now());
            out.check_writes();
            live_->check_records(left_out_of(out));
            if (told_ < out.not_written().size()) {
                line.clear();
                tell_left_out(out);
            }
        } while (sim::now() < end && !out.stopped() && !stop_asked());
    }

    static live_ports::left_out left_out_of(check::outputs& out) {
        return [&out](const std::string& name, const std::string& why) { out.leave_out(name, why); };
    }

    // Each file as soon as it is known, so that who wanted it need not wait for the end.
    void tell_left_out(const check::outputs& out) {
        for (; told_ < out.not_written().size(); ++told_) complain(model_failed, fmt::format("nicteam: {}; it is left out", out.not_written()[told_].second));
    }

    // Every expectation is of all that was measured, up to `duration`: a run that ends before judges none, whoever ended it.
    bool cut_short() const { return sim::now() < r_.top.integer("duration"); }

    int finish(check::outputs& out, const event_watch& events) {
        const bool interrupted = stop_asked();
        report::run_result& result = out.finish(sim::now(), interrupted);
        result.faults = faults_of(r_, result.end);
        out.tell_failovers();
        add_notes(r_, session_, *system_, result);
        const bool judged = !interrupted && !out.stopped() && !cut_short();
        if (!judged) result.not_judged = r_.of_kind("expect").size();
        if (judged) result.verdicts = judge(r_, result, events);
        if (options_.finished) options_.finished(result);
        keep_configuration(out);
        out.write(machine(out));
        const int printed = summary(result);
        tell_left_out(out);
        if (options_.not_written && !out.not_written().empty()) options_.not_written(out.not_written().front().second);
        if (out.stopped()) return complain(model_failed, fmt::format("nicteam: a checker stopped the run: {}", out.reason()));
        const bool all_written = out.not_written().empty();
        const std::string rest = result.not_judged ? "; its expectations were not judged" : "";
        if (interrupted)
            return complain(all_written ? was_interrupted : model_failed,
                            fmt::format("nicteam: interrupted at {} of {}{}", format_quantity(quantity::time, sim::now()),
                                        format_quantity(quantity::time, r_.end()), rest));
        if (cut_short())
            complain(all_held, fmt::format("nicteam: ended by `until` at {} of {}{}", format_quantity(quantity::time, sim::now()),
                                           r_.top.text("duration"), rest));
        if (!all_written || printed == model_failed) return model_failed;
        for (const report::verdict& v : result.verdicts)
            if (!v.held) return one_failed;
        return printed;
    }

    // A run that the model did not bring to an end leaves nothing, not half of what belongs together.
    int failed(int status, const std::string& text) {
        std::error_code ignored;
        if (running_ && !options_.out.empty()) {
            std::vector<std::string> names = written_by(r_);
            for (const auto& [from, name] : kept_) names.push_back(name);
            for (const std::string& name : names)
                if (const fs::path p = fs::path(options_.out) / name; !is_input(p, r_, sources_)) fs::remove(p, ignored);
            fs::remove(fs::path(options_.out) / "inputs", ignored);  // if nothing else is there
        }
        for (const fs::path& p : made_) fs::remove(p, ignored);
        return complain(status, text);
    }

    // What is read goes with the results, so that the resolved scenario runs wherever it is taken.
    void keep_configuration(check::outputs& out) {
        if (options_.out.empty()) return;
        resolved kept = r_;
        if (live_->any() && stop_asked()) {  // nothing came in later: the replay ends where this run did
            setting& until = const_cast<setting&>(*kept.top.find("until"));
            until.value.integer = sim::now();
            until.value.text = until.written = format_quantity(quantity::time, sim::now());
            until.from = origin::made;
        }
        for (component& c : kept.components) {
            if (setting* file = input_of(c)) file->value.text = keep_input(file->value.text, out);
            if (std::string_view(c.kind->name) == "port") keep_record(c, out);
        }
        try {
            report::write_file((fs::path(options_.out) / resolved_name).string(), to_toml(kept, sources_));
        } catch (const report::write_error& e) {
            out.leave_out(resolved_name, e.what());
        }
        const std::string keys = esp_sa(r_);
        if (keys.empty()) return;
        try {
            report::write_file((fs::path(options_.out) / keys_name).string(), keys);
        } catch (const report::write_error& e) {
            out.leave_out(keys_name, e.what());
        }
    }

    // What came in is an input like a file that is read: the kept scenario, live or replayed, is that of the replay.
    void keep_record(component& port, const check::outputs& out) {
        setting& replay = const_cast<setting&>(*port.find("replay"));
        if (const std::string record = record_of(port); !record.empty() && !left_out(record, out)) {
            kept_[fs::path(options_.out) / record] = record;
            replay.value.text = replay.written = record;
        }
        replay.from = origin::made;
    }

    static bool left_out(const std::string& name, const check::outputs& out) {
        const auto& all = out.not_written();
        return std::any_of(all.begin(), all.end(), [&](const auto& f) { return f.first == name; });
    }

    // Its name within the directory; files of one name get different ones. One that cannot be copied is named where it is.
    std::string keep_input(const fs::path& from, check::outputs& out) {
        std::error_code failed;
        const fs::path input = fs::weakly_canonical(from, failed);
        if (const auto known = kept_.find(input); known != kept_.end()) return known->second;
        std::string name;
        fs::create_directories(fs::path(options_.out) / "inputs", failed);
        for (int n = 1;; ++n) {
            name = "inputs/" + (n > 1 ? fmt::format("{}-", n) : "") + from.filename().string();
            const fs::path to = fs::path(options_.out) / name;
            const bool free = !fs::exists(to, failed);
            if (fs::equivalent(from, to, failed) || (free && fs::copy_file(from, to, failed))) return kept_[input] = name;
            if (!free) continue;
            std::error_code half;
            fs::remove(to, half);
            fs::remove(to.parent_path(), half);                // if nothing else is there
            out.leave_out(name, fmt::format("{}: cannot be copied from {}: {}", to.string(), from.string(), failed.message()));
            return input.string();
        }
    }

    report::machine_facts machine(const check::outputs& out) const {
        report::machine_facts m;
        m.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
        m.cpu_seconds = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
        char name[256] = "";
        if (gethostname(name, sizeof name - 1) == 0) m.host = name;
        m.directory = options_.out;
        m.command = options_.command;
        live_->describe(m);
        for (const auto& [from, name] : kept_) m.files.emplace_back(name, "what the run read");
        if (!options_.out.empty() && !left_out(resolved_name, out)) m.files.emplace_back(resolved_name, "every value and where it came from");
        if (!options_.out.empty() && !esp_sa(r_).empty() && !left_out(keys_name, out))
            m.files.emplace_back(keys_name, "keys: with this file in its profile, Wireshark decrypts the captures");
        return m;
    }

    // Printed last, when all files stand: if it cannot be, they stay, and the other messages still come.
    int summary(const report::run_result& result) const {
        try {
            if (options_.json)
                report::write_output(report::to_json_line(result));
            else if (!options_.quiet)
                report::write_output(report::summary_text(result, {options_.color, options_.out}));
            return all_held;
        } catch (const report::reader_left&) {
            return reader_left;
        } catch (const report::write_error& e) {
            return complain(model_failed, fmt::format("nicteam: {}", e.what()));
        }
    }

    const resolved& r_;
    const problems& sources_;
    const run_options& options_;
    ipsec::transform_service transforms_;
    ipsec::transform_service::in_force in_force_{transforms_};
    const component& trace_;
    sim::session session_;
    std::unique_ptr<system> system_;
    std::unique_ptr<check::streams> streams_;     // none: no connections
    std::unique_ptr<live_ports> live_;
    bool running_ = false;
    std::size_t told_ = 0;                                     // of the files that could not be written
    std::vector<fs::path> made_;                               // directories, the innermost first
    std::map<fs::path, std::string> kept_;                     // what is read, and its name in inputs/
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

int run(const resolved& r, const problems& sources, const run_options& o) {
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_THROW);
    sc_core::sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
    sc_core::sc_report_handler::set_actions(sc_core::SC_FATAL, sc_core::SC_THROW);
    return one_run(r, sources, o).run();
}

}  // namespace nicteam::scenario
