// What a unit behind the rings must answer, as a plain list of what happened one after the other. Shares no code with the unit.
#pragma once

#include <map>
#include <set>

#include "bench.h"

namespace nicteam::test {

// A command as the test meant it, not as it was laid down.
struct meant {
    enum what_kind { install, lend, freeze, look, give_back, remove, out, in, junk, abort_all } what;
    std::uint64_t cookie = 0;
    std::uint32_t spi = 0;                       // install
    state::handle handle;
    std::uint64_t first = 0, last = 0;           // lend; `in`: the packet's number
    bytes plain;                                 // out, in
    unsigned place = 0;
};

class list_model {
public:
    explicit list_model(std::size_t associations) : room_(associations) {}

    struct answer {
        reason why = reason::none;
        std::uint64_t sequence = 0;
        unsigned verdict = 0;
    };
    // In the order of the ring. `made`: the handle that install was answered with.
    answer next(const meant& m, state::handle made) {
        if (m.what == meant::junk) return {reason::unknown_opcode};
        if (m.what == meant::abort_all) return {};
        if (m.what == meant::install) {
            for (const auto& [h, a] : all_)
                if (a.spi == m.spi) return {reason::duplicate_spi};
            if (all_.size() == room_) return {reason::table_full};
            all_[key(made)].spi = m.spi;
            fresh_ = used_.insert(key(made)).second;
            return {};
        }
        const auto at = all_.find(key(m.handle));
        if (at == all_.end()) return {reason::stale_handle};
        association& a = at->second;
        switch (m.what) {
            case meant::lend:
                if (a.frozen) return {reason::frozen};
                if (m.first <= a.last) return {reason::number_refused};
                if (m.first != a.last + 1) a.next = m.first;
                a.last = m.last;
                return {};
            case meant::freeze: a.frozen = true; return {};
            case meant::give_back:
                if (!a.frozen) return {reason::not_frozen};
                a.frozen = false;
                return {};
            case meant::remove: all_.erase(at); return {};
            case meant::out:
                if (a.frozen) return {reason::frozen};
                if (a.next > a.last) return {reason::no_number};
                return {reason::none, a.next++};
            case meant::in:
                if (a.frozen) return {reason::frozen};
                return {reason::none, m.first, a.seen.insert(m.first).second ? 0 : static_cast<unsigned>(ipsec::outcome::replayed)};
            default: return {};
        }
    }
    bool fresh() const { return fresh_; }        // the latest handle never named anything before
    void forget() { all_.clear(); }

private:
    struct association {
        std::uint32_t spi = 0;
        bool frozen = false;
        std::uint64_t next = 1, last = 0;
        std::set<std::uint64_t> seen;
    };
    static std::uint64_t key(state::handle h) { return std::uint64_t{h.generation} << 32 | h.index; }
    std::size_t room_;
    std::map<std::uint64_t, association> all_;
    std::set<std::uint64_t> used_;
    bool fresh_ = true;
};

}  // namespace nicteam::test
