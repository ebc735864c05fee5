// The only file that knows the command line library.
#include "cli.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <sstream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "completion.h"
#include "nicteam/report/file_writer.h"
#include "nicteam/scenario/problem.h"
#include "places.h"
#include "set_words.h"

#ifndef NICTEAM_VERSION
#define NICTEAM_VERSION "unknown"
#endif

namespace nicteam::runner {
namespace {

const char* const trace_parts[] = {"wave", "pcap", "txn", "packets", "report", "all", "none"};
const std::vector<std::string> shells{"bash", "zsh", "fish"};

int say(const std::string& message) {
    report::write_message(fmt::format("nicteam: {}\n", message));
    return usage_error;
}

bool take_traces(const std::vector<std::string>& given, command& out, std::string& wrong) {
    if (!given.empty()) out.trace.emplace();
    for (const std::string& written : given) {
        const std::size_t first = written.find_first_not_of(' ');
        const std::string part = first == std::string::npos ? "" : written.substr(first, written.find_last_not_of(' ') - first + 1);
        if (part.empty()) continue;
        if (std::find(std::begin(trace_parts), std::end(trace_parts), part) == std::end(trace_parts)) {
            wrong = part;
            return false;
        }
        if (part == "all") out.trace_all = true;
        if (part == "all")
            out.trace = std::vector<std::string>{"wave", "pcap", "txn", "packets", "report"};
        else if (part == "none")
            out.trace->clear();
        else
            out.trace->push_back(part);
    }
    return true;
}

bool take_shard(const std::string& written, command& out) {
    if (written.empty()) return true;
    const char *end = written.data() + written.size();
    const auto i = std::from_chars(written.data(), end, out.shard);
    if (i.ec != std::errc{} || i.ptr == end || *i.ptr != '/') return false;
    const auto n = std::from_chars(i.ptr + 1, end, out.shards);
    return n.ec == std::errc{} && n.ptr == end && out.shard < out.shards;
}

const CLI::App& named_or_all(const CLI::App& app, const std::string& name) {
    for (const CLI::App* one : app.get_subcommands([&](const CLI::App* a) { return a->get_name() == name; })) return *one;
    return app;
}

std::vector<std::string> options_of(const CLI::App& command) {
    std::vector<std::string> all;
    for (const CLI::Option* o : command.get_options())
        if (!o->get_group().empty())
            for (const std::string& name : o->get_lnames()) all.push_back("--" + name);
    return all;
}

// Of words that were not expected the first one that looks like an option, and what may have been meant; else the first one.
std::string not_expected(const CLI::App& app, const CLI::App& command) {
    const std::string whose = &command == &app ? "" : command.get_name() + ": ";
    const auto left = app.remaining(true);
    for (const std::string& word : left) {
        const std::size_t first = word.find_first_not_of('-');
        if (first == 0 || first == std::string::npos || std::isdigit(static_cast<unsigned char>(word[first]))) continue;
        const std::string typed = word.substr(0, word.find('=')), option = "--" + typed.substr(first);
        std::string hint = typed.size() > 2 ? scenario::did_you_mean(option, options_of(command)) : "", others;
        for (const CLI::App* other : app.get_subcommands({})) {
            const auto all = options_of(*other);
            if (hint.empty() && std::find(all.begin(), all.end(), option) != all.end()) others += (others.empty() ? "" : ", ") + other->get_name();
        }
        const bool several = others.find(',') != std::string::npos;
        if (!others.empty()) hint = &command == &app ? "; it stands behind " + others : fmt::format("; {} {} it", others, several ? "have" : "has");
        return fmt::format("{}no option {}{}", whose, typed, hint);
    }
    return left.empty() ? "" : fmt::format("{}what is {} to be?", whose, left[0]);
}

// "scenario is required" says what is missing, not what would do.
std::string what_is_missing(const CLI::App& command) {
    for (const CLI::Option* o : command.get_options())
        if (o->get_required() && o->get_positional() && o->count() == 0)
            return fmt::format("{}: wants a {}: {}", command.get_name(), o->get_single_name(), o->get_description());
    return "";
}

}  // namespace

int read_command_line(int argc, char** argv, command& out) {
    CLI::App app{"nicteam - a cycle-accurate model of hosts, PCI buses, network interface controllers and links", "nicteam"};
    app.set_version_flag("-V,--version", std::string("nicteam ") + NICTEAM_VERSION);
    app.footer(
        "Exit status: 0 done, expectations held; 1 an expectation failed; 2 usage or scenario error;\n"
        "3 the model failed, a checker tripped, or something could not be written; 130 interrupted;\n"
        "141 the reader of standard output left.\n"
        "NICTEAM_SET=\"key=value;key=value\" is read before --set.");

    std::vector<std::string> traces;
    std::string format = "text", worker = "auto", cache = "on";
    auto* run = app.add_subcommand("run", "Run scenarios");
    run->add_option("scenario", out.scenarios, "Scenario files, or names that `list` shows")->required();
    run->add_option("-s,--set", out.sets, "key=value: a path or pattern as in the scenario; may stand several times, the last wins")
        ->expected(1)
        ->take_all();
    const CLI::Option* directory = run->add_option("-o,--out", out.out, "Directory for the results; default out/NAME");
    run->add_option("--seed", out.seed, "The same as --set seed=N");
    run->add_option("--until", out.until,
                    "The run ends here, before its duration or behind it; before it, what the scenario has for later is noted and expectations are not judged");
    run->add_option("--trace", traces, "wave, pcap, txn, packets, report, all or none; instead of what the scenario's [trace] says")
                      ->delimiter(',')
                      ->expected(1)
                      ->take_all();
    run->add_option("--format", format, "text or json: how the summary is printed")->check(CLI::IsMember({"text", "json"}));
    run->add_flag("-q,--quiet", out.quiet, "No progress line, no summary");
    run->add_option("--crypto-worker", worker,
                    "auto, on or off: a thread that encrypts and decrypts beside the simulation; auto: when a core is free. Results are the same")
        ->check(CLI::IsMember({"auto", "on", "off"}));
    run->add_option("--transform-cache", cache, "on or off: what the run encrypted itself it need not decrypt. Results are the same")
        ->check(CLI::IsMember({"on", "off"}));
    run->add_flag("--reverse-construction", out.reverse)->group("");

    auto* sweep = app.add_subcommand("sweep",
                                      "Run a scenario many times, with other parameters each; `sweep merge DIRECTORY` makes tables of what shards left");
    sweep->add_option("scenario", out.scenarios, "Scenario file or name; or: merge DIRECTORY")->required();
    sweep->add_option("-s,--set", out.sets, "key=value, as for run; key=value,value or key=\"1 us..5 us in 5\" varies")->expected(1)->take_all();
    const CLI::Option* kept_in = sweep->add_option("-o,--out", out.out, "Directory for the results; default out/NAME");
    sweep->add_option("-j,--jobs", out.jobs, "Runs at a time; default: one a core")->check(CLI::Range(1u, 4096u));
    sweep->add_flag("--resume", out.resume, "Go on with a sweep that was stopped: what has run counts");
    sweep->add_flag("--retry-failed", out.retry_failed, "With --resume: run those again that failed");
    sweep->add_option("--crypto-worker", worker, "auto, on or off, as for run; auto: off while several runs go on at a time, each of which has a core")
        ->check(CLI::IsMember({"auto", "on", "off"}));
    sweep->add_option("--transform-cache", cache, "on or off, as for run")->check(CLI::IsMember({"on", "off"}));
    std::string shard;
    sweep->add_option("--shard", shard, "i/n: only every n-th run, from the i-th (0 ... n-1); `sweep merge` makes the tables when all shards are done");
    sweep->add_flag("--dry-run", out.dry_run, "The points, and what they would take");
    sweep->add_flag("-q,--quiet", out.quiet, "No progress line, no summary");

    auto* validate = app.add_subcommand("validate", "Check scenarios; every error at once");
    validate->add_option("scenario", out.scenarios, "Scenario files or names")->required();
    validate->add_option("-s,--set", out.sets, "key=value, as for run")->expected(1)->take_all();
    auto* list = app.add_subcommand("list", "The scenarios, a line each");
    list->add_option("directory", out.scenarios, "Where to look; default: the scenarios that came with nicteam");
    auto* report = app.add_subcommand(
        "report", "What a run or a sweep found, from its directory: printed, and made into report.html there; ends with the status of the run or sweep");
    report->add_option("directory", out.scenarios, "Where the run or the sweep left its results")->required();
    report->add_flag("--plain", out.plain, "Of a run, the page as `run` leaves it: without scripts, and 0.75 MB smaller");
    auto* compare = app.add_subcommand(
        "compare", "Two runs, or two sweeps: what differs, by how much, and whether that may be chance; ends with 1 when they differ");
    compare->footer(
        "Exit status: 0 all is the same, or nothing of what was judged shows that they differ; 1 they differ, or B breaks an expectation that A keeps;\n"
        "2 they cannot be compared; 3 the page could not be written; 4 values differ, and none of them could be judged.");
    compare->add_option("directories", out.scenarios, "A and B: where two runs or two sweeps left their results")->required()->expected(2);
    const CLI::Option* page = compare->add_option("-o,--out", out.out, "A page with all differences: this file");
    double percent = 95;
    compare->add_option("--confidence", percent, "Of the intervals, in percent; default 95")->check(CLI::Range(1.0, 99.99));
    auto* explain = app.add_subcommand("explain", "What a parameter, metric, probe, fault or operation means");
    explain->add_option("key", out.keys, "A name or a path")->required();
    auto* schema = app.add_subcommand("schema", "The scenario language as a JSON Schema, for editors");

    auto* complete = app.add_subcommand("completion", "A script that completes this command line: source <(nicteam completion bash)");
    std::string shell;
    complete->add_option("shell", shell, "bash, zsh or fish")->required()->check(CLI::IsMember(shells));

    // For the shells' completion, which asks for what depends on the scenario.
    auto* words = app.add_subcommand("set-words", "")->group("");
    std::vector<std::string> line;
    words->add_option("word", line)->required();

    for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {  // before the library says only that one is required
        const std::string word = argv[i];
        std::vector<std::string> known{"run", "sweep", "validate", "list", "report", "compare", "explain", "schema", "completion"};
        if (std::find(known.begin(), known.end(), word) != known.end() || word == words->get_name()) break;
        std::string message = fmt::format("no command {}{}", word, scenario::did_you_mean(word, known));
        if (word.size() > 5 && word.compare(word.size() - 5, 5, ".toml") == 0)
            message += fmt::format("; did you mean nicteam run {}?", word);
        else if (std::string ignored; find_scenario(word, ignored) != word)
            message += fmt::format("; did you mean nicteam run {}?", word);
        return say(message + " (nicteam --help)");
    }
    if (argc < 2) {
        report::write_message(app.help());
        return usage_error;
    }
    try {
        app.require_subcommand(1);
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) {  // --help, --version
            std::ostringstream text;
            app.exit(e, text, text);
            nicteam::report::write_output(text.str());
            return 0;
        }
        const CLI::App& command = named_or_all(app, argv[1]);
        std::string why = not_expected(app, command);
        if (why.empty() && e.get_name() == "RequiredError" && &command != &app) why = what_is_missing(command);
        return say(fmt::format("{} (nicteam --help)", why.empty() ? e.what() : why));
    }
    if (complete->parsed()) {
        nicteam::report::write_output(completion(app, shell));
        return 0;
    }
    if (words->parsed()) {
        for (const std::string& w : set_words(line[0].substr(1), {line.begin() + 1, line.end()})) nicteam::report::write_output(w + "\n");
        return 0;
    }
    out.what = run->parsed()        ? command::run
               : validate->parsed() ? command::validate
               : list->parsed()     ? command::list
               : schema->parsed()   ? command::schema
               : sweep->parsed()    ? command::sweep
               : report->parsed()   ? command::report
               : compare->parsed()  ? command::compare
                                    : command::explain;
    out.json = format == "json";
    out.host_work.worker = *scenario::crypto_worker_named(worker);
    out.host_work.transform_cache = cache == "on";
    if (!take_shard(shard, out)) return say(fmt::format("--shard {}: is no i/n with i from 0 to n - 1, as in 0/4", shard));
    if (sweep->parsed() && out.scenarios.size() > (out.scenarios[0] == "merge" ? 2 : 1))
        return say(fmt::format("sweep: takes one scenario; what is {} to be?{}", out.scenarios.back(),
                               scenario::did_you_mean(out.scenarios[0], {"merge"}).empty() ? "" : " Did you mean sweep merge?"));
    if (sweep->parsed() && out.scenarios[0] == "merge" && out.scenarios.size() == 1) return say("sweep merge: wants the DIRECTORY of a sweep");
    if (sweep->parsed() && out.scenarios[0] == "merge")
        for (const char* other : {"--shard", "--set", "--out", "--resume", "--retry-failed", "--dry-run", "--jobs", "--crypto-worker", "--transform-cache"})
            if (sweep->get_option(other)->count())
                return say(fmt::format("sweep merge: takes no {}: it runs nothing, and makes the tables of the sweep as it was last described", other));
    if (out.retry_failed && !out.resume) return say("--retry-failed: wants --resume, with which it runs what failed again");
    out.confidence = percent / 100;
    if (page->count() && out.out.empty()) return say("--out: is empty; it names the file for the page");
    if ((directory->count() || kept_in->count()) && out.out.empty()) return say("--out: is empty; it names the directory for the results");
    std::string wrong;
    if (!take_traces(traces, out, wrong)) {
        return say(fmt::format("--trace: {} is none of wave, pcap, txn, packets, report, all, none{}", wrong,
                               scenario::did_you_mean(wrong, {std::begin(trace_parts), std::end(trace_parts)})));
    }
    return -1;
}

}  // namespace nicteam::runner
