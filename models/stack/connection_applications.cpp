#include "nicteam/stack/connection_applications.h"

#include <stdexcept>

#include "nicteam/host/costs.h"
#include "nicteam/sim/session.h"

namespace nicteam::stack {
namespace {

// The stack's streams on one CPU.
class calls_on final : public tcp::stream_calls {
public:
    calls_on(host::cpu& c, streams& s, stream_user& u, bytes& room) : cpu_(c), streams_(s), user_(u), scratch_(room) {}
    state::handle connect(const packet::ip_address& to, std::uint16_t port) override {
        const bool six = to.version == 6;
        return streams_.connect(cpu_, {six ? *packet::documented(to) : to.v4(), port, six}, user_);
    }
    std::size_t room(state::handle h) const override { return streams_.room(h); }
    void send(state::handle h, packet::octets o) override { streams_.send(cpu_, h, o); }
    packet::octets readable(state::handle h) const override { return streams_.readable(h); }
    void consume(state::handle h, std::size_t n) override { streams_.consume(cpu_, h, n); }
    bool peer_closed(state::handle h) const override { return streams_.peer_closed(h); }
    void close(state::handle h) override { streams_.close(cpu_, h); }
    void abort(state::handle h) override { streams_.abort(cpu_, h); }
    void release(state::handle h) override { streams_.release(cpu_, h); }
    bytes& scratch() override { return scratch_; }

private:
    host::cpu& cpu_;
    streams& streams_;
    stream_user& user_;
    bytes& scratch_;
};

void charge(host::cpu& c, const tcp::exchanged& e) {
    if (e.sent) c.spend(of(host::cost::application_send));
    if (e.heard) {
        c.spend(of(host::cost::application_receive));
        c.spend(of(host::cost::verify_byte), e.heard);
    }
}

tcp::row_binder binder_of(sc_core::sc_object& o) {
    return {[&o](const metric_info& row) -> counter& { return sim::bind_counter(o, row); },
            [&o](const metric_info& row) -> histogram& { return sim::bind_histogram(o, row); }};
}

}  // namespace

struct opening_application::machinery {
    machinery(opening_application& a, const tcp::connections_config& c, std::uint16_t group, host::cpu& p, streams& s, const packet::ip_address& to)
        : user(a), cpu(p), below(s), end(c, group, to, binder_of(a)) {}

    void plan(ps now) {
        const ps next = end.next_at();
        if (next >= planned) return;
        planned = next;
        cpu.post(std::max(next, now), [this, next](host::cpu& c) {
            if (planned == next) planned = never;
            calls_on calls(c, below, user, scratch);
            charge(c, end.on_time(calls, c.now()));
            plan(c.now());
        });
    }

    stream_user& user;
    host::cpu& cpu;
    streams& below;
    tcp::opening_end end;
    bytes scratch;
    ps planned = never;
};

opening_application::opening_application(sc_core::sc_module_name n, const tcp::connections_config& c, std::uint16_t group, host::cpu& cpu, streams& s,
                                         const packet::ip_address& to)
    : sc_module(n), machinery_(std::make_unique<machinery>(*this, c, group, cpu, s, to)) {}
opening_application::~opening_application() = default;

void opening_application::watch(tcp::stream_observer& o) { machinery_->end.watch(o); }

void opening_application::start_of_simulation() { machinery_->plan(0); }

void opening_application::happened(host::cpu& c, state::handle h, std::uint32_t events) {
    machinery& m = *machinery_;
    calls_on calls(c, m.below, *this, m.scratch);
    charge(c, m.end.happened(calls, h, events, c.now()));
    m.plan(c.now());
}

struct listening_application::machinery {
    machinery(listening_application& a, streams& s) : below(s), end(binder_of(a)) {}
    streams& below;
    tcp::listening_end end;
    bytes scratch;
};

listening_application::listening_application(sc_core::sc_module_name n, std::uint16_t port, streams& s)
    : sc_module(n), machinery_(std::make_unique<machinery>(*this, s)) {
    if (!s.listen(port, *this)) throw std::invalid_argument(std::string(name()) + ": TCP port " + std::to_string(port) + " is taken");
}
listening_application::~listening_application() = default;

void listening_application::watch(tcp::stream_observer& o) { machinery_->end.watch(o); }

void listening_application::accepted(host::cpu&, state::handle h) { machinery_->end.accepted(h); }

void listening_application::happened(host::cpu& c, state::handle h, std::uint32_t events) {
    calls_on calls(c, machinery_->below, *this, machinery_->scratch);
    charge(c, machinery_->end.happened(calls, h, events, c.now()));
}

}  // namespace nicteam::stack
