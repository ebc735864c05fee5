#include "nicteam/tcp/connections.h"

#include "nicteam/tcp/connection.h"

namespace nicteam::tcp {
namespace {

using c = connections_config;
constexpr parameter_info parameters[] = {
    {"from", quantity::text, nullptr, nullptr, nullptr, nullptr, "who opens them and asks: a peer, a host, or a host by one of its nics or teams", "scenario", store<&c::from>},
    {"to", quantity::text, nullptr, nullptr, nullptr, nullptr, "who listens and answers: a peer, a host, or one of its nics or teams", "scenario", store<&c::to>},
    {"port", quantity::count, "5000", "1", "65535", nullptr, "TCP port that is listened at", "choice: one of which tools do not think that they know the protocol", store<&c::port>},
    {"ip_version", quantity::choice, "4", nullptr, nullptr, "4|6", "version of IP; 6: between addresses 2001:db8:: with the IPv4 address in the last 32 bits, neighbours are known",
     "RFC 791, RFC 8200, RFC 3849", store<&c::ip_version>},
    {"count", quantity::count, "1", "1", "4000000", nullptr, "connections", "scenario", store<&c::count>},
    {"start", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "when the first one is opened", "scenario", store<&c::start>},
    {"interval", quantity::time, "0 ps", "0 ps", "1000 s", nullptr, "between one and the next; 0: all are opened at once", "scenario", store<&c::interval>},
    {"rounds", quantity::count, "1", "1", "4000000000", nullptr, "requests on each connection, each answered before the next", "source document 002, 14-16: one on each", store<&c::rounds>},
    {"request", quantity::size, "100 B", "32 B", "1 GiB", nullptr, "octets of a request; the first 32 tell the other end what to answer", "source document 002, 15: 100 B to 1000 B",
     store<&c::request>},
    {"response", quantity::size, "1000 B", "0 B", "1 GiB", nullptr, "octets of a response", "scenario", store<&c::response>},
    {"pause", quantity::time, "0 ps", "0 ps", "100000 s", nullptr, "from the end of a response to the next request on its connection", "scenario", store<&c::pause>},
    {"closing", quantity::choice, "client", nullptr, nullptr, "client|server|nobody",
     "who closes first when all is said: `client`, who opened it; `server`, who listens; with `nobody` connections stay open", "RFC 9293, 3.6", store<&c::closing>},
    {"half_close", quantity::flag, "false", nullptr, nullptr, nullptr, "who opened it closes its half behind its last request, before the response", "source document 002, 15: HTTP/1.0",
     store<&c::half_close>},
};

enum client_row : unsigned { r_completed, r_failed, r_rounds, r_sent, r_received, r_damaged, r_cut_short, r_time_to_open, r_round_time };
constexpr metric_info client_rows[] = {
    {"completed", "connections", "connections whose last response came whole"},
    {"failed", "connections", "connections that could not be opened, or ended before their last response"},
    {"rounds", "requests", "requests answered"},
    {"octets_sent", "B", "octets handed to TCP"},
    {"octets_received", "B", "octets taken from TCP"},
    {"damaged", "connections", "times that octets came which were not those that were sent"},
    {"cut_short", "connections", "connections that the other end closed before all had come, or that brought more than that"},
    {"time_to_open", "ps", "from opening to the end of the handshake", metric_info::histogram},
    {"round_time", "ps", "from a request's first octet handed to TCP to its response's last octet taken", metric_info::histogram},
};
enum server_row : unsigned { s_served, s_rounds, s_sent, s_received, s_damaged, s_cut_short, s_foreign, s_request_time };
constexpr metric_info server_rows[] = {
    {"served", "connections", "connections taken"},
    {"rounds", "requests", "requests answered: the response handed to TCP"},
    {"octets_sent", "B", "octets handed to TCP"},
    {"octets_received", "B", "octets taken from TCP"},
    {"damaged", "connections", "times that octets came which were not those that were sent"},
    {"cut_short", "connections", "connections that the other end closed within a request"},
    {"foreign", "connections", "connections that brought no request of [[connections]]: aborted"},
    {"request_time", "ps", "from a request's first octet handed to TCP by who asked to its response handed to TCP here", metric_info::histogram},
};

// A stream of which an observer is told. `out` names what is sent on it, asked when something is: who listens knows it no sooner.
class watched_stream final : public octet_stream {
public:
    watched_stream(stream_calls& c, state::handle h, stream_observer* w, ps now, std::function<stream_name()> out)
        : below_(c, h), watcher_(w), now_(now), out_(std::move(out)) {}
    std::size_t room() const override { return below_.room(); }
    void send(packet::octets o) override {
        if (watcher_) watcher_->handed(out_(), o, now_);
        below_.send(o);
    }
    packet::octets readable() const override { return below_.readable(); }
    void consume(std::size_t n) override {
        if (watcher_) watcher_->taken(in(), below_.readable().first(n), now_);
        below_.consume(n);
    }
    bool peer_closed() const override { return below_.peer_closed(); }
    void close() override { below_.close(); }
    void abort() override { below_.abort(); }
    bytes& scratch() override { return below_.scratch(); }

    // Behind a pump: who listens knows then whose it is. That a stream is over is no sign of FIN: a reset ends it as well.
    void settle(std::uint32_t events) const {
        if (watcher_ && events & event::peer_closed) watcher_->ended(in(), readable().size, now_);
    }

private:
    stream_name in() const {
        stream_name n = out_();
        n.answers = !n.answers;
        return n;
    }
    stream_of below_;
    stream_observer* watcher_;
    ps now_;
    std::function<stream_name()> out_;
};

void add(exchanged& all, const exchanged& e) {
    all.sent += e.sent;
    all.heard += e.heard;
    all.rounds += e.rounds;
    all.damaged |= e.damaged;
    all.cut_short |= e.cut_short;
    all.foreign |= e.foreign;
}

}  // namespace

const block_info connections_info = {"connections", "TCP connections with verifiable octets: who opens them asks, who listens answers",
                                     parameters, client_rows, {}, {}, {}, {}, {}};
const block_info listener_info = {"listener", "an application that answers what [[connections]] ask, at one TCP port", {}, server_rows, {}, {}, {}, {}, {}};

std::vector<std::string> problems_of(const connections_config& c) {
    std::vector<std::string> found;
    if (c.half_close && c.closing == closing::nobody) found.emplace_back("half_close closes one half, closing = \"nobody\" none: one of them");
    if (c.half_close && c.closing == closing::server) found.emplace_back("with half_close it is the client that closes first, not closing = \"server\"");
    return found;
}

opening_end::opening_end(const connections_config& c, std::uint16_t group, const packet::ip_address& to, const row_binder& b)
    : config_(c), to_(to), failed_(b.count(client_rows[r_failed])), completed_(b.count(client_rows[r_completed])), rounds_(b.count(client_rows[r_rounds])),
      sent_(b.count(client_rows[r_sent])), heard_(b.count(client_rows[r_received])), damaged_(b.count(client_rows[r_damaged])),
      cut_short_(b.count(client_rows[r_cut_short])), time_to_open_(b.samples(client_rows[r_time_to_open])), round_time_(b.samples(client_rows[r_round_time])) {
    plan_.group = group;
    plan_.rounds = static_cast<std::uint32_t>(c.rounds);
    plan_.request = static_cast<std::uint32_t>(c.request);
    plan_.response = static_cast<std::uint32_t>(c.response);
    plan_.pause = c.pause;
    plan_.closing = c.closing;
    plan_.half_close = c.half_close;
}

ps opening_end::next_at() const {
    const bool more = all_.size() < static_cast<std::size_t>(config_.count);
    const ps open_at = more ? config_.start + static_cast<ps>(all_.size()) * config_.interval : never;
    return pauses_.empty() ? open_at : std::min(open_at, pauses_.top().first);
}

exchanged opening_end::on_time(stream_calls& s, ps now) {
    exchanged done;
    while (next_at() <= now) {
        if (pauses_.empty() || pauses_.top().first > now) {
            open(s, now, done);
            continue;
        }
        const std::uint32_t number = pauses_.top().second;
        pauses_.pop();
        if (!all_[number].over) pump(s, number, now, done);
    }
    return done;
}

void opening_end::open(stream_calls& s, ps now, exchanged&) {
    const auto number = static_cast<std::uint32_t>(all_.size());
    all_.push_back({exchange_client(plan_, number), {}, now});
    const state::handle h = s.connect(to_, static_cast<std::uint16_t>(config_.port));
    all_[number].handle = h;
    if (!h) {
        all_[number].over = true;
        failed_.add();
        return;
    }
    if (number_of_.size() <= h.index) number_of_.resize(h.index + 1, UINT32_MAX);
    number_of_[h.index] = number;
}

bool opening_end::has(state::handle h) const {
    return h.index < number_of_.size() && number_of_[h.index] != UINT32_MAX && all_[number_of_[h.index]].handle == h && !all_[number_of_[h.index]].over;
}

exchanged opening_end::happened(stream_calls& s, state::handle h, std::uint32_t events, ps now) {
    exchanged done;
    if (!has(h)) return done;
    const std::uint32_t number = number_of_[h.index];
    if (events & event::connected) time_to_open_.add(now - all_[number].opened_at);
    pump(s, number, now, done, events);
    one& o = all_[number];
    if (!(events & event::closed)) return done;
    o.over = true;
    if (!o.talk.finished()) failed_.add();
    s.release(h);
    return done;
}

void opening_end::pump(stream_calls& s, std::uint32_t number, ps now, exchanged& all, std::uint32_t events) {
    one& o = all_[number];
    const bool before = o.talk.finished();
    watched_stream stream(s, o.handle, watcher_, now, [&] { return stream_name{plan_.group, number, false}; });
    const exchanged e = o.talk.pump(stream, now);
    stream.settle(events);
    add(all, e);
    sent_.add(e.sent);
    heard_.add(e.heard);
    rounds_.add(e.rounds);
    if (e.rounds) round_time_.add(e.round_time);
    if (e.damaged) damaged_.add();
    if (e.cut_short) cut_short_.add();
    if (!before && o.talk.finished()) completed_.add();
    if (e.rounds && o.talk.next_at() != never && !o.talk.finished()) pauses_.push({o.talk.next_at(), number});
}

listening_end::listening_end(const row_binder& b)
    : served_(b.count(server_rows[s_served])), rounds_(b.count(server_rows[s_rounds])), sent_(b.count(server_rows[s_sent])),
      heard_(b.count(server_rows[s_received])), damaged_(b.count(server_rows[s_damaged])), cut_short_(b.count(server_rows[s_cut_short])),
      foreign_(b.count(server_rows[s_foreign])), request_time_(b.samples(server_rows[s_request_time])) {}

void listening_end::accepted(state::handle h) {
    if (all_.size() <= h.index) all_.resize(h.index + 1);
    all_[h.index] = std::make_unique<one>();
    all_[h.index]->handle = h;
    served_.add();
}

exchanged listening_end::happened(stream_calls& s, state::handle h, std::uint32_t events, ps now) {
    if (h.index >= all_.size() || !all_[h.index] || all_[h.index]->handle != h) return {};
    one& o = *all_[h.index];
    watched_stream stream(s, h, watcher_, now, [&o] { return stream_name{o.talk.group(), o.talk.connection(), true}; });
    const exchanged e = o.talk.pump(stream, now);
    stream.settle(events);
    sent_.add(e.sent);
    heard_.add(e.heard);
    rounds_.add(e.rounds);
    if (e.rounds) request_time_.add(e.round_time);
    if (e.damaged) damaged_.add();
    if (e.cut_short) cut_short_.add();
    if (e.foreign) foreign_.add();
    if (events & event::closed) {
        all_[h.index].reset();
        s.release(h);
    }
    return e;
}

}  // namespace nicteam::tcp
