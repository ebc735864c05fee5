#include "system/compare/bus_setups.h"

#include "system/compare/random.h"

namespace compare {

namespace {

using namespace reference::pci;

constexpr std::uint32_t window = 0x10000;         // bytes of each target
constexpr std::uint64_t nowhere = 0xE0000000;     // nobody claims it
constexpr std::uint64_t above = 0x3'0000'0000;    // more than 4 GiB: two address phases

std::vector<unsigned> waits(random_source& r) {
    std::vector<unsigned> v(static_cast<std::size_t>(r.between(1, 3)));
    for (unsigned& w : v) w = r.one_in(2) ? 0 : static_cast<unsigned>(r.between(0, 8));
    return v;
}

target_setup random_target(random_source& r, unsigned number) {
    target_setup t;
    t.base = number * window;
    t.size = window;
    t.io = r.one_in(6);
    t.wide = r.one_in(2);
    t.parity = r.one_in(2);
    if (!t.io && r.one_in(5)) t.base |= above;
    t.device = r.one_in(2) ? static_cast<int>(number) : -1;
    t.devsel = static_cast<unsigned>(r.between(1, 4));
    t.first_wait = waits(r);
    t.next_wait = waits(r);
    t.boundary = r.any<std::uint32_t>({0, 0, 4, 16, 64, 256, 1024});
    t.boundary_with_data = r.one_in(2);
    if (r.one_in(2)) {
        t.pattern.assign(static_cast<std::size_t>(r.between(1, 5)), '.');
        for (char& c : t.pattern)
            if (r.one_in(4)) c = r.any({'r', 'r', 'r', 'a', 'b'});
        t.pattern += '.';
    }
    t.abort_words = static_cast<std::uint32_t>(r.between(1, 6));
    return t;
}

item random_item(random_source& r, const setup& s) {
    item i;
    const auto n = static_cast<unsigned>(r.below(static_cast<std::int64_t>(s.targets.size())));
    const target_setup& t = s.targets[n];
    if (t.device >= 0 && r.one_in(8)) {
        i.command = r.any<unsigned>({configuration_read, configuration_write});
        i.address = n << 11 | static_cast<std::uint32_t>(r.below(64)) * 4;
        i.bytes = 4;
        return i;
    }
    i.command = t.io ? r.any<unsigned>({io_read, io_write})
                     : r.any<unsigned>({memory_read, memory_write, memory_read_line, memory_read_multiple, memory_write_and_invalidate});
    i.address = t.base + static_cast<std::uint64_t>(r.below(window / 2));
    if (!r.one_in(4)) i.address &= ~3ull;
    i.bytes = static_cast<std::uint32_t>(r.one_in(3) ? r.between(1, 8) : r.one_in(2) ? r.between(4, 128) : r.between(100, 1600));
    if (i.command == memory_write_and_invalidate && !r.one_in(4)) {
        i.address &= ~63ull;
        i.bytes = (i.bytes + 63) / 64 * 64;
    }
    if (r.one_in(40)) i.address |= nowhere;
    if (r.one_in(12)) i.limit = static_cast<int>(r.between(0, 40));
    return i;
}

}  // namespace

setup random_bus(std::uint64_t seed, unsigned index) {
    random_source r(seed, index);
    setup s;
    s.period = r.any<std::int64_t>({30'000, 30'000, 15'000, 30'303});
    s.phase = r.one_in(3) ? r.below(s.period) : 0;
    s.arbiter = r.one_in(3) ? arbitration::fixed : arbitration::round_robin;
    s.parking = r.any({parking::last, parking::first, parking::none});
    const unsigned targets = static_cast<unsigned>(r.between(1, 3));
    for (unsigned t = 0; t < targets; ++t) s.targets.push_back(random_target(r, t));
    s.wide = r.one_in(2);
    if (r.one_in(3)) {
        s.wrong_address = static_cast<unsigned>(r.one_in(2) ? 0 : r.between(1, 6));
        s.wrong_parity = static_cast<unsigned>(r.one_in(3) ? 0 : r.between(1, 9));
        s.wrong_bit = static_cast<unsigned>(r.one_in(3) ? 0 : r.between(1, 9));
    }
    s.masters.resize(static_cast<std::size_t>(r.between(1, 4)));
    const std::int64_t load = r.any<std::int64_t>({5, 20, 50, 80, 100, 150, 300});   // percent of the bus
    const std::int64_t horizon = r.between(300, 3000);                               // clocks
    for (master_setup& m : s.masters) {
        m.latency_timer = static_cast<unsigned>(r.one_in(3) ? r.between(0, 16) : r.between(0, 255));
        m.cache_line = r.any<unsigned>({0, 16, 32, 64});
        m.wide = !r.one_in(3);
        m.parity = r.one_in(2);
        m.follow = static_cast<unsigned>(r.one_in(2) ? 0 : r.between(1, 2));
        std::int64_t t = 0;
        while (true) {
            item i = random_item(r, s);
            const std::int64_t clocks = (8 + words_of(i.address, i.bytes)) * static_cast<std::int64_t>(s.masters.size()) * 100 / load;
            t += r.below(2 * clocks * s.period);
            if (t >= horizon * s.period) break;
            i.arrival = r.one_in(3) ? s.phase + t / s.period * s.period : t;
            if (!m.items.empty() && i.arrival < m.items.back().arrival) i.arrival = m.items.back().arrival;
            if (r.one_in(10) && !m.items.empty()) i.arrival = m.items.back().arrival;
            m.items.push_back(i);
        }
    }
    s.until = s.phase + 4 * horizon * s.period + 1;
    return s;
}

}  // namespace compare
