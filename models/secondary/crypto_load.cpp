#include "nicteam/secondary/crypto_load.h"

#include <algorithm>

#include "nicteam/ipsec/protect.h"
#include "nicteam/packet/crc32c.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/sim/session.h"
#include "secondary/load_tables.h"

namespace nicteam::secondary {
namespace {

using config = crypto_load_config;
constexpr std::uint8_t experimental = 253;               // protocol number: RFC 3692
constexpr packet::ipv4_address here = 0xC000'0201, there = 0xC000'0202;          // RFC 5737
constexpr std::uint32_t first_spi = 0x10'0000;           // far from those that scenarios make
constexpr std::uint32_t window = 1'024;                  // engines end jobs in any order
constexpr std::uint32_t grown = 128;                     // what IPsec adds at most
constexpr host::operation cycle{"crypto_request", 1, "a cycle of an application's own", "parameter of the load"};

unsigned places_of(const config& c) { return c.pace == 0 ? c.threads : c.places; }
bytes random_octets(std::uint64_t seed, const std::string& path, const char* purpose, std::size_t n) {
    random_stream from(seed, path, purpose);
    bytes out(n);
    for (std::uint8_t& o : out) o = static_cast<std::uint8_t>(from.below(256));
    return out;
}

}  // namespace

std::uint32_t longest_packet(const config& c) {
    return static_cast<std::uint32_t>(packet::ipv4_header + (c.sizes == 0 ? c.size : c.greatest_size)) + grown;
}

std::size_t data_octets(const config& c) { return std::size_t{2} * places_of(c) * ((longest_packet(c) + 31) & ~31u); }
std::uint64_t take_memory(host::memory& m, const config& c) { return m.allocate(data_octets(c), 32); }

ipsec::association_parameters session_of(const config& c, unsigned n, bool inbound, std::uint64_t seed) {
    ipsec::association_parameters p;
    p.name = "session" + std::to_string(n) + (inbound ? "_in" : "_out");
    p.spi = first_spi + 2 * n + inbound;
    p.source = packet::ip_address(inbound ? there : here);
    p.destination = packet::ip_address(inbound ? here : there);
    p.algorithms = {c.cipher, c.authentication};
    p.keys.cipher = random_octets(seed, p.name, "key", ipsec::cipher_key_octets(c.cipher));
    p.keys.authentication = random_octets(seed, p.name, "authentication_key", ipsec::authentication_key_octets(c.authentication));
    p.replay_window = p.algorithms.authenticates() ? window : 0;
    return p;
}

struct crypto_load::machinery {
    struct place {
        secondary::task task;
        bytes plain;                                     // what the session's other end should see, or made; the buffer of a CRC-32c
        std::uint32_t octets = 0;                        // of the buffer
        std::uint64_t offset = 0;                        // of it and its result, from where the load's data begins
        bool busy = false;
    };

    machinery(crypto_load& l, const config& c, ipsec::payload_kind payload, unsigned number, crypto_service& s, host::cpu& p, host::memory& m)
        : config(c), service(s), cpu(p), ram(m), gaps(sim::stream_of(l, "gaps")), sizes(sim::stream_of(l, "sizes")), costs(sim::stream_of(l, "costs")),
          due(sim::bind_counter(l, load_metrics[l_due])), lost(sim::bind_counter(l, load_metrics[l_lost])), damaged(sim::bind_counter(l, load_metrics[l_damaged])),
          by(s.add_requester(l, l)) {
        const std::uint64_t seed = sim::session::current().seed();
        const auto open = [&](bool inbound) {
            const auto p = session_of(c, number, inbound, seed);
            return end{s.associations().hold(p, random_stream(seed, l.name(), inbound ? "iv in" : "iv out").next(), payload, inbound),
                       std::make_unique<ipsec::association>(p, 0, random_stream(seed, l.name(), "far iv").next(), payload)};
        };
        if (encrypts(c)) out = open(false);
        if (decrypts(c)) in = open(true);
        found = uses_ipsec(c) ? s.announces(ipsec::info(c.cipher).name) && s.announces(ipsec::info(c.authentication).name) : s.announces("crc32c");
        const std::uint32_t room = (longest_packet(c) + 31) & ~31u;
        memory = take_memory(m, c);
        for (unsigned n = 0; n < places_of(c); ++n) {
            places.push_back(std::make_unique<place>());
            task& t = places.back()->task;
            t.service = c.work;
            if (!found) t.allowed = 0;                   // the crypto API knows nobody for it
            places.back()->offset = std::uint64_t{2} * n * room;
            t.room = room;
        }
    }

    bool over(ps now) const {
        return (config.duration && now >= config.start + config.duration) || (config.count && begun >= config.count);
    }

    // Time of the application's own, which interrupts and drivers come on top of.
    void work(host::cpu& c, ps base, ps octet, std::uint32_t octets) {
        const ps mean = base + octet * octets;
        const ps t = config.cost == 0 || mean == 0 ? mean : costs.exponential(mean);
        c.spend(cycle, static_cast<std::uint64_t>((t + c.period() / 2) / c.period()));
    }

    void begin(host::cpu& c, place& p) {
        if (over(c.now())) return;
        ++begun;
        p.busy = true;
        const auto octets = static_cast<std::uint32_t>(config.sizes == 0 ? config.size : sizes.between(config.least_size, config.greatest_size));
        p.task.inbound = in.far && (!out.far || begun % 2 == 0);
        p.octets = octets;
        work(c, config.before, config.before_octet, octets);
        fill(p, octets);
        p.task.length = static_cast<std::uint32_t>(made.size());
        put(c, p);
        if (uses_ipsec(config)) p.task.association = (p.task.inbound ? in : out).name;
        due.add();
        service.submit(c, by, p.task);
    }

    // To where it lies: memory of the host, or word by word into a device's.
    void put(host::cpu& c, place& p) {
        p.task.source = (device ? device() : memory) + p.offset;
        p.task.in_device = static_cast<bool>(device);
        p.task.destination = p.task.source + p.task.room;
        if (!device) {
            c.catch_up();
            return ram.write(p.task.source, made.data(), made.size(), c.now());
        }
        made.resize((made.size() + 3) & ~std::size_t{3});
        for (std::size_t n = 0; n < made.size(); n += 4)
            c.write(p.task.source + n, 4, made[n] | made[n + 1] << 8 | made[n + 2] << 16 | static_cast<std::uint32_t>(made[n + 3]) << 24);
    }
    // Into `made`.
    void get(host::cpu& c, const task& t) {
        made.resize((t.written + 3) & ~std::uint32_t{3});
        for (std::size_t n = 0; device && n < made.size(); n += 4) {
            const std::uint32_t v = c.read(t.destination + n, 4);
            for (unsigned k = 0; k < 4; ++k) made[n + k] = static_cast<std::uint8_t>(v >> 8 * k);
        }
        made.resize(t.written);
        if (!device) ram.read(t.destination, made.data(), made.size(), c.now());
    }

    // Into `made`: the packet that is handed over.
    void fill(place& p, std::uint32_t octets) {
        p.plain.clear();
        if (!uses_ipsec(config)) {
            for (std::uint32_t n = 0; n < octets; ++n) p.plain.push_back(static_cast<std::uint8_t>(begun * 7 + n));
            made = p.plain;
            return;
        }
        packet::ipv4_fields f;
        f.source = p.task.inbound ? there : here;
        f.destination = p.task.inbound ? here : there;
        f.protocol = experimental;
        f.identification = static_cast<std::uint16_t>(begun);
        packet::append_ipv4(p.plain, f, octets);
        for (std::uint32_t n = 0; n < octets; ++n) p.plain.push_back(static_cast<std::uint8_t>(begun + n));
        made = p.plain;
        if (!p.task.inbound) return;
        std::uint64_t sequence = 0;
        std::uint8_t iv[16];
        ipsec::work none;
        made.clear();
        in.far->draw(sequence, iv);
        ipsec::protect(*in.far, p.plain, sequence, iv, made, none);
    }

    void look_at(host::cpu& c, place& p) {
        const task& t = p.task;
        if (t.result != driver::status::done || t.verdict != static_cast<std::uint8_t>(ipsec::outcome::done)) return;
        if (!uses_ipsec(config)) {
            if (t.sequence != packet::crc32c(p.plain)) damaged.add();
            return;
        }
        get(c, t);
        ipsec::work none;
        const bool good = t.inbound ? made == p.plain : ipsec::unprotect(*out.far, made, opened, none) == ipsec::outcome::done && opened.packet == p.plain;
        if (!good) damaged.add();
    }

    // In what thread or handler ever: the rest is the application's own work.
    void came_back(host::cpu& c, task& t) {
        place& p = **std::find_if(places.begin(), places.end(), [&](const auto& one) { return &one->task == &t; });
        cpu.post(c.now(), [this, &p](host::cpu& k) {
            k.catch_up();
            look_at(k, p);
            work(k, config.after, config.after_octet, p.octets);
            p.busy = false;
            if (config.pace == 0 && found) begin(k, p);
        });
    }

    void fall_due(host::cpu& c) {
        if (over(c.now())) return;
        plan(next + (config.arrivals == 0 ? config.gap : gaps.exponential(config.gap)));
        const auto free = std::find_if(places.begin(), places.end(), [](const auto& p) { return !p->busy; });
        if (free != places.end()) return begin(c, **free);
        ++begun;
        due.add();
        lost.add();
    }
    void plan(ps at) {
        next = at;
        cpu.post(std::max(at, cpu.now()), [this](host::cpu& c) { fall_due(c); });
    }

    struct end {
        state::handle name;                              // in the pool
        std::unique_ptr<ipsec::association> far;         // of the application
    };
    secondary::crypto_load_config config;
    crypto_service& service;
    host::cpu& cpu;
    host::memory& ram;
    random_stream gaps, sizes, costs;
    counter &due, &lost, &damaged;
    unsigned by;
    end out, in;
    std::vector<std::unique_ptr<place>> places;
    std::function<std::uint64_t()> device;               // where its memory is; none: the host's
    std::uint64_t memory = 0;                            // of the host
    bool found = true;                                   // by the crypto API
    std::int64_t begun = 0;
    ps next = 0;
    bytes made;                                          // kept: not on a stack while time passes
    ipsec::opened opened;
};

crypto_load::crypto_load(sc_core::sc_module_name name, const config& c, ipsec::payload_kind payload, unsigned number, crypto_service& s, host::cpu& cpu,
                         host::memory& m)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, c, payload, number, s, cpu, m)) {}
crypto_load::~crypto_load() = default;

void crypto_load::keep_data_at(std::function<std::uint64_t()> address) { machinery_->device = std::move(address); }

void crypto_load::start_of_simulation() {
    machinery& m = *machinery_;
    if (m.config.pace != 0) return m.plan(m.config.start);
    for (const auto& p : m.places) m.cpu.post(m.config.start, [&m, &place = *p](host::cpu& c) { m.begin(c, place); });
}

void crypto_load::finished(host::cpu& c, task& t) { machinery_->came_back(c, t); }

}  // namespace nicteam::secondary
