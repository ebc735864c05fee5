// A frame that somebody drops without a word is missed at the end of the run: two whole hosts, and one that loses it in between.
#include <catch2/catch.hpp>

#include "nicteam/check/conservation.h"
#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::check;
using namespace nicteam::test;

namespace {
constexpr unsigned victim = 5, datagrams = 20;

// Counts frames; the victim's begin, plans and end are kept from whoever stands behind.
class leak {
public:
    explicit leak(bool leaks) : leaks_(leaks) {}
    bool begins() { return gone_ = leaks_ && ++frames_ == victim; }
    bool gone() const { return gone_; }

private:
    bool leaks_, gone_ = false;
    unsigned frames_ = 0;
};
struct leaky_source : wire::wire_source {
    explicit leaky_source(bool leaks) : out(leaks) {}
    void begin(const frame_ref& f, const span& o) override { if (!out.begins()) to->begin(f, o); }
    void replan(const span& o) override { if (!out.gone()) to->replan(o); }
    void end(const frame_ref& f, wire::wire_end how) override { if (!out.gone()) to->end(f, how); }
    std::int64_t bits_per_second() const override { return to->bits_per_second(); }
    bool link_up() const override { return to->link_up(); }
    leak out;
    wire::wire_source* to = nullptr;
};
// A NIC whose plug leaks: on the way out, as if the wire swallowed a frame; on the way in, as if the NIC did.
struct leaky_plug : wire::wire_end_point, wire::wire_sink {
    leaky_plug(wire::wire_end_point& n, bool leaks_out, bool leaks_in) : nic(n), out(leaks_out), in(leaks_in) {}
    wire::wire_sink& receiver() override { return *this; }
    void plug(wire::wire_source& s) override {
        out.to = &s;
        nic.plug(out);
    }
    const char* end_point_name() const override { return nic.end_point_name(); }
    void begin(const frame_ref& f, const span& o) override { if (!in.begins()) nic.receiver().begin(f, o); }
    void replan(const span& o) override { if (!in.gone()) nic.receiver().replan(o); }
    void end(const frame_ref& f, wire::wire_end how) override { if (!in.gone()) nic.receiver().end(f, how); }
    void link(bool up, ps at) override { nic.receiver().link(up, at); }

    wire::wire_end_point& nic;
    leaky_source out;
    leak in;
};

// A driver that takes a frame out of its ring and forgets it.
struct forgetful : driver::adapter, driver::adapter_user {
    forgetful(driver::adapter& b, bool forgets) : below(b), in(forgets) { below.bind(*this); }
    const char* adapter_name() const override { return below.adapter_name(); }
    void bind(driver::adapter_user& u) override { user = &u; }
    const driver::capabilities& able() const override { return below.able(); }
    void send(host::cpu& c, const driver::packet_list& l, const driver::send_how& how) override { below.send(c, l, how); }
    void request(host::cpu& c, driver::control& r) override { below.request(c, r); }
    void submit(host::cpu& c, driver::job& j) override { below.submit(c, j); }
    void give_back(host::cpu& c, const driver::packet_list& l) override { below.give_back(c, l); }
    void halt(host::cpu& c, driver::halt_reason r) override { below.halt(c, r); }
    void sent(host::cpu& c, const driver::packet_list& l, driver::status s) override { user->sent(c, l, s); }
    void received(host::cpu& c, const driver::packet_list& l) override {
        if (in.begins()) below.give_back(c, l);
        else user->received(c, l);
    }
    void completed(host::cpu& c, driver::control& r) override { user->completed(c, r); }
    void finished(host::cpu& c, driver::job& j) override { user->finished(c, j); }
    void changed(host::cpu& c, const driver::link_state& s) override { user->changed(c, s); }

    driver::adapter& below;
    driver::adapter_user* user = nullptr;
    leak in;
};

// An application that takes a datagram and tells nobody.
struct silent : stack::socket_user {
    explicit silent(stack::socket& s) { s.user(*this); }
    void received(host::cpu&, stack::socket&, const stack::arrival&) override {}
};

enum class loser { nobody, wire, nic, driver, application };

// How the sender fares: well, or starved by its bus so that frames underrun and go out again.
enum class sender { healthy, starved };
machine_config faring(sender s) {
    machine_config c = numbered(1);
    if (s == sender::starved) {
        c.host.buses[0].bridge.read_wait = 29;
        c.host.buses[0].bridge.read_next_wait = 7;
        c.host.buses[0].bridge.read_boundary = 16;
        c.driver.transmit_threshold = 1;
    }
    return c;
}

struct experiment {
    explicit experiment(loser l, ps until = 40 * millisecond, sender s = sender::healthy)
        : a("a", faring(s)), host("b", numbered(2).host), nic("b_nic", numbered(2).nic, host.bus(), &host.interrupt_sink()),
          base("b_driver", numbered(2).driver, host.place_of(0, static_cast<unsigned>(numbered(2).nic.slot))), intermediary("b_intermediary"),
          between(base, l == loser::driver), plug_a(a.nic, l == loser::wire, false), plug_b(nic, false, l == loser::nic), cable("lan", {}, plug_a, plug_b),
          found(kernel.session(), counted(), [] {}), check(found) {
        kernel.session().observe(&check);
        host.install(nic.pci_device(), 0, static_cast<unsigned>(numbered(2).nic.slot));
        intermediary.attach(between);
        stack::protocol_stack_100 ip("b_stack", numbered(2).stack, intermediary, host.ram());
        stack::socket& in = ip.open_udp(9);
        std::unique_ptr<stack::sink_application> sink;
        std::unique_ptr<silent> nobody;
        if (l == loser::application) nobody = std::make_unique<silent>(in);
        else sink = std::make_unique<stack::sink_application>("sink", stack::sink_application_config{}, in);
        packet::traffic_config t;
        t.pace = packet::traffic_pace::frames;
        t.frames_per_second = 8000;
        t.frame_size = 600;
        t.count = datagrams;
        t.start = millisecond;
        t.stream = 1;
        packet::traffic_addresses to;
        to.destination_ip = ip.address();
        to.destination_port = 9;
        stack::traffic_application source("source", {}, a.host.cpu(), a.stack->open_udp(9000), t, to);
        kernel.session().settle_order();
        simulate(until);
        check.finish(sim::now(), kernel.session(), [](trace_id) { return "the test"; });
    }
    static check_config counted() {
        check_config c;
        c.conservation = 1;
        return c;
    }
    std::uint64_t breaches_found() const { return found.count(checker::conservation); }
    std::string first() const { return found.outcomes()[0].first; }

    fresh_kernel kernel;
    machine a;
    host::host host;
    nic::nic nic;
    driver::base_driver base;
    driver::intermediary_102 intermediary;
    forgetful between;
    leaky_plug plug_a, plug_b;
    wire::cable cable;
    breaches found;
    conservation check;
};
}  // namespace

TEST_CASE("Nobody loses a frame: all ended - and when the run stops amid traffic each one under way is claimed") {
    {
        experiment r(loser::nobody);
        CHECK(r.breaches_found() == 0);
        CHECK(r.check.packets_held() == 0);
        CHECK(r.check.packets_born() == datagrams + 2);      // and ARP's question and answer
    }
    std::uint64_t most = 0;
    for (ps until = millisecond; until < 3500 * microsecond; until += 97 * microsecond + 130 * nanosecond) {
        experiment r(loser::nobody, until);
        INFO("stopped at " << until << " ps: " << r.first());
        CHECK(r.breaches_found() == 0);
        most = std::max(most, r.check.packets_held());
    }
    CHECK(most >= 1);
}

TEST_CASE("A frame that the wire swallows has vanished") {
    experiment r(loser::wire);
    CHECK(r.breaches_found() == 1);
    CHECK(r.first().find("vanished: it has not ended and is nowhere, last seen in the test") != std::string::npos);
}

TEST_CASE("A frame that a NIC drops without ending it has vanished") {
    experiment r(loser::nic);
    CHECK(r.breaches_found() == 1);
}

TEST_CASE("A frame that a driver forgets has vanished") {
    experiment r(loser::driver);
    CHECK(r.breaches_found() == 1);
}

TEST_CASE("Datagrams that an application takes without a word have vanished") {
    experiment r(loser::application);
    CHECK(r.breaches_found() == datagrams);
}

TEST_CASE("A frame that vanishes is missed as well amid underruns and their retries") {
    {
        experiment r(loser::nobody, 40 * millisecond, sender::starved);
        CHECK(metric("a_nic.tx_underruns") > 10);
        CHECK(r.breaches_found() == 0);
    }
    for (const loser l : {loser::wire, loser::nic, loser::driver}) {
        experiment r(l, 40 * millisecond, sender::starved);
        INFO(static_cast<int>(l) << " held " << r.check.packets_held() << " born " << r.check.packets_born());
        CHECK(r.breaches_found() == 1);
    }
}
