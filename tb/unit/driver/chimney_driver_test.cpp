// Connections in a nic, over a real bus and a real wire: the chimney's layers over the nic's driver, the Offload Target in the nic, another host at the far end.
#include <catch2/catch.hpp>

#include <deque>

#include "nicteam/chimney/tli_switch_206.h"
#include "nicteam/driver/offload_port.h"
#include "nicteam/rings/framed_segment.h"
#include "nicteam/rings/offload_registers.h"
#include "nicteam/rings/offload_unit.h"
#include "nicteam/tcp/octet_pattern.h"
#include "unit/driver/two_ends.h"
#include "unit/tcp/bench.h"

using namespace nicteam;
using namespace nicteam::test;
using chimney::place;

namespace {

tcp::tcp_rules quick() {
    tcp::tcp_rules r;
    r.delayed_acknowledgements = false;
    r.cached.flags = 0;
    return r;
}

// TCP of a host without a stack: what its driver brings goes into a table, what that sends goes out.
struct station : adapter_user {
    station(adapter& below, host::host& h, const nicteam::packet::ip_address& own, const nicteam::packet::ip_address& other, const mac_address& mac, const mac_address& to)
        : below(below), host(h), mac(mac), table(by, [this](auto&, auto&) { return way; }, {own.v4(), 7}) {
        below.bind(*this);
        tcp::neighbor_cached hop_to;
        hop_to.destination = to;
        hop->update(hop_to);
        tcp::path_constant ends;
        ends.source = own;
        ends.destination = other;
        way = std::make_shared<tcp::path>(ends, tcp::path_cached{}, hop);
    }
    void send_all(host::cpu& c) {
        packet_list l;
        for (auto& s : std::exchange(r.segments, {})) {
            const bytes f = rings::frame_around(s.segment, *way, mac, {});
            packets.emplace_back();
            driver::packet& p = packets.back();
            p.bytes = static_cast<std::uint32_t>(f.size());
            p.pieces = {{host.ram().allocate(f.size(), 16), p.bytes}};
            host.ram().write(p.pieces[0].address, f.data(), f.size(), c.now());
            l.push_back(&p);
        }
        if (!l.empty()) below.send(c, l);
    }
    void received(host::cpu& c, const packet_list& l) override {
        for (driver::packet* p : l) {
            bytes f(p->bytes);
            std::uint32_t n = 0;
            for (const piece& q : p->pieces) host.ram().read(q.address, f.data() + n, q.bytes, c.now()), n += q.bytes;
            ++frames;
            if (const auto s = rings::segment_of(f))
                if (!elsewhere || !elsewhere(c, *s)) table.on_segment(c.now(), s->source, s->destination, s->segment, r);
        }
        below.give_back(c, l);
        if (heard) heard(c);
        send_all(c);
    }
    void sent(host::cpu&, const packet_list&, status s) override { not_sent += s != status::done; }
    void completed(host::cpu&, control&) override {}
    void finished(host::cpu&, job&) override {}
    void changed(host::cpu&, const link_state&) override {}

    adapter& below;
    host::host& host;
    mac_address mac;
    tcp::runner by{quick()};
    std::shared_ptr<tcp::neighbor> hop = std::make_shared<tcp::neighbor>();
    std::shared_ptr<tcp::path> way;
    tcp::connection_table table;
    tcp::results r;
    std::deque<driver::packet> packets;
    unsigned frames = 0, not_sent = 0;
    std::function<bool(host::cpu&, const rings::framed_segment&)> elsewhere;
    std::function<void(host::cpu&)> heard;
};

constexpr mac_address mac_a{2, 0, 0, 0, 0, 1}, mac_b{2, 0, 0, 0, 0, 2};
const nicteam::packet::ip_address ip_a(0x0A000001u), ip_b(0x0A000002u);

nic::nic_config with_target(rings::offload_processor p = rings::offload_processor::microcontroller) {
    nic::nic_config n;
    n.identity = nic::nic_identity::extended;
    n.chimney.enable = true;
    n.chimney.processor = p;
    return n;
}
base_driver_config with_driver() {
    base_driver_config d;
    d.chimney = true;
    return d;
}

struct quiet_end {
    quiet_end(const char* name, const base_driver_config& d, const char* mac, const nic::nic_config& n)
        : host(name, host::host_config{}), nic((std::string(name) + "_nic").c_str(), end::nic_of(mac, n), host.bus(), &host.interrupt_sink()),
          driver((std::string(name) + "_driver").c_str(), end::with(d, mac), host.place_of(0, 0)) {
        host.install(nic.pci_device(), 0, 0);
    }
    host::host host;
    nic::nic nic;
    base_driver driver;
};

// Host a with the chimney's layers, host b without.
struct offloading : chimney::act_observer, chimney::switch_user, chimney::answers, driver::offload_user {
    explicit offloading(const nic::nic_config& n = with_target()) : a("a", with_driver(), "02:00:00:00:00:01", n), b("b", {}, "02:00:00:00:00:02", {}), cable("lan", {}, a.nic, b.nic) {
        port->bind(*this, *this);
        one.elsewhere = [this](host::cpu& c, const rings::framed_segment& s) { return transport.take(c.now(), s.source, s.destination, s.segment); };
        one.heard = [this](host::cpu& c) { port->flush(c); };
        other.table.listen(80, 5000);
    }
    quiet_end a, b;
    wire::cable cable;
    station one{a.driver, a.host, ip_a, ip_b, mac_a, mac_b}, other{b.driver, b.host, ip_b, ip_a, mac_b, mac_a};
    offload_port* port = a.driver.offload();
    chimney::chimney_options options;
    chimney::minidriver_210 mini{port->table(), *this};
    chimney::framing_layer_214 framing{mini, options, *this};
    chimney::network_layer_212 network{framing, mini, options, *this};
    chimney::transport_layer_210 transport{one.table, one.r, network, mini, *this};
    chimney::tli_switch_206 top{transport, one.table, one.r, mini, *this, *this};
    std::vector<place> moves;
    std::vector<chimney::refusal> refusals;
    std::vector<chimney::reason> asked_back;
    bytes heard;                                 // of the device
    bool first = true;
    tcp::sequence next = 0;
    unsigned gaps = 0;

    void acted(chimney::act, std::size_t) override {}
    void moved(ps, std::uint64_t, place p, chimney::refusal f) override { moves.push_back(p), refusals.push_back(f); }
    void answered(host::cpu& c) override {
        port->flush(c);
        one.send_all(c);
    }
    void offloaded(ps now, chimney::ticket t, state::block_list l) override { mini.offloaded(now, t, std::move(l)); }
    void written(ps now, chimney::ticket t, chimney::status s) override { mini.written(now, t, s); }
    void updated(ps now, chimney::ticket t, chimney::status s) override { mini.updated(now, t, s); }
    void uploaded(ps now, chimney::ticket t, state::block_list l) override { mini.uploaded(now, t, std::move(l)); }
    void asked(ps now, chimney::ticket t, chimney::status s, const bytes& p) override { mini.asked(now, t, s, p); }
    void sent_on(ps now, chimney::ticket t, chimney::status s) override { mini.sent_on(now, t, s); }
    void indicated(ps now, state::handle h, chimney::reason r) override {
        asked_back.push_back(r);
        mini.indicated(now, h, r);
    }
    void happened(ps, state::handle h, const chimney::happening& w) override {
        if (std::exchange(first, false)) next = w.from;
        const auto again = static_cast<std::size_t>(next - w.from);
        if (w.octets.size && tcp::before(next, w.from)) ++gaps;
        if (w.octets.size <= again) return;
        heard.insert(heard.end(), w.octets.data + again, w.octets.data + w.octets.size);
        next = w.from + static_cast<tcp::sequence>(w.octets.size);
        consume.push_back({h, w.octets.size - again});
    }
    std::vector<std::pair<state::handle, std::size_t>> consume;

    // On the CPU of host a.
    template <class F>
    void does(ps at, F f) {
        a.host.cpu().post(at, [this, f](host::cpu& c) {
            f(c);
            port->flush(c);
            one.send_all(c);
        });
    }
    std::uint64_t name = 0;
    state::handle opened;
    void connect(std::uint16_t from = 4000) {
        does(10 * millisecond, [this, from](host::cpu& c) { opened = one.table.connect(c.now(), {ip_a, ip_b, from, 80}, one.r); });
        simulate(15 * millisecond);
        name = top.add(opened);
        REQUIRE(name);
    }
    const tcp::connection* far(std::uint16_t from = 4000) { return other.table.find(other.table.named({ip_b, ip_a, 80, from})); }
    bytes far_heard(std::uint16_t from = 4000) {
        const auto* c = far(from);
        return c ? bytes(c->received().data(), c->received().data() + c->received().size()) : bytes{};
    }
    void far_sends(ps at, bytes what, std::uint16_t from = 4000) {
        b.host.cpu().post(at, [this, what, from](host::cpu& c) {
            other.table.use(other.table.named({ip_b, ip_a, 80, from}), other.r, [&](tcp::connection& it, tcp::actions& x) { it.send(c.now(), what, x); });
            other.send_all(c);
        });
    }
};

bytes pattern(std::size_t n, std::uint64_t from = 0) {
    bytes b(n);
    for (std::size_t i = 0; i < n; ++i) b[i] = static_cast<std::uint8_t>((from + i) * 2'654'435'761u >> 13);
    return b;
}

}  // namespace

TEST_CASE("a connection goes into a nic, sends and receives there, and comes back", "[chimney_driver]") {
    fresh_kernel k;
    const auto processor = GENERATE(rings::offload_processor::microcontroller, rings::offload_processor::state_machine);
    offloading o(with_target(processor));
    o.connect();
    o.does(sim::now(), [&](host::cpu& c) { o.top.offload(c.now(), {o.name}); });
    simulate(2 * millisecond);
    REQUIRE(o.moves == std::vector<place>{place::device});
    CHECK(o.top.where(o.name) == place::device);
    CHECK(o.a.nic.chimney()->device().target().used().connections == 1);

    const unsigned before = o.one.frames;
    const bytes down = pattern(30'000), up = pattern(40'000, 99'991);
    o.does(sim::now(), [&](host::cpu& c) { o.top.send(c.now(), o.name, down); });
    o.far_sends(sim::now(), up);
    simulate(30 * millisecond);
    CHECK(o.far_heard() == down);
    CHECK(o.heard == up);
    CHECK(o.gaps == 0);
    CHECK(o.one.frames == before);               // none of its segments went to the host
    CHECK(metric("a_nic.chimney.segments_in") >= 40'000 / 1460);
    CHECK(metric("a_nic.chimney.segments_out") >= 30'000 / 1460);

    o.does(sim::now(), [&](host::cpu& c) {
        for (const auto& [h, n] : o.consume) o.top.consume(c.now(), o.name, n);
        o.top.upload(c.now(), {o.name});
    });
    simulate(5 * millisecond);
    REQUIRE(o.top.where(o.name) == place::host);
    CHECK(o.a.nic.chimney()->device().target().used().connections == 0);
    const bytes more = pattern(5'000, 30'000);
    o.does(sim::now(), [&](host::cpu& c) { o.top.send(c.now(), o.name, more); });
    simulate(5 * millisecond);
    bytes all(down);
    all.insert(all.end(), more.begin(), more.end());
    CHECK(o.far_heard() == all);
    CHECK(o.one.not_sent + o.other.not_sent == 0);
}

TEST_CASE("a nic that has more frames of its own than its FIFO holds sends them one behind the other", "[chimney_driver]") {
    fresh_kernel k;
    nic::nic_config few = with_target();
    few.chimney.frames = 2;                      // with three that wait it takes up nothing, so that nothing but room itself wakes it
    offloading o(few);
    o.connect();
    o.does(sim::now(), [&](host::cpu& c) { o.top.offload(c.now(), {o.name}); });
    simulate(2 * millisecond);
    REQUIRE(o.top.where(o.name) == place::device);
    const bytes down = pattern(30'000);
    o.does(sim::now(), [&](host::cpu& c) { o.top.send(c.now(), o.name, down); });
    simulate(6 * millisecond);                   // 2.5 ms of 100 Mb/s, and no timer of TCP
    CHECK(o.far_heard() == down);
}

TEST_CASE("what a connection has sent while it was on its way into a nic arrives once and in order", "[chimney_driver]") {
    fresh_kernel k;
    offloading o;
    o.connect();
    // Both ends speak at the same time as it moves, every fifty microseconds.
    bytes sent, told;
    for (unsigned n = 0; n < 40; ++n) {
        const ps at = sim::now() + n * 50 * microsecond;
        const bytes piece = pattern(700, n * 700), back = pattern(900, 1'000'000 + n * 900);
        sent.insert(sent.end(), piece.begin(), piece.end());
        told.insert(told.end(), back.begin(), back.end());
        o.does(at, [&o, piece](host::cpu& c) { o.top.send(c.now(), o.name, piece); });
        o.far_sends(at + 7 * microsecond, back);
        if (n % 13 == 3) o.does(at + 20 * microsecond, [&o](host::cpu& c) { o.top.offload(c.now(), {o.name}); });
        if (n % 13 == 10) o.does(at + 20 * microsecond, [&o](host::cpu& c) { o.top.upload(c.now(), {o.name}); });
    }
    simulate(500 * millisecond);
    CHECK(o.far_heard() == sent);
    // All of it is unread: it went along each time.
    REQUIRE(o.top.where(o.name) != place::gone);
    if (o.top.where(o.name) == place::device) {
        o.does(sim::now(), [&](host::cpu& c) { o.top.upload(c.now(), {o.name}); });
        simulate(10 * millisecond);
    }
    REQUIRE(o.top.where(o.name) == place::host);
    const auto* c = o.one.table.find(o.transport.in_host(o.name));
    REQUIRE(c);
    CHECK(bytes(c->received().data(), c->received().data() + c->received().size()) == told);
    CHECK(o.moves.size() >= 3);
}

TEST_CASE("a nic that is reset loses its connections and says so", "[chimney_driver]") {
    fresh_kernel k;
    offloading o;
    o.connect();
    o.does(sim::now(), [&](host::cpu& c) { o.top.offload(c.now(), {o.name}); });
    simulate(2 * millisecond);
    REQUIRE(o.top.where(o.name) == place::device);
    fault("a_driver", "reset", true, sim::now());
    simulate(50 * millisecond);
    CHECK(o.asked_back == std::vector<chimney::reason>{chimney::reason::lost});
    CHECK(o.top.where(o.name) == place::gone);
    CHECK(metric("a_driver.chimney.lost") == 1);
    // The next one runs there again.
    o.connect(4001);
    o.does(sim::now(), [&](host::cpu& c) { o.top.offload(c.now(), {o.name}); });
    simulate(2 * millisecond);
    CHECK(o.top.where(o.name) == place::device);
}

TEST_CASE("a nic may be reset at any moment", "[chimney_driver]") {
    fresh_kernel k;
    offloading o;
    unsigned there = 0;
    for (unsigned n = 0; n < 40; ++n) {
        const auto port = static_cast<std::uint16_t>(4100 + n);
        if (n) simulate(15 * millisecond);
        o.does(sim::now() + (n ? 0 : 10 * millisecond), [&o, port](host::cpu& c) { o.opened = o.one.table.connect(c.now(), {ip_a, ip_b, port, 80}, o.one.r); });
        simulate(12 * millisecond);
        const std::uint64_t name = o.top.add(o.opened);
        REQUIRE(name);
        o.does(sim::now(), [&o, name](host::cpu& c) { o.top.offload(c.now(), {name}); });
        o.does(sim::now() + 300 * microsecond, [&o, name](host::cpu& c) { o.top.send(c.now(), name, pattern(20'000)); });
        o.far_sends(sim::now() + 300 * microsecond, pattern(20'000), port);
        simulate(n * 53 * microsecond + n * 7'919);
        there += o.top.where(name) == place::device;
        fault("a_driver", "reset", true, sim::now());
        simulate(30 * millisecond);
        // In the host again or gone, and nobody waits for an answer that never comes.
        const place now = o.top.where(name);
        CHECK((now == place::host || now == place::gone));
        CHECK(o.a.nic.chimney()->device().target().used().connections == 0);
    }
    CHECK(there > 10);
    CHECK(metric("a_driver.chimney.lost") >= there);
}

TEST_CASE("a list of two hundred connections goes down in one question and comes back in one", "[chimney_driver]") {
    fresh_kernel k;
    offloading o;
    constexpr unsigned many = 200;
    std::vector<std::uint64_t> names;
    std::vector<state::handle> handles;
    for (unsigned n = 0; n < many; ++n)
        o.does(10 * millisecond + n * 100 * microsecond, [&o, &handles, n](host::cpu& c) {
            handles.push_back(o.one.table.connect(c.now(), {ip_a, ip_b, static_cast<std::uint16_t>(5000 + n), 80}, o.one.r));
        });
    simulate(60 * millisecond);
    for (const state::handle h : handles) names.push_back(o.top.add(h));
    o.does(sim::now(), [&](host::cpu& c) { o.top.offload(c.now(), names); });
    simulate(100 * millisecond);
    for (const chimney::refusal& f : o.refusals) REQUIRE(std::string(f.layer ? std::string(f.layer) + ": " + to_text(f.why) : "") == "");
    for (const std::uint64_t n : names) REQUIRE(o.top.where(n) == place::device);
    CHECK(o.a.nic.chimney()->device().target().used().paths == 1);
    const std::uint64_t asked = metric("a_driver.chimney.asked");
    o.does(sim::now(), [&](host::cpu& c) { o.top.upload(c.now(), names); });
    simulate(100 * millisecond);
    for (const std::uint64_t n : names) REQUIRE(o.top.where(n) == place::host);
    CHECK(metric("a_driver.chimney.asked") == asked + 1);
    CHECK(o.a.nic.chimney()->device().target().used().neighbours == 0);
}

TEST_CASE("what a nic's Offload Target is set to, its registers say", "[chimney_driver]") {
    namespace reg = rings::offload_registers;
    struct setting {
        const char *key, *written;
        rings::register_row told;
        std::uint32_t value;
    };
    const setting settings[] = {
        {"neighbours", "3", reg::neighbours, 3},           {"paths", "5", reg::paths, 5},
        {"connections", "7", reg::connections, 7},         {"most_window", "8 KiB", reg::most_window, 8'192},
        {"send_queue", "9000 B", reg::send_capacity, 9'000}, {"ring_depth", "512", reg::ring_depth, 512},
        {"longest_question", "64 KiB", reg::longest_question, 65'536},
    };
    nic::nic_config n = with_target();
    for (const setting& s : settings)
        for (const parameter_info& row : rings::offload_unit_info.parameters)
            if (std::string(row.name) == s.key) {
                value v;
                std::string why;
                v.text = s.written;
                if (row.kind == quantity::count) v.integer = std::stoi(s.written);
                else REQUIRE(parse_quantity(row.kind, s.written, v, why));
                row.store(&n.chimney, v);
            }
    fresh_kernel k;
    offloading o(n);
    std::vector<std::uint32_t> told;
    std::uint32_t running = 0;
    o.does(15 * millisecond, [&](host::cpu& c) {
        const std::uint64_t window = c.read_configuration(0, 0x10 + 4 * 5, 4) & ~0xFu;
        for (const setting& s : settings) told.push_back(c.read(window + s.told.offset, 4));
        running = c.read(window + reg::status.offset, 4);
        c.write(window + reg::neighbours.offset, 4, 99);              // read only
        c.write(window + reg::question_size.offset, 4, 99);           // not while it runs
        told.push_back(c.read(window + reg::neighbours.offset, 4));
        told.push_back(c.read(window + reg::question_size.offset, 4));
        c.write(window + reg::question_tail.offset, 4, 100'000);      // beyond the ring
        told.push_back(c.read(window + reg::status.offset, 4));
    });
    simulate(20 * millisecond);
    REQUIRE(told.size() == std::size(settings) + 3);
    for (std::size_t i = 0; i < std::size(settings); ++i) CHECK(told[i] == settings[i].value);
    CHECK(running == reg::status_running);
    CHECK(told[std::size(settings)] == 3);
    CHECK(told[std::size(settings) + 1] == 256);
    CHECK(told[std::size(settings) + 2] == (reg::status_running | reg::status_refused));
}

TEST_CASE("an Offload Target with little room loses frames, and no octet", "[chimney_driver]") {
    fresh_kernel k;
    nic::nic_config n = with_target();
    n.chimney.frames = n.chimney.questions = n.chimney.buffers = 1;
    n.chimney.period = 200'000;                  // 5 MHz: a processor that lags behind the line
    offloading o(n);
    o.connect();
    o.does(sim::now(), [&](host::cpu& c) { o.top.offload(c.now(), {o.name}); });
    simulate(5 * millisecond);
    REQUIRE(o.top.where(o.name) == place::device);
    bytes down, up;
    for (unsigned m = 0; m < 30; ++m) {
        const bytes piece = pattern(500, m * 500), back = pattern(1'400, 5'000'000 + m * 1'400);
        down.insert(down.end(), piece.begin(), piece.end());
        up.insert(up.end(), back.begin(), back.end());
        o.does(sim::now() + m * 20 * microsecond, [&o, piece](host::cpu& c) { o.top.send(c.now(), o.name, piece); });
        o.far_sends(sim::now() + m * 20 * microsecond, back);
    }
    for (unsigned s = 0; s < 60; ++s) {
        // Who waits for a timer of TCP at the far end: its station has none of its own.
        o.b.host.cpu().post(sim::now(), [&o](host::cpu& c) {
            if (o.other.table.next_deadline() <= c.now()) o.other.table.on_timer(c.now(), o.other.r);
            o.other.send_all(c);
        });
        simulate(100 * millisecond);
    }
    CHECK(metric("a_nic.chimney.dropped") > 0);
    CHECK(o.far_heard() == down);
    CHECK(o.heard == up);
    CHECK(o.gaps == 0);
    CHECK(o.a.nic.chimney()->device().target().used().connections == 1);
}

TEST_CASE("the processor of an Offload Target takes the cycles of its table", "[chimney_driver]") {
    fresh_kernel k;
    const auto processor = GENERATE(rings::offload_processor::microcontroller, rings::offload_processor::state_machine);
    nic::nic_config n = with_target(processor);
    n.chimney.period = 10'000;
    offloading o(n);
    const auto busy = [&](auto&& what) {
        const std::uint64_t before = metric("a_nic.chimney.busy");
        o.does(sim::now(), what);
        simulate(5 * millisecond);
        return metric("a_nic.chimney.busy") - before;
    };
    simulate(15 * millisecond);
    const auto cycles = [&](rings::offload_work w, std::uint64_t times = 1) { return cycles_of(processor, w, times) * 10'000; };
    using rings::offload_work;
    // A question of nobody's connection that has no answer; one that has; a list of two objects.
    CHECK(busy([&](host::cpu& c) { o.port->table().consume(c.now(), {1, 1}, 0); }) == cycles(offload_work::question));
    CHECK(busy([&](host::cpu& c) { o.mini.update(c.now(), {1, 1}, {}, [](ps, chimney::status) {}); }) == cycles(offload_work::question) + cycles(offload_work::answer));
    const bool micro = processor == rings::offload_processor::microcontroller;
    CHECK(cycles(offload_work::question) == (micro ? 100u : 4u) * 10'000);
    CHECK(cycles_of(processor, tcp::step::segment_out, 3) == (micro ? 450 : 18));
}
