// What an idle connection takes.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <new>

#include "unit/tcp/two_tables.h"

namespace {

std::size_t allocated = 0;                     // octets, while `counting`
bool counting = false;

}  // namespace

void* operator new(std::size_t n) {
    if (counting) allocated += n + 16;         // and what an allocator keeps beside it
    if (void* p = std::malloc(n ? n : 1)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

using namespace nicteam::tcp;
using namespace nicteam::tcp::test;
namespace state = nicteam::state;
using nicteam::second;

TEST_CASE("An idle connection takes at most 4 KiB, table and timers included, after it has carried data") {
    tcp_rules rules;
    rules.sack = rules.timestamps = rules.window_scaling = true;
    rules.cached.flags |= cached_flag::keep_alive;
    two_tables t(65536, rules);
    t.table[1].listen(80, 2000);
    constexpr std::size_t many = 1000;
    std::vector<state::handle> h, g;
    h.reserve(many), g.reserve(many);
    allocated = 0;
    counting = true;
    for (std::uint16_t k = 0; k < many; ++k) {
        h.push_back(t.table[0].connect(t.now, {us, them, static_cast<std::uint16_t>(10'000 + k), 80}, t.r[0]));
        counting = false;                                      // what is on its way is no connection's
        t.carry();
        t.r[0].events.clear();
        counting = true;
    }
    counting = false;
    for (std::size_t k = 0; k < many; ++k) g.push_back(t.table[1].accept(80));
    for (std::size_t k = 0; k < many; ++k) {
        t.table[0].use(h[k], t.r[0], [&](connection& c, actions& a) { c.send(t.now, text_of(20'000), a); });
        t.carry();
        t.table[1].use(g[k], t.r[1], [&](connection& c, actions& a) { c.consume(t.now, 20'000, a); });
        t.carry();
    }
    t.run_until(t.now + 10 * second);
    for (std::size_t k = 0; k < many; ++k) {
        t.table[1].use(g[k], t.r[1], [&](connection& c, actions& a) { c.consume(t.now, 20'000, a); });
        CHECK(t.table[0].find(h[k])->memory() <= 1024);        // queues have given theirs back
        CHECK(t.table[1].find(g[k])->memory() <= 1024);
    }
    const std::size_t each = allocated / many;
    CAPTURE(each, sizeof(connection));
    CHECK(each <= 4096 - 1024);                                // a thousand octets are left for timers that were overtaken
    CHECK(each >= sizeof(connection));
}
