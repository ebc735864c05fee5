#include "report/work_json.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nicteam::report {
namespace {

using json = nlohmann::ordered_json;
using parts = std::vector<saved_cycles::part>;

void write(json_text& j, const char* key, const parts& all) {
    j.open_list(key);
    for (const saved_cycles::part& p : all) {
        j.open_object();
        j.string("what", p.what);
        j.number("times", p.times);
        j.number("cycles", p.cycles);
        j.close_object();
    }
    j.close_list();
}

parts parts_of(const json& all) {
    parts read;
    for (const json& p : all) read.push_back({p.at("what").get<std::string>(), p.at("times").get<std::uint64_t>(), p.at("cycles").get<std::uint64_t>()});
    return read;
}

using of_interval = std::int64_t (*)(const job_interval&);
constexpr std::pair<const char*, of_interval> series_of_jobs[] = {{"done", [](const job_interval& i) { return static_cast<std::int64_t>(i.done); }},
                                                                  {"octets", [](const job_interval& i) { return static_cast<std::int64_t>(i.octets); }},
                                                                  {"timed", [](const job_interval& i) { return static_cast<std::int64_t>(i.timed); }},
                                                                  {"time_ps", [](const job_interval& i) { return static_cast<std::int64_t>(i.time); }}};

std::string joined(const std::vector<job_interval>& all, of_interval of) {
    std::string s = "[";
    for (const job_interval& i : all) s += (s.size() > 1 ? ", " : "") + std::to_string(of(i));
    return s + "]";
}

job_series series_read(const json& j) {
    job_series s{j.at("requester").get<std::string>(), std::stoll(j.at("step_ps").get<std::string>()), {}};
    const json &done = j.at("done"), &octets = j.at("octets"), &timed = j.at("timed"), &time = j.at("time_ps");
    if (s.step <= 0 || octets.size() != done.size() || timed.size() != done.size() || time.size() != done.size())
        throw std::invalid_argument("jobs_over_time: lists of one length and a step are wanted");
    for (std::size_t n = 0; n < done.size(); ++n)
        s.intervals.push_back({done[n].get<std::uint64_t>(), octets[n].get<std::uint64_t>(), timed[n].get<std::uint64_t>(), time[n].get<ps>()});
    return s;
}

}  // namespace

void write_work(json_text& j, const run_result& r) {
    if (!r.jobs_over_time.empty()) {
        j.open_list("jobs_over_time");
        for (const job_series& s : r.jobs_over_time) {
            j.open_object();
            j.string("requester", s.requester);
            j.time("step_ps", s.step);
            for (const auto& [key, of] : series_of_jobs) j.raw(key, joined(s.intervals, of));
            j.close_object();
        }
        j.close_list();
    }
    if (!r.work.empty()) {
        j.open_list("work");
        for (const work_shares& w : r.work) {
            j.open_object();
            j.string("of", w.of);
            j.string("work", w.work);
            j.string("unit", w.unit);
            if (!w.requester.empty()) j.string("requester", w.requester);
            j.number("count", w.count());
            j.number("octets", w.octets());
            j.open_list("shares");
            for (const work_shares::share& s : w.shares) {
                j.open_object();
                j.string("by", s.by);
                j.number("count", s.count);
                j.number("octets", s.octets);
                j.close_object();
            }
            j.close_list();
            j.close_object();
        }
        j.close_list();
    }
    if (r.exposed) {
        j.open_object("exposure");
        j.number("ports", r.exposed->ports);
        j.number("frames", r.exposed->frames);
        j.number("in_the_clear", r.exposed->in_the_clear);
        j.number("octets", r.exposed->octets);
        j.close_object();
    }
    if (r.saved.empty()) return;
    j.open_list("saved_cycles");
    for (const saved_cycles& c : r.saved) {
        j.open_object();
        j.string("host", c.host);
        j.number("cpus", c.cpus);
        j.time("cycle_ps", c.period);
        j.number("saved", c.saved());
        write(j, "software", c.software);
        write(j, "asking", c.asking);
        j.close_object();
    }
    j.close_list();
}

void read_work(const json& j, run_result& to) {
    if (j.contains("jobs_over_time"))
        for (const json& s : j.at("jobs_over_time")) to.jobs_over_time.push_back(series_read(s));
    if (j.contains("work"))
        for (const json& x : j.at("work")) {
            work_shares w{x.at("of").get<std::string>(), x.at("work").get<std::string>(), x.at("unit").get<std::string>(), x.value("requester", ""), {}};
            for (const json& s : x.at("shares"))
                w.shares.push_back({s.at("by").get<std::string>(), s.at("count").get<std::uint64_t>(), s.at("octets").get<std::uint64_t>()});
            to.work.push_back(std::move(w));
        }
    if (j.contains("exposure")) {
        const json& x = j.at("exposure");
        to.exposed = exposure{x.at("ports").get<unsigned>(), x.at("frames").get<std::uint64_t>(), x.at("in_the_clear").get<std::uint64_t>(),
                              x.at("octets").get<std::uint64_t>()};
    }
    if (!j.contains("saved_cycles")) return;
    for (const json& x : j.at("saved_cycles")) {
        saved_cycles c;
        c.host = x.at("host").get<std::string>();
        c.cpus = x.at("cpus").get<unsigned>();
        const std::string cycle = x.at("cycle_ps").get<std::string>();
        if (cycle.empty() || cycle.size() > 18 || cycle.find_first_not_of("0123456789") != std::string::npos)
            throw std::invalid_argument("saved_cycles: \"" + cycle + "\" is no time");
        c.period = std::stoll(cycle);
        if (!c.cpus || c.period <= 0) throw std::invalid_argument("saved_cycles: a CPU with a cycle is wanted");
        c.software = parts_of(x.at("software"));
        c.asking = parts_of(x.at("asking"));
        to.saved.push_back(std::move(c));
    }
}

}  // namespace nicteam::report
