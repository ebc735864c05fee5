#include "nicteam/chimney/tli_switch_206.h"

namespace nicteam::chimney {

tli_switch_206::tli_switch_206(transport_layer_210& t, tcp::connection_table& table, tcp::results& out, minidriver_210& m, act_observer& w, switch_user& u)
    : below_(t), table_(table), out_(out), driver_(m), observer_(w), user_(u) {
    below_.completed = [this](ps now, journey_ref j) { done(now, std::move(j)); };
    below_.returned = [this](ps now, std::uint64_t name, state::handle) { came_back(now, name); };
    below_.asked = [this](ps now, std::uint64_t name, reason why) {
        if (const auto it = entries_.find(name); it != entries_.end() && it->second.forced) user_.logged(now, name, why);
        upload(now, {name});                     // the host grants it (¶101)
    };
}

std::uint64_t tli_switch_206::add(state::handle in_host) {
    if (!below_.add(next_, in_host)) return 0;
    entries_.emplace(next_, entry{});
    return next_++;
}

void tli_switch_206::offload(ps now, const std::vector<std::uint64_t>& names, bool whole, bool forced) {
    auto j = std::make_unique<journey>();
    j->whole = whole;
    for (const std::uint64_t name : names) {
        traveller t;
        t.name = name;
        const auto it = entries_.find(name);
        if (it == entries_.end()) continue;
        it->second.forced = forced;
        it->second.wanted_back = false;
        j->travellers.push_back(t);
    }
    if (!j->travellers.empty()) below_.request(now, std::move(j));
}

void tli_switch_206::upload(ps now, const std::vector<std::uint64_t>& names) {
    for (const std::uint64_t name : names)
        if (const auto it = entries_.find(name); it != entries_.end()) it->second.wanted_back = below_.where(name) == place::going_down;
    below_.terminate(now, names);
}

void tli_switch_206::send(ps now, std::uint64_t name, packet::octets o) {
    do_it(now, name, {held::kind::send, bytes(o.data, o.data + o.size), 0});
}
void tli_switch_206::consume(ps now, std::uint64_t name, std::size_t n) { do_it(now, name, {held::kind::consume, {}, n}); }
void tli_switch_206::close(ps now, std::uint64_t name) { do_it(now, name, {held::kind::close, {}, 0}); }

void tli_switch_206::do_it(ps now, std::uint64_t name, held h) {
    const auto it = entries_.find(name);
    if (it == entries_.end()) return;
    it->second.waiting.push_back(std::move(h));
    hand_over(now, name);
}

std::size_t tli_switch_206::waiting(std::uint64_t name) const {
    const auto it = entries_.find(name);
    std::size_t n = 0;
    if (it != entries_.end())
        for (const held& h : it->second.waiting) n += h.octets.size();
    return n;
}

void tli_switch_206::hand_over(ps now, std::uint64_t name) {
    entry& e = entries_.at(name);
    const place at = below_.where(name);
    if (at == place::gone) return e.waiting.clear();
    if (at != place::host && at != place::device) return;
    while (!e.waiting.empty()) {
        held h = std::move(e.waiting.front());
        e.waiting.pop_front();
        if (at == place::device) {
            const state::handle d = below_.in_device(name);
            const dispatch_table& t = driver_.table();
            if (h.what == held::kind::send) t.send(now, d, std::move(h.octets));
            else if (h.what == held::kind::consume) t.consume(now, d, h.n);
            else t.close(now, d);
            continue;
        }
        std::size_t taken = h.octets.size();
        table_.use(below_.in_host(name), out_, [&](tcp::connection& c, tcp::actions& a) {
            if (h.what == held::kind::send) taken = c.send(now, h.octets, a);
            else if (h.what == held::kind::consume) c.consume(now, h.n, a);
            else c.close(now, a);
        });
        if (taken == h.octets.size()) continue;
        h.octets.erase(h.octets.begin(), h.octets.begin() + static_cast<std::ptrdiff_t>(taken));      // its queue is full: the rest waits
        e.waiting.push_front(std::move(h));
        return;
    }
}

void tli_switch_206::done(ps now, journey_ref j) {
    std::size_t there = 0;
    std::vector<std::uint64_t> unwanted;
    for (const traveller& t : j->travellers) there += t.refused ? 0 : 1;
    if (there) observer_.acted(act::buffers_322, there);
    for (const traveller& t : j->travellers) {
        hand_over(now, t.name);
        user_.moved(now, t.name, below_.where(t.name), t.refused);
        if (entries_.at(t.name).wanted_back && !t.refused) unwanted.push_back(t.name);
    }
    if (!unwanted.empty()) upload(now, unwanted);
}

void tli_switch_206::came_back(ps now, std::uint64_t name) {
    hand_over(now, name);
    user_.moved(now, name, below_.where(name), {});
}

}  // namespace nicteam::chimney
