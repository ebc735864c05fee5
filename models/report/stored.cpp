#include "nicteam/report/stored.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nicteam/report/file_writer.h"
#include "report/team_stored.h"
#include "report/work_json.h"

namespace nicteam::report {
namespace {
namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw unreadable(fmt::format("{}: cannot be read", file.string()));
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

json parsed(const fs::path& file) {
    try {
        return json::parse(content(file));
    } catch (const json::parse_error& e) {
        throw unreadable(fmt::format("{}: is not whole: no JSON from octet {} on", file.string(), e.byte));
    }
}

__int128 whole(const std::string& s) {
    __int128 v = 0;
    const bool minus = !s.empty() && s[0] == '-';
    if (s.size() == minus) throw std::invalid_argument("a number is missing");
    for (std::size_t i = minus; i < s.size(); ++i) {
        if (s[i] < '0' || s[i] > '9') throw std::invalid_argument(fmt::format("\"{}\" is no integer", s));
        v = v * 10 + (s[i] - '0');
    }
    return minus ? -v : v;
}

// An integer, written as one or as a string of digits; null is 0.
__int128 integer_at(const json& j, const char* key) {
    const json& v = j.at(key);
    if (v.is_null()) return 0;
    return v.is_string() ? whole(v.get<std::string>()) : static_cast<__int128>(v.get<std::int64_t>());
}
std::int64_t small_at(const json& j, const char* key) { return static_cast<std::int64_t>(integer_at(j, key)); }
std::string text_at(const json& j, const char* key) { return j.at(key).get<std::string>(); }

// A decimal with at most six places, as a number of millionths.
__int128 millionths_at(const json& j, const char* key) {
    const json& v = j.at(key);
    if (v.is_null()) return 0;
    if (v.is_string()) {  // "353961104.478"
        std::string s = v.get<std::string>();
        const std::size_t point = s.find('.'), places = point == std::string::npos ? 0 : s.size() - point - 1;
        if (point != std::string::npos) s.erase(point, 1);
        __int128 n = whole(s);
        for (std::size_t i = places; i < 6; ++i) n *= 10;
        return n;
    }
    const double d = v.get<double>();  // of 53 bits, read back exactly as far as they go
    return static_cast<__int128>(d * 1e6 + (d < 0 ? -0.5 : 0.5));
}

class reader {
public:
    reader(const json& j, stored_run& to) : j_(j), to_(to), r_(to.result) {}
    void read() {
        r_.scenario = text_at(j_, "scenario");
        r_.title = text_at(j_, "title");
        r_.version = text_at(j_, "version");
        r_.seed = static_cast<std::uint64_t>(integer_at(j_, "seed"));
        r_.from = small_at(j_.at("window"), "from_ps");
        r_.until = small_at(j_.at("window"), "until_ps");
        r_.end = small_at(j_, "end_ps");
        r_.interrupted = j_.at("interrupted").get<bool>();
        for (const json& m : j_.at("metrics")) metric(m);
        for (const json& v : j_.at("verdicts"))
            r_.verdicts.push_back({text_at(v, "name"), text_at(v, "expectation"), text_at(v, "measured"), v.at("held").get<bool>()});
        r_.not_judged = count(j_, "expectations_not_judged");
        for (const json& c : j_.at("checks"))
            r_.checks.push_back({text_at(c, "name"), text_at(c, "mode") == "count", count(c, "breaches"), c.value("first", "")});
        for (const json& f : j_.at("flows")) flow_of(f);
        for (const json& l : j_.at("losses"))
            r_.losses.push_back({text_at(l, "from"), text_at(l, "where"), text_at(l, "reason"), text_at(l, "description"),
                                 count(l, "packets"), count(l, "octets")});
        r_.lost_over_time = over_time(j_.at("lost_over_time"));
        for (const json& f : j_.at("faults"))
            r_.faults.push_back({text_at(f, "name"), text_at(f, "what"), text_at(f, "where"), small_at(f, "from_ps"),
                                 f.contains("until_ps") ? small_at(f, "until_ps") : never,
                                 f.contains("every_ps") ? small_at(f, "every_ps") : never, f.contains("times") ? count(f, "times") : 1, f.value("amount", "")});
        for (const json& e : j_.at("errors")) {
            const metric_value* m = r_.find(text_at(e, "path"));
            if (!m) throw std::invalid_argument("errors: no metric " + text_at(e, "path"));
            r_.troubles.push_back({m->path, m->info->unit, m->info->meaning, count(e, "count")});
        }
        for (const json& p : j_.at("passed_over")) r_.for_others.push_back({text_at(p, "where"), text_at(p, "from"), count(p, "packets")});
        for (const json& h : j_.at("held")) r_.still_held.push_back({text_at(h, "where"), count(h, "packets")});
        read_of_teams(j_, r_);
        read_work(j_, r_);
        for (const json& s : j_.at("resources")) resource(s);
        for (const json& x : j_.at("levels"))
            r_.fills.push_back(
                {text_at(x, "path"), text_at(x, "unit"), integer_at(x, "integral"), small_at(x, "highest"), small_at(x, "size")});
        for (const json& x : j_.at("bus_shares"))
            r_.shares.push_back(
                {text_at(x, "bus"), text_at(x, "master"), count(x, "tenures"), count(x, "words"), small_at(x, "time_ps"), r_.window()});
        limit(j_.at("limit"));
        for (const json& n : j_.at("notes")) r_.notes.push_back(n.get<std::string>());
    }

private:
    static std::uint64_t count(const json& j, const char* key) { return static_cast<std::uint64_t>(integer_at(j, key)); }
    const char* kept(const std::string& s) { return to_.texts.emplace_back(s).c_str(); }

    void metric(const json& j) {
        const std::string path = text_at(j, "path"), kind = text_at(j, "kind");
        metric_info info{kept(path.substr(path.rfind('.') + 1)), kept(text_at(j, "unit")), kept(text_at(j, "description"))};
        metric_value m;
        m.path = path;
        if (kind == "counter") {
            m.total = count(j, "value");
        } else if (kind == "level") {
            info.kind = metric_info::level;
            m.sum = (millionths_at(j, "mean") * r_.window() + 500'000) / 1'000'000;
            m.greatest = small_at(j, "max");
            m.end = small_at(j, "end");
        } else {
            info.kind = metric_info::histogram;
            const distribution d = samples(j);
            m.total = d.samples;
            m.sum = d.total;
            m.least = d.least, m.greatest = d.greatest;
            m.p50 = d.p50, m.p90 = d.p90, m.p99 = d.p99, m.p999 = d.p999;
        }
        m.info = &to_.infos.emplace_back(info);
        r_.metrics.push_back(m);
    }

    static distribution samples(const json& j) {
        distribution d;
        d.samples = count(j, "count");
        d.least = small_at(j, "min"), d.greatest = small_at(j, "max");
        d.p50 = small_at(j, "p50"), d.p90 = small_at(j, "p90"), d.p99 = small_at(j, "p99"), d.p999 = small_at(j, "p99.9");
        d.total = integer_at(j, "sum");
        if (j.contains("curve"))
            for (const json& v : j.at("curve")) d.curve.push_back(static_cast<std::int64_t>(whole(v.get<std::string>())));
        return d;
    }

    time_series over_time(const json& j) const {
        time_series s(r_.from);
        s.step = small_at(j, "step_ps");
        const json &packets = j.at("packets"), &octets = j.at("octets");
        if (s.step <= 0 || packets.size() != octets.size())
            throw std::invalid_argument("over_time: lists of one length and a step are wanted");
        for (std::size_t n = 0; n < packets.size(); ++n)
            s.intervals.push_back({packets[n].get<std::uint64_t>(), octets[n].get<std::uint64_t>()});
        return s;
    }

    void flow_of(const json& j) {
        flow f;
        f.from = text_at(j, "from"), f.to = text_at(j, "to");
        f.packets = count(j, "packets"), f.octets = count(j, "octets");
        f.latency = samples(j.at("latency_ps"));
        for (const json& h : j.at("stages")) f.hops.push_back({text_at(h, "from"), text_at(h, "to"), samples(h)});
        f.over_time = over_time(j.at("over_time"));
        r_.flows.push_back(f);
    }

    void resource(const json& j) {
        bounds::resource s;
        s.path = text_at(j, "path"), s.kind = text_at(j, "kind"), s.unit = text_at(j, "unit");
        s.bound = text_at(j, "bound"), s.source = text_at(j, "source");
        s.used = {millionths_at(j, "used"), 1'000'000};
        s.capacity = {millionths_at(j, "capacity"), 1'000'000};
        s.missing = {millionths_at(j, "demand") - s.used.numerator, 1'000'000};
        s.waiting = count(j, "packets_waiting");
        if (j.contains("spent"))
            for (const json& x : j.at("spent")) s.parts.push_back({text_at(x, "what"), {millionths_at(x, "amount"), 1'000'000}});
        r_.resources.push_back(s);
        if (!j.contains("over_time")) return;
        use_series u{s.path, small_at(j.at("over_time"), "step_ps"), {}};
        for (const json& n : j.at("over_time").at("use")) u.use.push_back(static_cast<std::uint32_t>(n.get<double>() * use_series::whole + 0.5));
        r_.use_over_time.push_back(std::move(u));
    }

    int resource_at(const std::string& path) const {
        for (std::size_t i = 0; i < r_.resources.size(); ++i)
            if (r_.resources[i].path == path) return static_cast<int>(i);
        throw std::invalid_argument("limit: no resource " + path);
    }

    void limit(const json& j) {
        if (j.contains("highest")) r_.limit.by = resource_at(text_at(j, "highest"));
        r_.limit.limited = j.at("limited").get<bool>();
        for (const json& p : j.at("as_much_in_demand")) r_.limit.as_well.push_back(resource_at(p.get<std::string>()));
        for (const json& p : j.at("full_with_less_demand")) r_.limit.full.push_back(resource_at(p.get<std::string>()));
        if (!j.contains("waited_for")) return;
        const json& w = j.at("waited_for");
        for (const flow& f : r_.flows)
            for (const hop& h : f.hops)
                if (f.from + " to " + f.to == text_at(w, "flow") && h.from == text_at(w, "from") && h.to == text_at(w, "to")) {
                    r_.waits.push_back({h.from, h.to, text_at(w, "flow"), h.time.count(), h.time.sum()});
                    r_.limit.waited_for = 0;
                }
    }

    const json& j_;
    stored_run& to_;
    run_result& r_;
};

}  // namespace

stored_run read_results(const std::string& directory) {
    const fs::path here = directory, file = here / "result.json";
    std::error_code failed;
    if (!fs::is_directory(here, failed)) throw unreadable(fmt::format("{}: is no directory", directory));
    if (!fs::exists(file, failed))
        throw unreadable(
            fmt::format("{}: holds no results (no result.json); nicteam run SCENARIO --out {} leaves some", directory, directory));
    const json j = parsed(file);
    const std::string format = j.is_object() ? j.value("format", "") : "";
    if (format != result_format)
        throw unreadable(
            format.compare(0, 15, "nicteam result ") == 0
                ? fmt::format("{}: is of the format \"{}\", made by nicteam {}; this one reads \"{}\"; nicteam run {} makes it anew",
                              file.string(), format, j.value("version", "of unknown version"), result_format,
                              (here / "config.resolved.toml").string())
                : fmt::format("{}: is not what a run of nicteam leaves", file.string()));
    stored_run all;
    try {
        reader(j, all).read();
    } catch (const json::exception& e) {
        throw unreadable(fmt::format("{}: is not whole: {}", file.string(), e.what()));
    } catch (const std::invalid_argument& e) {
        throw unreadable(fmt::format("{}: is not whole: {}", file.string(), e.what()));
    }
    if (!fs::exists(here / "run.json", failed)) return all;
    try {
        const json facts = parsed(here / "run.json");
        for (const json& f : facts.at("files")) all.files.emplace_back(text_at(f, "name"), text_at(f, "what"));
        for (const json& f : facts.value("not_written", json::array())) all.not_written.emplace_back(text_at(f, "file"), text_at(f, "why"));
    } catch (const json::exception& e) {
        throw unreadable(fmt::format("{}: is not whole: {}", (here / "run.json").string(), e.what()));
    }
    return all;
}

void list_file(const std::string& directory, const std::string& name, const std::string& what) {
    const fs::path file = fs::path(directory) / "run.json";
    std::error_code failed;
    if (!fs::exists(file, failed)) return;
    json j = parsed(file);
    for (const json& f : j["files"])
        if (f.value("name", "") == name) return;
    j["files"].push_back({{"name", name}, {"what", what}});
    write_file(file.string(), j.dump(2) + "\n");
}

void remove_listed(const std::string& directory, const std::vector<std::string>& names) {
    const fs::path file = fs::path(directory) / "run.json";
    std::error_code failed;
    if (!fs::exists(file, failed)) return;
    json j = parsed(file), left = json::array();
    std::vector<std::string> gone;
    for (const json& f : j["files"]) {
        const std::string name = f.value("name", "");
        if (std::find(names.begin(), names.end(), name) == names.end()) left.push_back(f);
        else gone.push_back(name);
    }
    if (gone.empty()) return;
    for (const std::string& name : gone) fs::remove(fs::path(directory) / name, failed);
    j["files"] = std::move(left);
    write_file(file.string(), j.dump(2) + "\n");
}

std::vector<std::string> read_packets(const std::string& file, const std::function<void(const stored_packet&)>& take) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw unreadable(fmt::format("{}: cannot be read", file));
    const auto broken = [&](std::size_t line, const std::string& what) { return unreadable(fmt::format("{}:{}: {}", file, line, what)); };
    const auto cells = [](const std::string& line) {
        std::vector<std::string> all{""};
        for (const char c : line)
            if (c == ',')
                all.emplace_back();
            else
                all.back() += c;
        return all;
    };
    std::vector<std::string> stages;
    std::string line;
    std::size_t number = 1;
    if (!std::getline(in, line) || line.find("id,parent,from,to,length,born_ps,") != 0) throw broken(1, "is no table of packets");
    const std::vector<std::string> head = cells(line);
    if (head.back() != "fate") throw broken(1, "has no column fate: of an earlier version");
    for (std::size_t c = 6; c + 3 < head.size(); ++c) stages.push_back(head[c].substr(0, head[c].rfind("_ps")));
    while (std::getline(in, line)) {
        ++number;
        const std::vector<std::string> row = cells(line);
        if (row.size() != head.size()) throw broken(number, fmt::format("{} columns instead of {}", row.size(), head.size()));
        try {
            const auto time = [&](std::size_t c) { return row[c].empty() ? never : static_cast<ps>(whole(row[c])); };
            stored_packet one{row[0], row[1], row[2], row[3], row[row.size() - 2], row.back(), static_cast<std::uint32_t>(whole(row[4])),
                              time(5), time(row.size() - 3),
                              {}};
            for (std::size_t c = 6; c + 3 < row.size(); ++c) one.passed.push_back(time(c));
            take(one);
        } catch (const std::invalid_argument& e) {
            throw broken(number, e.what());
        }
    }
    return stages;
}

}  // namespace nicteam::report
