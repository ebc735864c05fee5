// Two tables of connections that hear each other at once.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "nicteam/tcp/connection_table.h"
#include "unit/tcp/bench.h"

namespace nicteam::tcp::test {

struct two_tables {
    runner by;
    std::shared_ptr<neighbor> hop[2] = {std::make_shared<neighbor>(), std::make_shared<neighbor>()};
    std::shared_ptr<path> way[2] = {std::make_shared<path>(path_constant{them, us}, path_cached{}, hop[0]),
                                    std::make_shared<path>(path_constant{us, them}, path_cached{}, hop[1])};
    connection_table table[2];
    results r[2];
    ps now = second;

    explicit two_tables(std::size_t most = 65536, tcp_rules rules = {})
        : by{rules}, table{{by, [this](auto&, auto&) { return way[0]; }, {1, 2}, most}, {by, [this](auto&, auto&) { return way[1]; }, {3, 4}, most}} {}
    void carry() {
        while (!r[0].segments.empty() || !r[1].segments.empty())
            for (unsigned k = 0; k < 2; ++k) {
                auto going = std::move(r[k].segments);
                r[k].segments.clear();
                for (auto& s : going) table[1 - k].on_segment(now, s.from, s.to, s.segment, r[1 - k]);
            }
    }
    state::handle connect(std::uint16_t from, std::uint16_t to = 80) {
        const auto h = table[0].connect(now, {us, them, from, to}, r[0]);
        carry();
        return h;
    }
    void run_until(ps end) {
        for (;;) {
            const ps at = std::min(table[0].next_deadline(), table[1].next_deadline());
            if (at > end) break;
            now = std::max(now, at);
            for (unsigned k = 0; k < 2; ++k) table[k].on_timer(now, r[k]);
            carry();
        }
        now = end;
    }
    std::uint32_t events(unsigned k, state::handle h) {
        std::uint32_t e = 0;
        for (const auto& x : r[k].events)
            if (x.connection == h) e |= x.events;
        r[k].events.clear();
        return e;
    }
};

}  // namespace nicteam::tcp::test
