#include "nicteam/secondary/crypto_service.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "nicteam/packet/ethernet.h"
#include "nicteam/rings/entries.h"
#include "nicteam/sim/session.h"
#include "nicteam/sim/within.h"
#include "secondary/service_tables.h"

namespace nicteam::secondary {
namespace {

using driver::status;
using config = crypto_service_config;

std::uint64_t rate_of(const std::string& written) {
    value v;
    std::string why;
    if (!parse_quantity(quantity::rate, written, v, why)) throw std::invalid_argument(why);
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(v.integer) / 8);
}

job_pool::limits limits_of(const config& c) { return {static_cast<loading>(c.order), c.waiting}; }

// What ails the engine and not the job: another one may do it.
bool of_the_engine(const std::string& detail) {
    for (const auto r : {rings::reason::without_engines, rings::reason::engines_failed, rings::reason::bus_error})
        if (detail == rings::name(r)) return true;
    return false;
}

// Of the IP packet: one that its unit sends comes as a frame.
std::uint32_t packet_octets(const task& t) { return t.transmit ? t.length - static_cast<std::uint32_t>(packet::ethernet_header) : t.length; }

}  // namespace

std::string rates_refused(const std::vector<std::string>& rates, std::size_t engines) {
    if (!rates.empty() && rates.size() != engines) return fmt::format("{} rates for {} engines", rates.size(), engines);
    for (const std::string& r : rates) {
        value v;
        std::string why;
        if (!parse_quantity(quantity::rate, r, v, why)) return fmt::format("\"{}\": {}", r, why);
        if (v.integer < 8) return fmt::format("\"{}\": an octet a second at least", r);
    }
    return {};
}

struct crypto_service::part : sc_core::sc_module {
    part(sc_core::sc_module_name name, engine& e)
        : sc_module(name), to(e), jobs(sim::bind_counter(*this, engine_metrics[e_jobs])), octets(sim::bind_counter(*this, engine_metrics[e_octets])),
          not_done(sim::bind_counter(*this, engine_metrics[e_not_done])), queue(sim::bind_level(*this, engine_metrics[e_jobs_now])),
          working(sim::bind_level(*this, engine_metrics[e_working])) {}
    engine& to;
    counter &jobs, &octets, &not_done;
    level &queue, &working;
};

struct crypto_service::customer {
    customer(const sc_core::sc_object& owner, requester& r) : name(owner.name()), to(r), time(sim::bind_histogram(owner, requester_metrics[r_time])) {
        for (unsigned n = 0; n < r_time; ++n) counters[n] = &sim::bind_counter(owner, requester_metrics[n]);
    }
    void count(requester_metric m, std::uint64_t n = 1) { counters[m]->add(n); }
    std::string name;
    requester& to;
    counter* counters[r_time];
    histogram& time;
};

crypto_service::crypto_service(sc_core::sc_module_name name, const config& c, host::cpu& cpu, host::memory& ram)
    : sc_module(name), config_(c), cpu_(cpu), ram_(ram), submitting_{"service_submit", c.submit_cycles, "a job taken in", "parameter of the service"},
      finishing_{"service_finish", c.finish_cycles, "a job taken back", "parameter of the service"},
      pool_(make_dispatch(static_cast<dispatch_kind>(c.dispatch), c.options, sim::stream_of(*this, "dispatch")), limits_of(c)),
      waiting_(sim::bind_level(*this, service_metrics[s_waiting])), again_(sim::bind_counter(*this, service_metrics[s_again])),
      lost_(sim::bind_counter(*this, service_metrics[s_lost])),
      idle_(sim::session::current().bind_counter(sim::path_of(*this, service_metrics[s_idle].name), service_metrics[s_idle], [this](ps now) {
          idle_.add(static_cast<std::uint64_t>(pool_.idle_with_backlog(now)) - idle_.value());
      })),
      delivered_(sim::bind_counter(*this, service_metrics[s_delivered])), looped_back_(sim::bind_counter(*this, service_metrics[s_looped_back])),
      lifetimes_({&sim::bind_counter(*this, service_metrics[s_soft]), &sim::bind_counter(*this, service_metrics[s_hard]), nullptr}) {
    associations_.tell(&lifetimes_);
}
crypto_service::~crypto_service() = default;

engine_setting crypto_service::usual(engine_use u) const {
    engine_setting s;
    s.use = u;
    s.most = u == engine_use::active ? std::min(config_.threshold, config_.queue) : config_.queue;
    s.given = config_.given;
    return s;
}

unsigned crypto_service::add(engine& e) {
    engine_setting s = usual(engine_use::idle);
    if (!config_.rates.empty()) s.rate = rate_of(config_.rates.at(pool_.engines()));
    const unsigned n = pool_.add(s);
    const sim::within here(*this);
    parts_.push_back(std::make_unique<part>(fmt::format("engine_{}", n).c_str(), e));
    e.bind(*this);
    associations_.add_unit([&e](const pooled_associations::request& r) { return e.hold(r); });
    return n;
}

void crypto_service::complete() {
    const auto how = static_cast<software_use>(config_.software);
    if (how == software_use::never) return;
    software_ = std::make_unique<software_engine>("software", cpu_, ram_, config_.crc32c_cycles);
    std::vector<std::string> rates = std::exchange(config_.rates, {});               // of devices
    const unsigned n = add(*software_);
    config_.rates = std::move(rates);
    engine_setting s = usual(how == software_use::another ? engine_use::idle : engine_use::last_resort);
    s.given = 1;
    pool_.set(n, s, 0);
}

unsigned crypto_service::add_requester(const sc_core::sc_object& owner, requester& r) {
    customers_.push_back(std::make_unique<customer>(owner, r));
    return static_cast<unsigned>(customers_.size() - 1);
}

bool crypto_service::is_software(unsigned n) const { return &parts_.at(n)->to == software_.get(); }
const char* crypto_service::engine_name(unsigned n) const { return parts_.at(n)->to.engine_name(); }
const std::string& crypto_service::requester_name(unsigned n) const { return customers_.at(n)->name; }

bool crypto_service::announces(std::string_view algorithm) const {
    const auto& all = config_.announce;
    return all.empty() || algorithm == "null" || std::find(all.begin(), all.end(), algorithm) != all.end();
}

unsigned crypto_service::number_of(const engine& e) const {
    const auto at = std::find_if(parts_.begin(), parts_.end(), [&](const auto& p) { return &p->to == &e; });
    return static_cast<unsigned>(at - parts_.begin());
}

void crypto_service::find_engines(task& t) const {
    std::uint64_t can = 0;
    const bool of_ipsec = t.service == driver::job_service::ipsec;
    for (unsigned n = 0; n < parts_.size(); ++n)
        can |= std::uint64_t{of_ipsec ? static_cast<bool>(associations_.in_unit(t.association, n)) : parts_[n]->to.offers(t.service)} << n;
    can &= t.allowed & ~t.never;
    const rights r = permission_ ? permission_(t) : rights{};
    t.can = can & r.now;
    t.later = can & r.later;
    t.spread = r.spread;
}

void crypto_service::reconsider(host::cpu& c) {
    pool_.reconsider([this](pooled_job& j) { find_engines(static_cast<task&>(j)); }, c.now());
    strand(c);
    give(c);
    show(c.now());
}

void crypto_service::submit(host::cpu& c, unsigned by, task& t) {
    c.spend(submitting_);
    t.by = by;
    t.came = c.now();
    t.tries = 0;
    t.octets = t.length;
    t.never = 0;
    find_engines(t);
    const bool of_ipsec = t.service == driver::job_service::ipsec;
    customers_.at(by)->count(r_submitted);
    delivered_.add();
    if (!(t.can | t.later)) return conclude(c, t, status::refused, of_ipsec ? "no engine of the pool has the association, and may do it" : "no engine of the pool offers that");
    switch (pool_.put(t, c.now())) {
        case job_pool::answer::full: conclude(c, t, status::no_room, "too many jobs wait"); break;
        case job_pool::answer::nobody: conclude(c, t, status::not_done, "no engine that can do it is there"); break;
        case job_pool::answer::taken: give(c);
    }
    show(c.now());
}

// An engine may answer at once, interrupts come in between, and requesters ask for more meanwhile: one goes round for all.
void crypto_service::give(host::cpu& c) {
    if (std::exchange(giving_, true)) return;
    for (job_pool::gift g = pool_.next(c.now()); g.job; g = pool_.next(c.now())) {
        task& t = static_cast<task&>(*g.job);
        driver::crypto_job& j = t.job;
        ++t.tries;
        j.service = t.service;
        j.association = t.service == driver::job_service::ipsec ? associations_.in_unit(t.association, g.engine) : state::handle{};
        j.inbound = t.inbound;
        j.transmit = t.transmit;
        j.verify_only = t.inbound;                       // the window is the pool's: accept()
        j.id = t.id;
        j.source = t.source;
        j.destination = t.destination;
        j.length = t.length;
        j.room = t.room;
        j.result = status::not_done;
        j.detail.clear();
        j.unknown = false;
        running_[&j] = &t;
        show(c.now());
        if (t.association && !associations_.begin(t.association, packet_octets(t), c.now())) {
            running_.erase(&j);
            pool_.back(g.engine, t, false, c.now());
            conclude(c, t, status::failed, "expired");
            continue;
        }
        for (job_watcher* w : watchers_) w->given(*this, t, is_software(g.engine));
        parts_[g.engine]->to.submit(c, j);
    }
    giving_ = false;
}

void crypto_service::finished(host::cpu& c, engine& e, driver::crypto_job& j) {
    const auto at = running_.find(&j);
    if (at == running_.end()) throw std::logic_error(std::string(name()) + ": a job finished that no engine had");
    task& t = *at->second;
    running_.erase(at);
    const unsigned n = number_of(e);
    const bool worked = j.result == status::done && j.verdict == static_cast<std::uint8_t>(ipsec::outcome::done);
    if (t.association) associations_.end(t.association, packet_octets(t), worked, c.now());
    for (job_watcher* w : watchers_) w->back(*this, t, n, j.result == status::done, c.now());
    if (j.result == status::no_room && pool_.given(n) > 1) {       // its ring has others' entries
        --t.tries;
        find_engines(t);
        pool_.not_taken(n, t, c.now());
        strand(c);
        return show(c.now());
    }
    const bool done = j.result == status::done;
    pool_.back(n, t, done, c.now());
    part& p = *parts_[n];
    if (done) p.jobs.add(), p.octets.add(t.length);
    else p.not_done.add();
    t.verdict = j.verdict;
    t.written = j.octets;
    t.sequence = j.sequence;
    if (done && t.inbound && j.verdict == static_cast<std::uint8_t>(ipsec::outcome::done)) {
        const auto v = associations_.accept(t.association, j.sequence);
        if (v == ipsec::replay_verdict::repeated) t.verdict = static_cast<std::uint8_t>(ipsec::outcome::replayed);
        if (v == ipsec::replay_verdict::old) t.verdict = static_cast<std::uint8_t>(ipsec::outcome::too_old);
    }
    if (done) conclude(c, t, status::done, {});
    else if (j.unknown && j.transmit) conclude(c, t, status::failed, "its engine is gone, and may have done it");
    else if (j.result == status::failed && !of_the_engine(j.detail)) conclude(c, t, status::failed, j.detail);
    else try_again(c, t, n, j.result == status::refused || j.result == status::failed);
    give(c);
    show(c.now());
}

// `may_never`: not by this engine; else it is gone, or full of others' jobs, and is left alone for a while.
void crypto_service::try_again(host::cpu& c, task& t, unsigned n, bool may_never) {
    const status last = t.job.result == status::no_room ? status::not_done : t.job.result;
    if (may_never) t.never |= std::uint64_t{1} << n;
    else lost(c, n);
    find_engines(t);
    if ((t.can | t.later) && pool_.put(t, c.now()) == job_pool::answer::taken) again_.add();
    else conclude(c, t, last, std::move(t.job.detail));
}

void crypto_service::lost(host::cpu& c, unsigned n) {
    engine_setting s = pool_.setting(n);
    if (!s.up) return;
    s.up = false;
    lost_.add();
    pool_.set(n, s, c.now());
    cpu_.post(c.now() + config_.retry, [this, n](host::cpu& k) {
        engine_setting back = pool_.setting(n);
        back.up = true;
        pool_.set(n, back, k.now());
        give(k);
        show(k.now());
    });
    strand(c);
}

void crypto_service::strand(host::cpu& c) {
    while (pooled_job* j = pool_.stranded(c.now())) conclude(c, static_cast<task&>(*j), status::not_done, "no engine that can do it is there");
}

void crypto_service::set(host::cpu& c, unsigned n, engine_setting s) {
    s.up = pool_.setting(n).up;
    pool_.set(n, s, c.now());
    strand(c);
    give(c);
    show(c.now());
}

void crypto_service::use(host::cpu& c, unsigned n, engine_use u) {
    engine_setting s = usual(u);
    s.rate = setting(n).rate;
    s.own = setting(n).own;
    set(c, n, s);
}

void crypto_service::conclude(host::cpu& c, task& t, status s, std::string why) {
    t.result = s;
    t.detail = std::move(why);                           // nothing of it stays on this stack while time passes
    c.spend(finishing_);
    customer& who = *customers_[t.by];
    const bool good = s == status::done && t.verdict == static_cast<std::uint8_t>(ipsec::outcome::done);
    switch (s) {
        case status::done: who.count(good ? r_done : r_not_verified); break;
        case status::refused: who.count(r_refused); break;
        case status::failed: who.count(r_failed); break;
        case status::no_room: who.count(r_no_room); break;
        case status::not_done: who.count(r_not_done);
    }
    if (good) who.count(r_octets, t.length);
    if (s == status::done) who.time.add(c.now() - t.came);
    looped_back_.add();
    who.to.finished(c, t);
}

// CPUs of one host are each at their own time.
void crypto_service::show(ps at) {
    const ps now = shown_ = std::max(shown_, at);
    waiting_.set(now, static_cast<std::int64_t>(pool_.waiting()));
    for (unsigned n = 0; n < parts_.size(); ++n) {
        parts_[n]->queue.set(now, pool_.jobs(n));
        parts_[n]->working.set(now, pool_.given(n) > 0);
    }
}

}  // namespace nicteam::secondary
