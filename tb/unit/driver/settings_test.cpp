// Each setting of the base driver has an effect that can be seen: on what is received, on the bus, on the wire, in time.
#include <algorithm>

#include <catch2/catch.hpp>

#include "nicteam/packet/fcs.h"
#include "unit/driver/two_ends.h"

using namespace nicteam;
using namespace nicteam::driver;
using namespace nicteam::test;

namespace {

// The far end of a cable: it sends any octets, with a good FCS or a bad one.
struct sender : sc_core::sc_module, wire::wire_end_point, private wire::wire_sink {
    explicit sender(sc_core::sc_module_name n) : sc_module(n) { SC_THREAD(run); }
    SC_HAS_PROCESS(sender);
    wire::wire_sink& receiver() override { return *this; }
    void plug(wire::wire_source& s) override { line = &s; }
    const char* end_point_name() const override { return name(); }
    void begin(const frame_ref&, const span&) override {}
    void replan(const span&) override {}
    void end(const frame_ref&, wire::wire_end) override {}
    void run() {
        wait(sim::to_sc_time(millisecond));
        for (const auto& [data, good] : frames) {
            auto f = frame::make();
            f->data = data;
            nicteam::packet::append_lazy_fcs(*f);
            nicteam::packet::ensure_fcs(*f);
            if (!good) f->data.back() ^= 1;
            const span octets = wire::octet_plan(sim::now(), static_cast<std::uint32_t>(f->data.size() + wire::preamble_octets), line->bits_per_second());
            line->begin(f, octets);
            wait(sim::to_sc_time(octets.last() - sim::now()));
            line->end(f, good ? wire::wire_end::good : wire::wire_end::bad_fcs);
            wait(sim::to_sc_time(50 * microsecond));
        }
    }
    wire::wire_source* line = nullptr;
    std::vector<std::pair<bytes, bool>> frames;
};

struct arriving {
    const char* to = "02:00:00:00:00:02";
    std::size_t octets = 100;                     // without FCS
    bool good_fcs = true;
};
bytes frame_of(const arriving& a) {
    bytes f(a.octets);
    for (std::size_t n = 0; n < f.size(); ++n) f[n] = static_cast<std::uint8_t>(n);
    const auto to = *nicteam::packet::parse_mac(a.to);
    std::copy(to.begin(), to.end(), f.begin());
    f[12] = type >> 8;
    f[13] = type & 0xFF;
    return f;
}

// What became of one frame.
struct fate {
    std::vector<bytes> got;
    std::uint64_t errors, bytes_to_memory, bursts;
};
fate receive(const arriving& a, const base_driver_config& d, const set_filter* f = nullptr) {
    test::fresh_kernel k;
    end b("b", d, "02:00:00:00:00:02");
    sender s("s");
    wire::cable lan("lan", {}, s, b.nic);
    s.frames.push_back({frame_of(a), a.good_fcs});
    set_filter filter = f ? *f : set_filter{};
    if (f) b.host.cpu().post(800 * microsecond, [&](host::cpu& c) { b.driver.request(c, filter); });
    const auto bursts = [] { return metric("b.pci0.bridge.dma_writes"); };
    const auto octets = [] { return metric("b.pci0.bridge.dma_written_bytes"); };
    simulate(millisecond);
    const std::uint64_t bursts_before = bursts(), octets_before = octets();
    simulate(2 * millisecond);
    return {b.stack.got, metric("b_driver.receive_errors"), octets() - octets_before, bursts() - bursts_before};
}

constexpr const char* everybody = "ff:ff:ff:ff:ff:ff";
constexpr const char* group = "01:00:5e:00:00:01";
}  // namespace

TEST_CASE("Each receive setting decides what comes up", "[driver]") {
    struct row {
        const char* what;
        arriving frame;
        void (*set)(base_driver_config&);
        std::size_t without, with;                // frames handed up
        std::uint64_t errors_with;                // bad frames that come to memory
    };
    const row rows[] = {
        {"promiscuous", {"02:00:00:00:00:77"}, [](base_driver_config& d) { d.promiscuous = true; }, 0, 1, 0},
        {"long_frames", {"02:00:00:00:00:02", 1600}, [](base_driver_config& d) { d.long_frames = true; }, 0, 1, 0},
        {"save_bad", {"02:00:00:00:00:02", 100, false}, [](base_driver_config& d) { d.save_bad = true; }, 0, 0, 1},
        {"discard_short", {"02:00:00:00:00:02", 40}, [](base_driver_config& d) { d.discard_short = false; }, 0, 0, 1},
    };
    for (const row& r : rows) {
        INFO(r.what);
        base_driver_config d;
        d.receive_buffer = 2000;
        const fate before = receive(r.frame, d);
        r.set(d);
        const fate after = receive(r.frame, d);
        CHECK(before.got.size() == r.without);
        CHECK(before.errors == 0);
        CHECK(after.got.size() == r.with);
        CHECK(after.errors == r.errors_with);
        if (r.with) CHECK(after.got.at(0) == frame_of(r.frame));
    }
}

TEST_CASE("Each part of a filter request decides what comes up", "[driver]") {
    struct row {
        const char* what;
        const char* to;
        void (*set)(set_filter&);
        std::size_t without, with;
    };
    const row rows[] = {
        {"broadcast", everybody, [](set_filter& f) { f.broadcast = false; }, 1, 0},
        {"all_multicast", group, [](set_filter& f) { f.all_multicast = true; }, 0, 1},
        {"multicast", group, [](set_filter& f) { f.multicast = {*nicteam::packet::parse_mac(group)}; }, 0, 1},
        {"promiscuous", "02:00:00:00:00:77", [](set_filter& f) { f.promiscuous = true; }, 0, 1},
    };
    for (const row& r : rows) {
        INFO(r.what);
        set_filter f;
        CHECK(receive({r.to}, {}, &f).got.size() == r.without);
        r.set(f);
        CHECK(receive({r.to}, {}, &f).got.size() == r.with);
    }
}

TEST_CASE("The FCS comes to memory when it is asked for and is no part of the packet", "[driver]") {
    base_driver_config d;
    const arriving a{};
    const fate without = receive(a, d);
    d.crc_to_memory = true;
    const fate with = receive(a, d);
    CHECK(without.got == std::vector<bytes>{frame_of(a)});
    CHECK(with.got == without.got);
    CHECK(with.bytes_to_memory == without.bytes_to_memory + 4);
}

TEST_CASE("The receive FIFO's limit sets how much a burst brings", "[driver]") {
    base_driver_config d;
    d.rx_fifo_limit = 0;
    const fate large = receive({"02:00:00:00:00:02", 1514}, d);
    d.rx_fifo_limit = 15;
    const fate small = receive({"02:00:00:00:00:02", 1514}, d);
    CHECK(large.got == small.got);
    CHECK(small.bursts > large.bursts);
}

namespace {
struct sending {
    std::uint64_t done, interrupts, driver_underruns, nic_underruns;
    std::size_t arrived;
    std::size_t octets;                           // of the first that arrived
};
sending send(unsigned packets, unsigned octets, const base_driver_config& d, const host::host_config& h = {}) {
    test::fresh_kernel k;
    base_driver_config receiver;
    receiver.discard_short = false;
    pair p(d, receiver, {}, {}, h);
    std::vector<driver::packet*> l;
    for (unsigned n = 0; n < packets; ++n) l.push_back(&p.a.make(octets));
    p.send(millisecond, l);
    simulate(millisecond);
    const std::uint64_t before = metric("a_driver.interrupts");
    simulate(5 * millisecond);
    return {static_cast<std::uint64_t>(p.a.stack.by_status[status::done]), metric("a_driver.interrupts") - before, metric("a_driver.underruns"),
            metric("a_nic.tx_underruns"), p.b.stack.got.size(), p.b.stack.got.empty() ? 0 : p.b.stack.got[0].size()};
}
}  // namespace

TEST_CASE("Who reaps sent packets is asked for: every so many commands or when the unit is idle", "[driver]") {
    struct row { unsigned completion_interrupt; bool interrupt_when_idle; std::uint64_t done; bool interrupts; };
    const row rows[] = {{0, false, 0, false}, {0, true, 8, true}, {1, false, 8, true}, {5, false, 5, true}, {16, false, 0, false}};
    for (const row& r : rows) {
        INFO(r.completion_interrupt << ' ' << r.interrupt_when_idle);
        base_driver_config d;
        d.completion_interrupt = r.completion_interrupt;
        d.interrupt_when_idle = r.interrupt_when_idle;
        const sending s = send(8, 1000, d);
        CHECK(s.arrived == 8);
        CHECK(s.done >= r.done);
        CHECK(s.done <= (r.done == 5 ? 7 : r.done));      // later commands may be complete when the fifth is seen
        CHECK((s.interrupts > 0) == r.interrupts);
    }
}

TEST_CASE("A transmit threshold below what the bus can keep up with underruns and the driver counts it", "[driver]") {
    host::host_config slow;
    slow.buses[0].bridge.read_boundary = 16;
    slow.buses[0].bridge.read_wait = 29;
    slow.buses[0].bridge.read_next_wait = 7;
    base_driver_config d;
    const sending whole = send(1, 1514, d, slow);
    CHECK(whole.driver_underruns == 0);
    d.transmit_threshold = 1;
    d.underrun_retry = 0;
    const sending once = send(1, 1514, d, slow);
    CHECK(once.driver_underruns == 1);
    CHECK(once.nic_underruns == 1);
    CHECK(once.arrived == 0);
    d.underrun_retry = 3;
    const sending again = send(1, 1514, d, slow);
    CHECK(again.driver_underruns == 1);
    CHECK(again.arrived == 1);                    // by then the FIFO holds enough of it
}

TEST_CASE("Short packets are padded or stay short", "[driver]") {
    base_driver_config d;
    CHECK(send(1, 30, d).octets == 60);
    d.padding = false;
    CHECK(send(1, 30, d).arrived == 0);           // a runt: the other driver counts it
}

TEST_CASE("Waiting times of the start and of a counter dump are kept", "[driver]") {
    struct row {
        const char* what;
        void (*set)(base_driver_config&);
        bool of_start;
        ps least;
    };
    const row rows[] = {
        {"reset_time", [](base_driver_config& d) { d.reset_time = 300 * microsecond; }, true, 300 * microsecond},
        {"block_poll", [](base_driver_config& d) { d.block_poll = 400 * microsecond; }, true, 400 * microsecond},
        {"statistics_poll", [](base_driver_config& d) { d.statistics_poll = 250 * microsecond; }, false, 250 * microsecond},
    };
    struct times { ps start, dump; };
    const auto measure = [](const base_driver_config& d) {
        test::fresh_kernel k;
        pair p(d);
        read_statistics r;
        p.a.host.cpu().post(millisecond, [&](host::cpu& c) { p.a.driver.request(c, r); });
        ps dump = never;
        for (ps t = millisecond; dump == never && t < 2 * millisecond; t += microsecond) {
            simulate(t - sim::now());
            if (!p.a.stack.requests.empty()) dump = t - millisecond;
        }
        return times{p.a.stack.links.at(0).since, dump};
    };
    const times plain = measure({});
    CHECK(plain.start < 200 * microsecond);
    CHECK(plain.dump < 100 * microsecond);
    for (const row& r : rows) {
        INFO(r.what);
        base_driver_config d;
        r.set(d);
        const times t = measure(d);
        CHECK((t.start >= r.least) == r.of_start);
        CHECK((t.dump >= r.least) == !r.of_start);
    }
}

TEST_CASE("A command that is not accepted within the polls counts as hung", "[driver]") {
    const auto hung = [](unsigned polls) {
        test::fresh_kernel k;
        nic::nic_config slow;
        slow.ru_accept = slow.cu_accept = 400;
        base_driver_config d;
        d.accept_polls = polls;
        pair p(d, {}, {}, slow);
        simulate(2 * millisecond);
        CHECK(p.a.driver.ready() == (metric("a_driver.hung_commands") == 0));
        return metric("a_driver.hung_commands");
    };
    CHECK(hung(20'000) == 0);
    CHECK(hung(1) > 0);
}

namespace {
// The bytes of the Configure block that the driver has written to memory.
bytes configured(end& e) {
    bytes memory(1 << 18);
    e.host.ram().read(0, memory.data(), memory.size(), sim::now());
    const bytes marks{22, 8};                     // bytes 0 and 1 of the block's body; 8 and 10 are 01h and 2Eh
    auto at = memory.begin();
    do at = std::search(at + 1, memory.end(), marks.begin(), marks.end());
    while (at < memory.end() - 22 && (at[8] != 0x01 || at[10] != 0x2E));
    REQUIRE(at < memory.end() - 22);
    return bytes(at, at + 22);
}
}  // namespace

TEST_CASE("Priorities are written to the Configure block as they are set and as the controller knows them") {
    struct row {
        nic::nic_identity who;
        unsigned linear, after, threshold;        // as set
        unsigned byte_11, bit_12_0, bits_18_6_4;  // as written
    };
    constexpr auto oldest = nic::nic_identity::i82557, newer = nic::nic_identity::i82558, newest = nic::nic_identity::i82559;
    const row rows[] = {
        {oldest, 0, 0, 7, 0, 0, 7}, {oldest, 3, 0, 7, 3, 0, 7}, {oldest, 7, 1, 7, 7, 1, 7}, {oldest, 0, 1, 2, 0, 1, 7},
        {newer, 0, 0, 7, 0, 1, 7},  {newer, 0, 0, 0, 0, 1, 0},  {newest, 0, 0, 5, 0, 1, 5}, {newest, 6, 0, 3, 0, 1, 3},
    };
    for (const row& r : rows) {
        INFO("identity " << static_cast<int>(r.who) << ", set " << r.linear << ' ' << r.after << ' ' << r.threshold);
        test::fresh_kernel k;
        base_driver_config d;
        d.linear_priority = r.linear;
        d.linear_priority_after = r.after;
        d.priority_threshold = r.threshold;
        nic::nic_config n;
        n.identity = r.who;
        end e("e", d, "02:00:00:00:00:01", n);
        simulate(2 * millisecond);
        const bytes b = configured(e);
        CHECK(b[11] == r.byte_11);
        CHECK(b[12] == (0x60 | r.bit_12_0));
        CHECK((b[18] >> 4 & 7) == r.bits_18_6_4);
        CHECK(metric("e_nic.refused_configuration") == 0);
    }
}

// With this driver's buffers no burst covers whole lines from their start, so what is seen are the two permissions themselves.
TEST_CASE("Memory write and invalidate is allowed by firmware in the header and by the driver in the Configure command", "[driver]") {
    for (const bool firmware : {false, true})
        for (const bool setting : {false, true}) {
            test::fresh_kernel k;
            host::host_config h;
            h.firmware.write_and_invalidate = firmware;
            base_driver_config d;
            d.write_and_invalidate = setting;
            end e("e", d, "02:00:00:00:00:01", {}, h);
            std::uint32_t command = 0;
            e.host.cpu().post(millisecond, [&](host::cpu& c) { command = c.read_configuration(0, 0x04, 2); });
            simulate(2 * millisecond);
            CHECK((command >> 4 & 1) == firmware);
            CHECK((configured(e)[3] & 1) == setting);
        }
}

TEST_CASE("The MDI register is ready when its frame has passed", "[driver]") {
    for (const ps mdi_frame : {10 * microsecond, 80 * microsecond}) {
        test::fresh_kernel k;
        nic::nic_config n;
        n.mdi_frame = mdi_frame;
        end e("e", {}, "02:00:00:00:00:01", n);
        constexpr std::uint32_t mdi = 0x10, read_word_1 = 2u << 26 | 1u << 21 | 1u << 16, ready = 1u << 28;
        ps begun = 0, over = 0;
        e.host.cpu().post(millisecond, [&](host::cpu& c) {
            c.write(host::memory_window(0) + mdi, 4, read_word_1);
            begun = c.now();
            while (!(c.read(host::memory_window(0) + mdi, 4) & ready)) {}
            over = c.now();
        });
        simulate(2 * millisecond);
        CHECK(over - begun > mdi_frame);
        CHECK(over - begun < mdi_frame + 2 * microsecond);
    }
}
