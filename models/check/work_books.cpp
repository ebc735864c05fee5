#include "nicteam/check/work_books.h"

#include <algorithm>

#include "nicteam/host/security_cost.h"
#include "nicteam/secondary/crypto_service.h"

namespace nicteam::check {
namespace {

using report::work_shares;

bool below(const std::string& path, const std::string& of) { return path.size() > of.size() && path.compare(0, of.size(), of) == 0 && path[of.size()] == '.'; }
std::string leaf(const std::string& path) { return path.substr(path.rfind('.') + 1); }
std::string owner_of(const std::string& path) { return path.substr(0, path.rfind('.')); }
std::uint64_t total(const report::run_result& r, const std::string& path) {
    const report::metric_value* m = r.find(path);
    return m ? m->total : 0;
}

// The last word of a path, or all of it where that is another one's as well.
std::vector<std::string> short_names(const std::vector<std::string>& paths) {
    std::vector<std::string> all;
    for (const std::string& p : paths) {
        const auto same = std::count_if(paths.begin(), paths.end(), [&](const std::string& x) { return leaf(x) == leaf(p); });
        all.push_back(same > 1 ? p : leaf(p));
    }
    return all;
}

void keep(report::run_result& r, work_shares&& w) {
    if (w.count()) r.work.push_back(std::move(w));
}

}  // namespace

void work_books::device::worked(const ipsec::association_parameters& p, const ipsec::work& w) {
    for (const host::charged& x : host::costs_of(p, w)) charged[static_cast<std::size_t>(x.of)] += x.n;
}

offload::work_observer& work_books::of_device(const std::string& path) {
    for (device& d : devices_)
        if (d.path == path) return d;
    devices_.emplace_back().path = path;
    return devices_.back();
}

const work_books::device* work_books::at(const std::string& path) const {
    for (const device& d : devices_)
        if (d.path == path) return &d;
    return nullptr;
}

void work_books::watch(secondary::crypto_service& s) {
    services_.push_back({&s, {}});
    services_.back().jobs.resize(s.requesters());
    for (auto& of_requester : services_.back().jobs)
        for (auto& of_work : of_requester) of_work.resize(s.engines());
    s.watch(*this);
}

void work_books::back(const secondary::crypto_service& s, const secondary::task& t, unsigned engine, bool done, ps) {
    if (!done) return;
    const auto of = std::find_if(services_.begin(), services_.end(), [&](const of_service& x) { return x.service == &s; });
    const work w = t.service == driver::job_service::crc32c ? work::crc32c : t.inbound ? work::decrypt : work::encrypt;
    of->jobs.at(t.by)[static_cast<unsigned>(w)].at(engine).add(t.length);
}

void work_books::begin_window() {
    for (device& d : devices_) d.in_line[0] = d.in_line[1] = {}, d.charged = {};
    for (of_service& s : services_)
        for (auto& of_requester : s.jobs)
            for (auto& of_work : of_requester) std::fill(of_work.begin(), of_work.end(), amount{});
}

void work_books::tell(report::run_result& r, const std::vector<watched_team>& teams) const {
    for (const watched_team& t : teams) {
        share_traffic(r, t);
        for (const of_service& s : services_)
            if (below(s.service->name(), t.path)) share_jobs(r, s, t.path, t.engines);
    }
    for (const of_service& s : services_) {
        const auto its = [&s](const watched_team& t) { return below(s.service->name(), t.path); };
        if (std::none_of(teams.begin(), teams.end(), its)) share_jobs(r, s, s.service->name(), {});
    }
    for (const watched_host& h : hosts_)
        if (report::saved_cycles c = saved(r, h); report::saved_cycles::sum(c.software)) r.saved.push_back(std::move(c));
}

void work_books::share_traffic(report::run_result& r, const watched_team& t) const {
    work_shares sent{t.path, "frames sent", "frames", "", {}}, received{t.path, "packets received", "packets", "", {}};
    work_shares out{t.path, "encrypted in line", "packets", "", {}}, in{t.path, "decrypted in line", "packets", "", {}};
    for (const watched_team::member& m : t.members) {
        sent.shares.push_back({m.name, total(r, m.path + ".tx_frames"), total(r, m.path + ".tx_bytes")});
        received.shares.push_back({m.name, total(r, m.path + ".driver.received_packets"), total(r, m.path + ".driver.received_bytes")});
        const device* d = at(m.path);
        const auto give = [&](work_shares& to, offload::way w) {
            const amount a = d ? d->in_line[static_cast<unsigned>(w)] : amount{};
            to.shares.push_back({m.name, a.count, a.octets});
        };
        give(out, offload::way::out);
        give(in, offload::way::in);
    }
    for (work_shares* w : {&sent, &received, &out, &in}) keep(r, std::move(*w));
}

void work_books::share_jobs(report::run_result& r, const of_service& s, const std::string& owner, std::vector<std::string> engines) const {
    for (std::size_t e = engines.size(); e < s.service->engines(); ++e) engines.push_back(s.service->engine_name(static_cast<unsigned>(e)));
    engines = short_names(engines);
    static constexpr const char* names[works] = {"encrypt", "decrypt", "CRC-32c"};
    for (unsigned n = 0; n < s.jobs.size(); ++n)
        for (unsigned w = 0; w < works; ++w) {
            work_shares all{owner, names[w], "jobs", s.service->requester_name(n), {}};
            for (unsigned e = 0; e < s.service->engines(); ++e)
                all.shares.push_back({engines[e], s.jobs[n][w][e].count, s.jobs[n][w][e].octets});
            keep(r, std::move(all));
        }
}

report::saved_cycles work_books::saved(const report::run_result& r, const watched_host& h) const {
    report::saved_cycles c;
    c.host = h.path, c.cpus = h.cpus, c.period = h.period;
    const auto cost_of = [&](host::cost k) { return h.costs[static_cast<std::size_t>(k)]; };
    for (std::size_t k = 0; k < host::cost_count; ++k) {
        std::uint64_t n = 0;
        for (const device& d : devices_) n += below(d.path, h.path) ? d.charged[k] : 0;
        if (n) c.software.push_back({host::of(static_cast<host::cost>(k)).name, n, n * h.costs[k]});
    }
    std::uint64_t digested = 0, digest_cycles = 0;
    for (const of_service& s : services_) {
        if (!below(s.service->name(), h.path)) continue;
        for (const auto& of_requester : s.jobs)
            for (unsigned e = 0; e < s.service->engines(); ++e) {
                if (s.service->is_software(e)) continue;
                const std::uint64_t octets = of_requester[static_cast<unsigned>(work::crc32c)][e].octets;
                digested += octets, digest_cycles += octets * s.service->crc32c_cycles();
            }
    }
    if (digested) c.software.push_back({"crc32c_octet", digested, digest_cycles});

    std::uint64_t requests = 0, reaped = 0, handled = 0, alone = 0, waited = 0;
    for (const report::metric_value& m : r.metrics) {
        if (std::string(m.info->name) != "posted" || !below(m.path, h.path)) continue;
        const std::string unit = owner_of(m.path) + '.';
        requests += m.total + total(r, unit + "asked");
        reaped += total(r, unit + "executed") + total(r, unit + "not_executed");
        handled += total(r, unit + "handled");
        alone += total(r, unit + "alone");
        waited += total(r, unit + "register_wait");
    }
    const auto ask = [&](const char* what, std::uint64_t n, std::uint64_t each) {
        if (n) c.asking.push_back({what, n, n * each});
    };
    ask("driver_request", requests, cost_of(host::cost::driver_request));
    ask("driver_reap", reaped, cost_of(host::cost::driver_reap));
    ask("driver_interrupt", handled, cost_of(host::cost::driver_interrupt));
    ask("interrupt_entry", alone, cost_of(host::cost::interrupt_entry));
    ask("interrupt_exit", alone, cost_of(host::cost::interrupt_exit));
    if (waited) c.asking.push_back({"waiting", 0, waited / static_cast<std::uint64_t>(h.period)});
    return c;
}

}  // namespace nicteam::check
