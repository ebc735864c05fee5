// The stages where the crypto block will sit: every stamp before one stays, every stamp behind it moves by exactly its cycles.
#include <map>

#include <catch2/catch.hpp>

#include "unit/nic/rig.h"

using namespace nicteam;
using namespace nicteam::test;

namespace {

struct stamps : sim::packet_observer {
    std::map<std::string, ps> at;
    void born(trace_id, trace_id, const std::string&, std::uint32_t, ps) override {}
    void passed(trace_id, const stage_info& s, const std::string&, ps t) override { at[s.name] = t; }
    void ended(trace_id, const outcome_info&, const std::string&, ps) override {}
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
};

struct probe_log : sim::probe_sink {
    std::vector<ps> at;
    void change(const sim::probe&, ps past, std::uint64_t) override { at.push_back(past); }
};

struct story {
    stamps tx, rx;
    std::vector<ps> tx_bus, rx_bus;          // requests, first and last data of the NIC's tenures
    ps wire = never, interrupt = never, captured = never;
    std::vector<ps> rx_active;
};

struct capture : sim::capture_sink {
    ps at = never;
    void take(const sim::capture_point&, const frame_ref&, ps t, sim::direction d, const char*) override {
        if (d == sim::direction::in) at = t;
    }
};

story play(unsigned tx_stage, unsigned rx_stage) {
    fresh_kernel k;
    nic::nic_config c;
    c.tx_stage_clocks = tx_stage;
    c.rx_stage_clocks = rx_stage;
    rig r(c);
    story s;
    probe_log active;
    capture wire;
    for (sim::probe& p : sim::session::current().probes())
        if (p.path == "nic.rx_active") p.sink = &active;
    for (sim::capture_point& p : sim::session::current().captures())
        if (p.path == "nic.wire") p.sinks.push_back(&wire);
    const auto bus = [&] {
        std::vector<ps> v;
        for (const tenure_record& t : r.own()) v.insert(v.end(), {t.request, t.first, t.last, t.idle});
        r.log.log.clear();
        return v;
    };
    r.configure(rig::usual());
    r.ring(0x10000, 2);
    r.scb(0, 1, 0x10000);
    r.run_until_idle();
    r.ack(0xFF);
    r.transmit_block(0x1000, rig::payload(300));
    r.run(100 * microsecond - sim::now());
    r.log.log.clear();
    sim::session::current().observe(&s.tx);
    r.scb(1, 0, 0x1000);
    r.run_until_idle();
    s.tx_bus = bus();
    s.wire = r.cable.sent.at(0).octets.first();
    r.run(500 * microsecond - sim::now());
    r.ack(0xFF);
    const auto sent = s.tx.at;
    sim::session::current().observe(&s.rx);
    ref<frame> f = frame::make();
    f->data = rig::payload(300);
    packet::append_lazy_fcs(*f);
    f->id = 4711;
    r.sender.jobs.push_back({frame_ref(f), wire::wire_end::good, 600 * microsecond, 0});
    r.sender.start();
    r.run_until_idle();
    s.tx.at = sent;
    s.rx_bus = bus();
    s.interrupt = r.interrupt_at;
    s.captured = wire.at;
    s.rx_active = active.at;
    return s;
}

void moved(const std::vector<ps>& from, const std::vector<ps>& to, ps by) {
    REQUIRE(from.size() == to.size());
    for (std::size_t i = 0; i < from.size(); ++i) CHECK(to[i] - from[i] == by);
}
void moved(const story& from, const story& to, bool tx, const char* stage, ps by) {
    INFO(stage);
    const auto &a = tx ? from.tx.at : from.rx.at, &b = tx ? to.tx.at : to.rx.at;
    REQUIRE(a.count(stage) == 1);
    CHECK(b.at(stage) - a.at(stage) == by);
}

}  // namespace

TEST_CASE("identity stages move every later stamp by exactly their cycles and no earlier one") {
    const story plain = play(0, 0);
    REQUIRE(plain.rx_active.size() == 2);
    for (const unsigned tx : {0u, 1u, 7u, 100u})
        for (const unsigned rx : {0u, 1u, 7u, 1000u}) {
            INFO("transmit " << tx << ", receive " << rx);
            const story s = play(tx, rx);
            const ps out = tx * ps{80'000}, in = rx * ps{30'000};
            moved(plain, s, true, "nic_tx_fetch", 0);
            moved(plain.tx_bus, s.tx_bus, 0);
            moved(plain, s, true, "nic_tx_fifo_start", out);
            moved(plain, s, true, "wire_tx", out);
            CHECK(s.wire - plain.wire == out);
            moved(plain, s, false, "rx_first_octet", 0);
            CHECK(s.captured == plain.captured);
            moved(plain.rx_active, s.rx_active, 0);
            for (const char* stage : {"rx_in_fifo", "rx_dma_start", "rx_dma_done", "status_written", "interrupt"}) moved(plain, s, false, stage, in);
            moved(plain.rx_bus, s.rx_bus, in);
            CHECK(s.interrupt - plain.interrupt == in);
        }
}
