#include "nicteam/secondary/crypto_load.h"

#include <algorithm>

#include "nicteam/packet/ipv4.h"
#include "nicteam/secondary/job_content.h"
#include "nicteam/sim/session.h"
#include "secondary/job_pace.h"
#include "secondary/load_tables.h"

namespace nicteam::secondary {
namespace {

using config = crypto_load_config;
constexpr std::uint32_t grown = 128;                     // what IPsec adds at most
constexpr host::operation cycle{"crypto_request", 1, "a cycle of an application's own", "parameter of the load"};

}  // namespace

unsigned places_of(const config& c) { return c.pace == 0 ? c.threads : c.places; }
std::uint32_t room_of(const config& c) { return (longest_packet(c) + 31) & ~31u; }

std::uint32_t longest_packet(const config& c) {
    return static_cast<std::uint32_t>(packet::ipv4_header + (c.sizes == 0 ? c.size : c.greatest_size)) + grown;
}

std::size_t data_octets(const config& c) { return std::size_t{2} * places_of(c) * room_of(c); }
std::uint64_t take_memory(host::memory& m, const config& c) { return m.allocate(data_octets(c), 32); }

struct crypto_load::machinery {
    struct place {
        job_content::job job;
        bool busy = false;
    };

    machinery(crypto_load& l, const config& c, ipsec::payload_kind payload, unsigned number, crypto_service& s, host::cpu& p, host::memory& m, const job_way::maker& make)
        : config(c), cpu(p), pace(l, c), costs(sim::stream_of(l, "costs")), due(sim::bind_counter(l, load_metrics[l_due])),
          lost(sim::bind_counter(l, load_metrics[l_lost])), damaged(sim::bind_counter(l, load_metrics[l_damaged])),
          content(l, c, payload, number, s.associations()), places(places_of(c)) {
        found = uses_ipsec(c) ? s.announces(ipsec::info(c.cipher).name) && s.announces(ipsec::info(c.authentication).name) : s.announces("crc32c");
        const job_way::setup setup{l, s, c.work, places_of(c), room_of(c), m, make ? 0 : take_memory(m, c), [this](bool inbound) { return content.session(inbound); }, found,
                                   [this](host::cpu& k, unsigned n, const job_answer& a) { answered(k, places[n], a); }};
        way = make ? make(setup) : make_local_way(setup, p, device);
    }

    // Time of the application's own, which interrupts and drivers come on top of.
    void work(host::cpu& c, ps base, ps octet, std::uint32_t octets) {
        const ps mean = base + octet * octets;
        const ps t = config.cost == 0 || mean == 0 ? mean : costs.exponential(mean);
        c.spend(cycle, static_cast<std::uint64_t>((t + c.period() / 2) / c.period()));
    }

    void begin(host::cpu& c, place& p) {
        if (pace.over(c.now(), content.chosen())) return;
        p.busy = true;
        content.choose(p.job);
        work(c, config.before, config.before_octet, p.job.octets);
        const bytes& made = content.make(p.job);
        due.add();
        way->ask(c, static_cast<unsigned>(&p - places.data()), p.job.inbound, made);
    }

    void answered(host::cpu& c, place& p, const job_answer& a) {
        if (a.done && !content.good(p.job, a.octets, a.value)) damaged.add();
        work(c, config.after, config.after_octet, p.job.octets);
        p.busy = false;
        if (config.pace == 0 && found) begin(c, p);
    }

    void fall_due(host::cpu& c) {
        if (pace.over(c.now(), content.chosen())) return;
        plan(pace.next());
        const auto free = std::find_if(places.begin(), places.end(), [](const auto& p) { return !p.busy; });
        if (free != places.end()) return begin(c, *free);
        content.pass_over();
        due.add();
        lost.add();
    }
    void plan(ps at) {
        cpu.post(std::max(at, cpu.now()), [this](host::cpu& c) { fall_due(c); });
    }

    secondary::crypto_load_config config;
    host::cpu& cpu;
    job_pace pace;
    random_stream costs;
    counter &due, &lost, &damaged;
    job_content content;
    std::vector<place> places;
    std::function<std::uint64_t()> device;               // where its memory is; none: the host's
    bool found = true;                                   // by the crypto API
    std::unique_ptr<job_way> way;
};

crypto_load::crypto_load(sc_core::sc_module_name name, const config& c, ipsec::payload_kind payload, unsigned number, crypto_service& s, host::cpu& cpu,
                         host::memory& m, const job_way::maker& make)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, c, payload, number, s, cpu, m, make)) {}
crypto_load::~crypto_load() = default;

void crypto_load::keep_data_at(std::function<std::uint64_t()> address) { machinery_->device = std::move(address); }

void crypto_load::start_of_simulation() {
    machinery& m = *machinery_;
    if (m.config.pace != 0) return m.plan(m.pace.next());
    for (machinery::place& p : m.places) m.cpu.post(m.config.start, [&m, &p](host::cpu& c) { m.begin(c, p); });
}

}  // namespace nicteam::secondary
