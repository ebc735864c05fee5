// Devices that come, go and are reset while the bus works, against clocked ones: random instants, every stamp equal. What they claim and
// whether they may be masters is told to them by configuration cycles, as it would be.
#include <catch2/catch.hpp>

#include <cstdio>
#include <map>
#include <memory>
#include <sstream>

#include "nicteam/pci/device.h"
#include "reference/pci/slot.h"
#include "system/compare/bus_agents.h"
#include "system/compare/difference.h"
#include "system/compare/random.h"
#include "unit/fresh_kernel.h"

namespace {

using namespace compare;

constexpr unsigned configurations = 600;
constexpr std::uint64_t slot_base = 0x4000'0000;
constexpr std::uint32_t window = 0x1000;

struct slotted_bus {
    plain::setup bus;
    std::vector<plain::slot_setup> slots;
    std::vector<std::int64_t> rst;
};

std::uint64_t base_of(std::size_t slot) { return slot_base + slot * 0x10000; }

// ---------------------------------------------------------------- random
plain::item random_item(random_source& r, const slotted_bus& b) {
    plain::item i;
    const auto slot = static_cast<std::size_t>(r.below(static_cast<std::int64_t>(b.slots.size())));
    i.command = r.any<unsigned>({plain::memory_read, plain::memory_write, plain::memory_read_line, plain::memory_read_multiple,
                                 plain::memory_write_and_invalidate});
    i.address = (r.one_in(4) ? 0x1000 : base_of(slot)) + static_cast<std::uint64_t>(r.below(window / 2));
    if (!r.one_in(4)) i.address &= ~3ull;
    i.bytes = static_cast<std::uint32_t>(r.one_in(3) ? r.between(1, 8) : r.one_in(2) ? r.between(4, 128) : r.between(100, 900));
    if (i.command == plain::memory_write_and_invalidate && !r.one_in(4)) i.address &= ~63ull;
    return i;
}

// What firmware and the software of hot plug do: base address, latency timer, then the command register.
void set_up(plain::master_setup& m, const slotted_bus& b, std::size_t slot, std::int64_t at, random_source& r) {
    const auto write = [&](unsigned reg, std::int64_t data) {
        plain::item i;
        i.command = plain::configuration_write;
        i.address = static_cast<std::uint64_t>(b.slots[slot].device) << 11 | reg;
        i.data = data;
        i.arrival = at;
        m.items.push_back(i);
    };
    write(0x10, static_cast<std::int64_t>(base_of(slot)));
    write(0x0C, r.any<std::int64_t>({0, 4, 8}) | r.between(0, 40) << 8);
    write(0x04, 6);
}

std::vector<std::int64_t> instants(random_source& r, std::int64_t horizon, std::int64_t period, std::int64_t most) {
    std::vector<std::int64_t> v;
    for (std::int64_t n = r.between(0, most); n; --n) {
        const std::int64_t t = r.below(horizon * period);
        v.push_back(r.one_in(2) ? t / period * period : t);
    }
    std::sort(v.begin(), v.end());
    v.erase(std::unique(v.begin(), v.end()), v.end());
    return v;
}

slotted_bus random_slots(std::uint64_t seed, unsigned index) {
    random_source r(seed, index);
    slotted_bus b;
    plain::setup& s = b.bus;
    s.period = r.any<std::int64_t>({30'000, 30'000, 15'000, 30'303});
    s.phase = r.one_in(2) ? r.below(s.period) : 0;
    s.arbiter = r.one_in(3) ? plain::arbitration::fixed : plain::arbitration::round_robin;
    s.parking = r.any({plain::parking::last, plain::parking::first, plain::parking::none});
    const std::int64_t horizon = r.between(300, 3000), load = r.any<std::int64_t>({20, 60, 120, 200});
    plain::target_setup memory;
    memory.size = 0x10000;
    memory.first_wait = {static_cast<unsigned>(r.below(6)), 0};
    s.targets.push_back(memory);
    b.slots.resize(static_cast<std::size_t>(r.between(1, 3)));
    for (std::size_t n = 0; n < b.slots.size(); ++n) {
        plain::slot_setup& one = b.slots[n];
        one.device = static_cast<int>(n) + 1;
        one.present = !r.one_in(4);
        one.ready_after = r.one_in(2) ? 0 : r.below(200) * s.period;
        one.answers.first_wait = {static_cast<unsigned>(r.below(9)), 0};
        one.answers.next_wait = {0, static_cast<unsigned>(r.below(4))};
        one.answers.boundary = r.any<std::uint32_t>({0, 0, 16, 64});
        one.answers.boundary_with_data = r.one_in(2);
        if (r.one_in(3)) one.answers.pattern = r.any<const char*>({"r.", "..a", "..r", ".a"});
        one.changes = instants(r, horizon, s.period, 6);
        for (std::int64_t& t : one.changes) t += t % s.period ? 0 : s.phase;
    }
    if (r.one_in(2)) {
        b.rst = instants(r, horizon, s.period, 4);
        if (r.one_in(2)) b.rst.insert(b.rst.begin(), 0);       // a cold start
        b.rst.erase(std::unique(b.rst.begin(), b.rst.end()), b.rst.end());
    }
    const std::size_t plain_masters = static_cast<std::size_t>(r.between(1, 2));
    s.masters.resize(plain_masters);
    const auto fill = [&](plain::master_setup& m, bool sets_up) {
        for (std::int64_t t = 0;;) {
            plain::item i = random_item(r, b);
            t += r.below(2 * (12 + plain::words_of(i.address, i.bytes)) * static_cast<std::int64_t>(plain_masters + b.slots.size()) * 100 /
                         load * s.period);
            if (t >= horizon * s.period) break;
            if (sets_up && r.one_in(5)) {
                set_up(m, b, static_cast<std::size_t>(r.below(static_cast<std::int64_t>(b.slots.size()))), t, r);
                continue;
            }
            i.arrival = t;
            m.items.push_back(i);
        }
    };
    for (std::size_t m = 0; m < s.masters.size(); ++m) {
        s.masters[m].latency_timer = static_cast<unsigned>(r.between(0, 64));
        fill(s.masters[m], m == 0);
    }
    for (plain::slot_setup& one : b.slots) fill(one.own, false);
    // Soon after each change somebody sets the device up, or tries to.
    for (std::size_t n = 0; n < b.slots.size(); ++n) {
        std::vector<std::int64_t> times = b.slots[n].changes;
        times.insert(times.end(), b.rst.begin(), b.rst.end());
        times.push_back(0);
        for (std::int64_t t : times) set_up(s.masters[0], b, n, t + r.below(120) * s.period, r);
    }
    auto& items = s.masters[0].items;
    std::stable_sort(items.begin(), items.end(), [](const plain::item& x, const plain::item& y) { return x.arrival < y.arrival; });
    s.until = 4 * horizon * s.period + 1;
    return b;
}

// ---------------------------------------------------------------- the model
pci::configuration_space header() {
    pci::configuration_space c;
    c.declare(0x00, 4, 0x12298086);
    c.declare(0x04, 2, 0, 0x0006);
    c.declare(0x06, 2, 0x0220);
    c.declare(0x0C, 1, 0, 0xFF);
    c.declare(0x0D, 1, 0, 0xFF);
    c.declare_bar(0, window, false);
    return c;
}

class card : public sc_core::sc_module, public pci::function {
public:
    SC_HAS_PROCESS(card);
    card(sc_core::sc_module_name name, pci::bus& bus, const plain::slot_setup& own, int pair)
        : sc_module(name), own_(own), bus_(bus), box_("box", bus, own.device, header(), nullptr, pair) {
        box_.attach(*this);
        if (!own.present) box_.leave_out();
        for (const plain::item& i : own.own.items) {
            pci::transfer& t = transfers_.emplace_back();
            data_.emplace_back(i.bytes);
            t.address = i.address;
            t.bytes = i.bytes;
            t.data = data_.back().data();
            t.command = static_cast<pci::command>(i.command);
        }
        SC_METHOD(step);
        sensitive << next_event_;
        dont_initialize();
        arm();
    }
    std::uint32_t read(unsigned, std::uint32_t, unsigned, ps) override { return 0; }
    void write(unsigned, std::uint32_t, unsigned, std::uint32_t, ps) override {}
    pci::answer respond(unsigned, std::uint32_t offset, bool) override { return planned_answer(own_.answers, tenures_++, offset, 4); }
    bool configurable(ps at) const override { return at > ready_from_; }
    void ended(pci::transfer&, pci::transfer_result, ps) override {}
    void reset(pci::reset_kind k, ps at) override {
        if (k != pci::reset_kind::power_down) ready_from_ = at + own_.ready_after;
    }

private:
    void arm() {
        ps t = never;
        if (next_ < transfers_.size()) t = own_.own.items[next_].arrival;
        if (changed_ < own_.changes.size()) t = std::min(t, own_.changes[changed_]);
        if (t != never) next_event_.notify(sim::to_sc_time(t - sim::now()));
    }
    void step() {
        const ps now = sim::now();
        for (; changed_ < own_.changes.size() && own_.changes[changed_] <= now; ++changed_) box_.set_present(!box_.present(), now);
        for (; next_ < transfers_.size() && own_.own.items[next_].arrival <= now; ++next_)
            if (box_.present() && !bus_.rst().low()) box_.start(transfers_[next_], bus_.clock().at_or_after(now));
        arm();
    }
    const plain::slot_setup& own_;
    pci::bus& bus_;
    pci::device box_;
    std::deque<pci::transfer> transfers_;
    std::deque<std::vector<std::uint8_t>> data_;
    std::size_t next_ = 0, changed_ = 0;
    std::uint64_t tenures_ = 0;
    ps ready_from_ = -1;
    sc_core::sc_event next_event_;
};

class reset_driver : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(reset_driver);
    reset_driver(sc_core::sc_module_name name, pci::bus& b, const std::vector<std::int64_t>& times)
        : sc_module(name), bus_(b), times_(times) {
        SC_METHOD(step);
    }

private:
    void step() {
        for (; next_ < times_.size() && times_[next_] <= sim::now(); ++next_) bus_.rst().drive(!bus_.rst().low(), sim::now());
        if (next_ < times_.size()) next_trigger(sim::to_sc_time(times_[next_] - sim::now()));
    }
    pci::bus& bus_;
    const std::vector<std::int64_t>& times_;
    std::size_t next_ = 0;
};

std::string run_on_model(const slotted_bus& b) {
    test::fresh_kernel kernel;
    recorder log(b.bus.period);
    {
        pci::bus bus("bus", config_of(b.bus));
        bus.observe(log);
        reset_driver rst("rst", bus, b.rst);
        std::deque<worker> masters;
        for (const plain::master_setup& m : b.bus.masters) masters.emplace_back(std::to_string(masters.size()).c_str(), bus, m);
        std::deque<responder> targets;
        for (const plain::target_setup& t : b.bus.targets) targets.emplace_back(sc_core::sc_gen_unique_name("target"), bus, t);
        std::deque<card> cards;
        for (const plain::slot_setup& s : b.slots)
            cards.emplace_back(sc_core::sc_gen_unique_name("card"), bus, s, static_cast<int>(masters.size() + cards.size()));
        kernel.session().settle_order();
        sc_core::sc_start(sim::to_sc_time(b.bus.until));
    }
    return log.text;
}

// ---------------------------------------------------------------- both
std::string run_on_reference(const slotted_bus& b) { return plain::run_slots(b.bus, b.slots, b.rst); }

std::string described(const slotted_bus& b) {
    std::ostringstream out;
    plain::setup s = b.bus;
    for (const plain::slot_setup& one : b.slots) {
        s.masters.push_back(one.own);
        s.targets.push_back(one.answers);
        out << "slot " << one.device << " present=" << one.present << " ready_after=" << one.ready_after << " changes";
        for (std::int64_t t : one.changes) out << ' ' << t;
        out << '\n';
    }
    out << "RST#";
    for (std::int64_t t : b.rst) out << ' ' << t;
    out << '\n';
    plain::write(out, s);
    return out.str();
}

template <class T>
bool drop_some(slotted_bus& b, std::vector<T>& list) {
    bool smaller = false;
    for (std::size_t n = list.size(); n >= 1; n /= 2)
        for (std::size_t i = 0; i + n <= list.size();) {
            const auto whole = list;
            list.erase(list.begin() + static_cast<std::ptrdiff_t>(i), list.begin() + static_cast<std::ptrdiff_t>(i + n));
            if (run_on_reference(b) != run_on_model(b)) smaller = true;
            else list = whole, i += n;
        }
    return smaller;
}

slotted_bus shrink(slotted_bus b) {
    for (bool smaller = true; smaller;) {
        smaller = drop_some(b, b.rst);
        for (plain::master_setup& m : b.bus.masters) smaller |= drop_some(b, m.items);
        for (plain::slot_setup& s : b.slots) {
            smaller |= drop_some(b, s.own.items);
            smaller |= drop_some(b, s.changes);
        }
    }
    return b;
}

}  // namespace

TEST_CASE("every stamp of a bus whose devices come and go and are reset equals the clocked reference") {
    const selection chosen(configurations);
    std::map<std::string, std::size_t> seen;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        const slotted_bus b = random_slots(chosen.seed, i);
        const std::string expected = run_on_reference(b), found = run_on_model(b);
        std::istringstream in(expected);
        for (std::string m, c, a, w, r, at, d, idle, done, why; in >> m >> c >> a >> w >> r >> at >> d >> idle >> done >> why;) {
            ++seen[why];
            if (c == "A" || c == "B") ++seen["configuration " + why];
            if (std::stoul(m) >= b.bus.masters.size()) ++seen["device as master: " + why];
        }
        if (expected == found) continue;
        const slotted_bus small = shrink(b);
        FAIL(chosen.name(i) << '\n' << difference(run_on_reference(small), run_on_model(small)) << '\n' << described(small));
    }
    for (const auto& [what, n] : seen) std::printf("%s: %zu\n", what.c_str(), n);
    if (std::getenv("NICTEAM_COMPARE")) return;
    for (const char* what :
         {"completed", "disconnect", "retry", "master_abort", "target_abort", "configuration completed", "configuration retry",
          "configuration master_abort", "device as master: completed", "device as master: limited"}) {
        INFO(what);
        CHECK(seen[what] > configurations / 10);
    }
}
