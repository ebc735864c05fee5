#include <algorithm>
#include <vector>

#include "nicteam/host/costs.h"
#include "nicteam/ipsec/process.h"
#include "nicteam/secondary/remote_jobs_format.h"
#include "nicteam/sim/session.h"
#include "nicteam/stack/remote_jobs.h"

namespace nicteam::stack {
namespace {

using config = job_server_config;
using secondary::remote_status;
using secondary::remote_work;
constexpr const char* ours = "own choice";
constexpr std::uint32_t grown = 128;                     // what IPsec adds at most

constexpr parameter_info parameters[] = {
    {"port", quantity::count, "7007", "1", "65535", nullptr, "UDP port at which it listens", ours, store<&config::port>},
    {"places", quantity::count, "64", "1", "4096", nullptr, "jobs at a time; what comes then is told that there is no room", ours, store<&config::places>},
    {"longest", quantity::size, "2 KiB", "64 B", "60000 B", nullptr, "the longest packet or buffer; what is longer is malformed", ours, store<&config::longest>},
};
constexpr metric_info metrics[] = {
    {"requests", "jobs", "requests that came and were handed to the service"},
    {"malformed", "packets", "datagrams that are no request, or one of a session or a length that it has not"},
    {"full", "jobs", "requests that found all places taken"},
    {"replies_lost", "packets", "replies that found no room on their way out"},
};
enum : unsigned { m_requests, m_malformed, m_full, m_lost };
constexpr outcome_info outcomes[] = {
    {"job_request_taken", false, "a server of jobs took a request"},
    {"job_request_refused", false, "a server of jobs got a datagram that is no request, or found all its places taken, and says so"},
    {"job_reply_lost", true, "the stack did not take a server's reply", false, true},
};

std::uint32_t room_of(const config& c) { return (c.longest + grown + 31) & ~31u; }

remote_status status_of(const secondary::task& t) {
    switch (t.result) {
        case driver::status::done: return t.verdict == static_cast<std::uint8_t>(ipsec::outcome::done) ? remote_status::done : remote_status::not_verified;
        case driver::status::refused: return remote_status::refused;
        case driver::status::failed: return remote_status::failed;
        case driver::status::no_room: return remote_status::no_room;
        case driver::status::not_done: break;
    }
    return remote_status::not_done;
}

}  // namespace

const block_info job_server_info = {"job_server", "an application that takes jobs for a pool from elsewhere in the network", parameters, metrics, {}, {}, {}, {}, outcomes};

std::uint64_t take_memory(host::memory& m, const config& c) { return m.allocate(std::size_t{2} * c.places * room_of(c), 32); }

struct job_server::machinery {
    struct place {
        secondary::task task;
        secondary::remote_message asked;                 // its data is gone by the time of the reply
        destination back;
        bool busy = false;
    };
    struct session_of_one {
        driver::job_service work;
        std::function<state::handle(bool)> name;
    };

    machinery(job_server& o, const config& c, secondary::crypto_service& s, host::cpu& p, host::memory& m, socket& k)
        : setup(c), service(s), cpu(p), ram(m), out(k), station(sim::bind_station(o)), by(s.add_requester(o, o)), base(take_memory(m, c)) {
        for (unsigned n = 0; n < c.places; ++n) places.push_back(std::make_unique<place>());
        for (unsigned n = 0; n < std::size(metrics); ++n) counters[n] = &sim::bind_counter(o, metrics[n]);
    }

    void take(host::cpu& c, const arrival& a) {
        c.spend(of(host::cost::application_receive));
        const auto m = secondary::read_remote(a.data);
        const destination back{a.from, a.from_port, a.six};
        if (!m || m->kind != secondary::remote_kind::request || m->data.size > setup.longest || m->session >= sessions.size()) {
            counters[m_malformed]->add();
            station.ended(a.id, outcomes[1], c.now());
            secondary::remote_message no;
            if (m) no = *m;
            else if (const auto number = secondary::number_of_malformed(a.data)) no.number = *number;
            else return;                                 // who knows what it was
            if (!m || m->kind == secondary::remote_kind::request) reply(c, back, no, remote_status::malformed, 0, {});
            return;
        }
        const session_of_one& s = sessions[m->session];
        const bool digest = m->work == remote_work::crc32c;
        const auto free = std::find_if(places.begin(), places.end(), [](const auto& p) { return !p->busy; });
        if (digest != (s.work == driver::job_service::crc32c) || free == places.end()) {
            if (free == places.end()) counters[m_full]->add();
            station.ended(a.id, outcomes[1], c.now());
            return reply(c, back, *m, free == places.end() ? remote_status::no_room : remote_status::refused, 0, {});
        }
        counters[m_requests]->add();
        station.ended(a.id, outcomes[0], c.now());
        submit(c, **free, static_cast<std::size_t>(free - places.begin()), *m, back, s);
    }

    void submit(host::cpu& c, place& p, std::size_t n, const secondary::remote_message& m, destination back, const session_of_one& s) {
        p.busy = true;
        p.asked = m;
        p.back = back;
        secondary::task& t = p.task;
        t.service = s.work;
        t.inbound = m.work == remote_work::decrypt;
        t.association = s.work == driver::job_service::ipsec ? s.name(t.inbound) : state::handle{};
        t.room = room_of(setup);
        t.source = base + 2 * n * t.room;
        t.destination = t.source + t.room;
        t.length = static_cast<std::uint32_t>(m.data.size);
        c.spend(of(host::cost::copy_byte), m.data.size);
        c.catch_up();
        ram.write(t.source, m.data.data, m.data.size, c.now());
        service.submit(c, by, t);
    }

    void tell(host::cpu& c, place& p) {
        const secondary::task& t = p.task;
        const remote_status how = status_of(t);
        result.clear();
        if (how == remote_status::done && t.service == driver::job_service::ipsec) {
            c.catch_up();
            result.resize(t.written);
            ram.read(t.destination, result.data(), result.size(), c.now());
        }
        p.busy = false;
        reply(c, p.back, p.asked, how, how == remote_status::done ? t.sequence : 0, result);
    }

    void reply(host::cpu& c, const destination& to, secondary::remote_message m, remote_status how, std::uint64_t value, packet::octets data) {
        m.kind = secondary::remote_kind::reply;
        m.status = how;
        m.value = value;
        m.data = data;
        datagram.clear();
        secondary::append_remote(datagram, m);
        c.spend(of(host::cost::application_send));
        trace_id id = 0;
        if (station.watched()) {
            id = station.next_id();
            station.born(id, 0, on_wire(out.headers(to.six) + datagram.size()), c.now());
        }
        const sim::in_hand at_work(station, id);
        if (out.send(c, to, datagram, id, 0) == driver::status::done) return;
        counters[m_lost]->add();
        station.ended(id, outcomes[2], c.now());
    }

    config setup;
    secondary::crypto_service& service;
    host::cpu& cpu;
    host::memory& ram;
    socket& out;
    sim::station& station;
    unsigned by;
    std::uint64_t base;
    std::vector<std::unique_ptr<place>> places;
    std::vector<session_of_one> sessions;
    counter* counters[std::size(metrics)];
    bytes datagram, result;                              // kept here: time passes while they are needed
};

job_server::job_server(sc_core::sc_module_name name, const config& c, secondary::crypto_service& s, host::cpu& cpu, host::memory& m, socket& k)
    : sc_module(name), machinery_(std::make_unique<machinery>(*this, c, s, cpu, m, k)) {
    k.user(*this);
}
job_server::~job_server() = default;

unsigned job_server::add_session(driver::job_service work, std::function<state::handle(bool)> name) {
    machinery_->sessions.push_back({work, std::move(name)});
    return static_cast<unsigned>(machinery_->sessions.size() - 1);
}

void job_server::received(host::cpu& c, socket&, const arrival& a) { machinery_->take(c, a); }

// In what thread or handler ever: the reply is the application's own work.
void job_server::finished(host::cpu& c, secondary::task& t) {
    machinery& m = *machinery_;
    const auto at = std::find_if(m.places.begin(), m.places.end(), [&](const auto& p) { return &p->task == &t; });
    m.cpu.post(c.now(), [&m, &p = **at](host::cpu& k) { m.tell(k, p); });
}

}  // namespace nicteam::stack
