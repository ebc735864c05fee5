// The PCI-to-PCI bridge against a clocked one: random depths, clocks and work on both sides, every stamp of both buses equal.
#include <catch2/catch.hpp>

#include <cstdio>
#include <memory>
#include <sstream>

#include "nicteam/pci/pci_bridge.h"
#include "reference/pci/bridge.h"
#include "system/compare/bus_agents.h"
#include "system/compare/difference.h"
#include "system/compare/random.h"
#include "unit/fresh_kernel.h"

namespace {

using namespace compare;

constexpr unsigned configurations = 400;
constexpr std::uint64_t behind = 0x8000'0000;

struct two_buses {
    plain::setup upper, lower;
    plain::bridge_setup bridge;
};

plain::target_setup random_target(random_source& r, std::uint64_t base) {
    plain::target_setup t;
    t.base = base;
    t.size = 0x10000;
    t.devsel = static_cast<unsigned>(r.between(1, 4));
    t.first_wait = {static_cast<unsigned>(r.below(9)), 0};
    t.next_wait = {0, static_cast<unsigned>(r.below(3))};
    if (r.one_in(2)) t.pattern = r.any<const char*>({"r.", ".rr", "..r", "rrrrr."});
    return t;
}

plain::item random_item(random_source& r, const plain::setup& here, const plain::setup& there, unsigned line) {
    const plain::setup& s = r.one_in(4) ? here : there;
    plain::item i;
    i.command = r.any<unsigned>({plain::memory_read, plain::memory_write, plain::memory_read_line, plain::memory_read_multiple,
                                 plain::memory_write_and_invalidate});
    i.address = s.targets[static_cast<std::size_t>(r.below(static_cast<std::int64_t>(s.targets.size())))].base +
                static_cast<std::uint64_t>(r.below(0x8000));
    if (!r.one_in(4)) i.address &= ~3ull;
    i.bytes = static_cast<std::uint32_t>(r.one_in(3) ? r.between(1, 8) : r.one_in(2) ? r.between(4, 128) : r.between(100, 900));
    if (i.command == plain::memory_write_and_invalidate && line) {
        i.address = i.address / line * line;
        i.bytes = (i.bytes + line - 1) / line * line;
    }
    return i;
}

two_buses random_buses(std::uint64_t seed, unsigned index) {
    random_source r(seed, index);
    two_buses b;
    for (plain::setup* s : {&b.upper, &b.lower}) {
        s->period = r.any<std::int64_t>({30'000, 30'000, 15'000, 30'303, 40'000});
        s->phase = r.one_in(2) ? r.below(s->period) : 0;
        s->arbiter = r.one_in(3) ? plain::arbitration::fixed : plain::arbitration::round_robin;
        s->parking = r.any({plain::parking::last, plain::parking::first, plain::parking::none});
        for (std::int64_t n = r.between(1, 2); n; --n)
            s->targets.push_back(random_target(r, (s == &b.lower ? behind : 0) + static_cast<std::uint64_t>(n) * 0x20000));
        s->masters.resize(static_cast<std::size_t>(r.between(2, 4)));
    }
    const unsigned line = b.bridge.line = r.any<unsigned>({0, 16, 32, 32, 64});
    b.bridge.crossing = static_cast<unsigned>(r.between(1, 5));
    b.bridge.posted_bytes = 4u << r.below(8);
    b.bridge.posted_writes = static_cast<unsigned>(r.between(1, 5));
    b.bridge.delayed = static_cast<unsigned>(r.between(1, 5));
    b.bridge.read_bytes = 4u << r.below(8);
    if (r.one_in(2)) {
        for (plain::setup* s : {&b.upper, &b.lower}) {
            s->wrong_address = static_cast<unsigned>(r.one_in(2) ? 0 : r.between(1, 90));
            s->wrong_parity = static_cast<unsigned>(r.one_in(3) ? 0 : r.between(1, 40));
            s->wrong_bit = static_cast<unsigned>(r.one_in(3) ? 0 : r.between(1, 40));
            for (plain::target_setup& t : s->targets) t.parity = r.one_in(2);
            for (plain::master_setup& m : s->masters) m.parity = r.one_in(2);
        }
        b.bridge.response_above = r.one_in(2);
        b.bridge.response_below = r.one_in(2);
        b.bridge.serr = !r.one_in(3);
        b.bridge.forwards_serr = r.one_in(2);
    }
    b.bridge.line_prefetch = static_cast<unsigned>(r.below(3));
    b.bridge.multiple_prefetch = static_cast<unsigned>(r.below(6));
    const std::int64_t horizon = r.between(300, 2000), load = r.any<std::int64_t>({5, 20, 60, 150});
    for (plain::setup* s : {&b.upper, &b.lower}) {
        const plain::setup& other = s == &b.upper ? b.lower : b.upper;
        for (std::size_t m = 0; m < s->masters.size(); ++m) {
            plain::master_setup& own = s->masters[m];
            own.latency_timer = static_cast<unsigned>(r.one_in(3) ? r.between(0, 16) : r.between(0, 255));
            own.cache_line = line;
            if (m == (s == &b.upper ? s->masters.size() - 1 : 0)) continue;      // the bridge
            for (std::int64_t t = 0;;) {
                plain::item i = random_item(r, *s, other, line);
                t += r.below(2 * (12 + plain::words_of(i.address, i.bytes)) * static_cast<std::int64_t>(s->masters.size()) * 100 / load *
                             s->period);
                if (t >= horizon * s->period) break;
                i.arrival = t;
                own.items.push_back(i);
            }
        }
    }
    b.upper.until = b.lower.until = 3 * horizon * 40'000 + 1;
    return b;
}

plain::two_logs run_on_model(const two_buses& b) {
    test::fresh_kernel kernel;
    recorder above(b.upper.period), below(b.lower.period);
    std::string status;
    {
        const auto upper = std::make_unique<pci::bus>("upper", config_of(b.upper)),
                   lower = std::make_unique<pci::bus>("lower", config_of(b.lower));
        upper->observe(above);
        lower->observe(below);
        pci::pci_bridge_config c;
        c.crossing = b.bridge.crossing;
        c.posted_bytes = b.bridge.posted_bytes;
        c.posted_writes = b.bridge.posted_writes;
        c.delayed = b.bridge.delayed;
        c.read_bytes = b.bridge.read_bytes;
        c.line_prefetch = b.bridge.line_prefetch;
        c.multiple_prefetch = b.bridge.multiple_prefetch;
        const std::size_t last = b.upper.masters.size() - 1;
        pci::pci_bridge bridge("bridge", c, *upper, static_cast<int>(last) - 1, *lower);      // pair `last`
        pci::configuration_space& r = bridge.registers();
        r.write(0x04, 2, 7 | (b.bridge.response_above ? 0x40 : 0) | (b.bridge.serr ? 0x100 : 0));
        r.write(0x3E, 2, (b.bridge.response_below ? 1 : 0) | (b.bridge.forwards_serr ? 2 : 0));
        r.write(0x0C, 1, b.bridge.line / 4);
        r.write(0x0D, 1, b.upper.masters[last].latency_timer);
        r.write(0x1B, 1, b.lower.masters[0].latency_timer);
        r.write(0x1C, 2, 0x10F0);
        r.write(0x20, 4, 0x80008000);
        r.write(0x24, 4, 0x00001000);
        std::deque<worker> masters;
        std::deque<responder> targets;
        for (std::size_t m = 0; m < last; ++m) masters.emplace_back(("upper" + std::to_string(m)).c_str(), *upper, b.upper.masters[m]);
        for (std::size_t m = 1; m < b.lower.masters.size(); ++m)
            masters.emplace_back(("lower" + std::to_string(m)).c_str(), *lower, b.lower.masters[m]);
        for (const plain::target_setup& t : b.upper.targets) targets.emplace_back(sc_core::sc_gen_unique_name("target"), *upper, t);
        for (const plain::target_setup& t : b.lower.targets) targets.emplace_back(sc_core::sc_gen_unique_name("target"), *lower, t);
        kernel.session().settle_order();
        set_parity_faults(kernel.session(), "upper", b.upper);
        set_parity_faults(kernel.session(), "lower", b.lower);
        sc_core::sc_start(sim::to_sc_time(b.upper.until));
        status = std::to_string(r.read(0x06, 2) & 0xC100) + ' ' + std::to_string(r.read(0x1E, 2) & 0xC100);
    }
    return {above.text, below.text, above.errors(), below.errors(), status};
}

// A tenure that is under way at the end is in neither log, or in one of them only.
std::string before(const std::string& log, std::int64_t end) {
    std::istringstream in(log);
    std::string out;
    for (std::string line; std::getline(in, line);) {
        std::istringstream fields(line);
        std::string x, idle;
        for (int n = 0; n < 8; ++n) fields >> (n == 7 ? idle : x);
        if (std::stoll(idle) < end) out += line + '\n';
    }
    return out;
}

std::string errors_before(const std::string& errors, std::int64_t end) {
    std::istringstream in(errors);
    std::string out;
    for (std::string pin, at; in >> pin >> at;)
        if (std::stoll(at) < end) out += pin + ' ' + at + '\n';
    return out;
}

// Of both sides in one text, up to `end`.
std::string text_of(const plain::two_logs& l, std::int64_t end) {
    return "upper\n" + before(l.upper, end) + errors_before(l.upper_errors, end) + "lower\n" + before(l.lower, end) +
           errors_before(l.lower_errors, end) + "status " + l.status + '\n';
}

std::string described(const two_buses& b) {
    std::ostringstream out;
    out << "upper\n";
    plain::write(out, b.upper);
    out << "lower\n";
    plain::write(out, b.lower);
    out << "bridge response_above=" << b.bridge.response_above << " response_below=" << b.bridge.response_below << " serr=" << b.bridge.serr
        << " forwards_serr=" << b.bridge.forwards_serr << " line=" << b.bridge.line << " crossing=" << b.bridge.crossing
        << " posted_bytes=" << b.bridge.posted_bytes << " posted_writes=" << b.bridge.posted_writes << " delayed=" << b.bridge.delayed
        << " read_bytes=" << b.bridge.read_bytes << " line_prefetch=" << b.bridge.line_prefetch
        << " multiple_prefetch=" << b.bridge.multiple_prefetch << '\n';
    return out.str();
}

std::size_t lines(const std::string& text, const std::string& of) {
    std::size_t n = 0;
    for (std::size_t at = text.find(of); at != std::string::npos; at = text.find(of, at + 1)) ++n;
    return n;
}

two_buses shrink(two_buses b) {
    const auto differs = [](const two_buses& c) {
        const std::int64_t end = c.upper.until - 200'000;
        return text_of(plain::run_bridged(c.upper, c.lower, c.bridge), end) != text_of(run_on_model(c), end);
    };
    for (bool smaller = true; smaller;) {
        smaller = false;
        for (plain::setup* s : {&b.upper, &b.lower})
            for (plain::master_setup& m : s->masters)
                for (std::size_t n = m.items.size(); n >= 1; n /= 2)
                    for (std::size_t i = 0; i + n <= m.items.size();) {
                        const auto whole = m.items;
                        m.items.erase(m.items.begin() + static_cast<std::ptrdiff_t>(i),
                                      m.items.begin() + static_cast<std::ptrdiff_t>(i + n));
                        if (differs(b)) smaller = true;
                        else m.items = whole, i += n;
                    }
    }
    return b;
}

}  // namespace

TEST_CASE("every stamp on both sides of a bridge equals the clocked reference") {
    const selection chosen(configurations);
    std::size_t tenures = 0, retries = 0, posted = 0, perr = 0, serr = 0, both = 0;
    for (unsigned i = chosen.first; i < chosen.first + chosen.count; ++i) {
        const two_buses b = random_buses(chosen.seed, i);
        const plain::two_logs expected = plain::run_bridged(b.upper, b.lower, b.bridge), found = run_on_model(b);
        const std::int64_t end = b.upper.until - 200'000;
        for (const std::string* s : {&expected.upper, &expected.lower}) {
            std::istringstream in(*s);
            for (std::string line; std::getline(in, line); ++tenures) retries += line.find("retry") != std::string::npos;
        }
        posted += expected.upper.size() && expected.lower.size();
        perr += lines(expected.upper_errors, "PERR#") + lines(expected.lower_errors, "PERR#");
        serr += lines(expected.upper_errors, "SERR#");
        both += expected.status.find("0 ") != 0 && expected.status.back() != '0';
        if (text_of(expected, end) == text_of(found, end)) continue;
        const two_buses small = shrink(b);
        const plain::two_logs x = plain::run_bridged(small.upper, small.lower, small.bridge), y = run_on_model(small);
        FAIL(chosen.name(i) << '\n' << difference(text_of(x, end), text_of(y, end)) << '\n' << described(small));
    }
    std::printf("covered: tenures %zu, retries %zu, PERR# %zu, SERR# %zu, status of both sides %zu\n", tenures, retries, perr, serr, both);
    if (std::getenv("NICTEAM_COMPARE")) return;
    CHECK(tenures > 100 * configurations);
    CHECK(retries > 20 * configurations);
    CHECK(posted > configurations / 2);
    CHECK(perr > 20 * configurations);
    CHECK(serr > 5 * configurations);
    CHECK(both > configurations / 5);
}
