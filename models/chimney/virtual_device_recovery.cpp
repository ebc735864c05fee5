// A member fails: what it ran goes elsewhere (source document 002, ¶110-115, FIG. 9).
#include "chimney/virtual_device_parts.h"
#include "nicteam/tcp/moved_octets.h"

namespace nicteam::chimney {

using state::block;
using state::block_list;
using state::handle;
using state::layer;

std::size_t virtual_device::next_well(std::size_t behind) const {
    for (std::size_t k = 1; k < members_.size(); ++k) {
        const std::size_t m = (behind + k) % members_.size();
        if (members_[m]->well) return m;
    }
    return nowhere;
}

void virtual_device::restore(std::size_t m) { members_[m]->well = true, members_[m]->dead = false; }

std::vector<handle> virtual_device::connections_at(std::size_t m) {
    std::vector<handle> all;
    objects_.each([&](handle h, const std::unique_ptr<object>& o) {
        if (o->layer == layer::connection && o->at == m) all.push_back(h);
    });
    return all;
}

bool virtual_device::fail(ps now, std::size_t m, fault_class how) {
    members_[m]->well = false;
    members_[m]->dead = how == fault_class::dead;
    if (m != active_) return true;
    next_ = next_well(m);
    if (options_.recovery == recovery::by_host || next_ == nowhere) {
        enabled_ = false;
        if (how == fault_class::dead) members_[m]->give_up(now);
        if (how == fault_class::dead)
            for (const handle h : connections_at(m)) {
                ++counts_.lost;
                object& o = *find(h);
                o.at = nowhere;
                o.parked = true;                 // what the host gets back is nothing
            }
        if (wants_all_back) wants_all_back(now);
        return next_ != nowhere;
    }
    moving_ = true;
    draining_ = true;
    if (how == fault_class::dead) members_[m]->give_up(now);
    if (members_[m]->asked_of.empty()) drained(now, m);
    return true;
}

void virtual_device::drained(ps now, std::size_t m) {
    if (!draining_ || m != active_) return;
    draining_ = false;
    move_away(now, members_[m]->dead ? fault_class::dead : fault_class::readable);
}

void virtual_device::enable(ps now) {
    if (next_ == nowhere) next_ = next_well(active_);
    if (next_ == nowhere) return;
    active_ = next_;
    enabled_ = true;
    if (abilities_changed) abilities_changed(now);
}

void virtual_device::move_away(ps now, fault_class how) {
    const auto all = connections_at(active_);
    for (const handle h : all) find(h)->at = nowhere;
    if (how == fault_class::dead) {
        for (const handle h : all) {
            ++counts_.lost;
            object& o = *find(h);
            o.parked = true;
            apply_waiting(now, o);
            up_.indicated(now, h, reason::lost);
        }
        objects_.each([&](handle, const std::unique_ptr<object>& o) { o->in[active_] = {}; });
        return done_moving(now);
    }
    fetching_ = 1;
    std::vector<handle> some;
    for (const handle h : all) {
        some.push_back(h);
        if (some.size() == options_.batch || h == all.back()) fetch(now, std::exchange(some, {}));
    }
    fetch(now, {});
    if (--fetching_ == 0) settle_in(now);
}

// A list of those, over what they depend on; of none: all paths and next hops.
block_list virtual_device::list_of(const std::vector<handle>& connections) {
    block_list l;
    std::map<std::uint32_t, std::uint32_t> place, last;
    const std::function<std::uint32_t(handle, bool)> put = [&](handle h, bool stays) -> std::uint32_t {
        if (const auto p = place.find(h.index); p != place.end()) return p->second;
        const object& o = *find(h);
        block b;
        b.layer = o.layer;
        b.host = o.host;
        b.target = h;
        b.stays = stays;
        const std::uint32_t under = find(o.below) ? put(o.below, !connections.empty()) : block::none;
        const auto beside = under == block::none ? last.end() : last.find(under);
        const std::uint32_t at = beside == last.end() ? l.add(std::move(b), under) : l.add_beside(std::move(b), beside->second);
        if (under != block::none) last[under] = at;
        return place[h.index] = at;
    };
    for (const handle h : connections) put(h, false);
    if (connections.empty())
        objects_.each([&](handle h, const std::unique_ptr<object>& o) {
            if (o->layer != layer::connection && o->in[active_]) put(h, false);
        });
    return l;
}

void virtual_device::fetch(ps now, std::vector<handle> which) {
    const std::size_t m = active_;
    const block_list mine = list_of(which);
    if (mine.empty()) return;
    for (const handle h : which) find(h)->at = m;              // as long as it takes to name it there
    std::vector<std::uint32_t> place;
    block_list its = translated(mine, m, true, place);
    for (const handle h : which) find(h)->at = nowhere;
    ++fetching_;
    const ticket own = ask(m, [this, m, mine, place](ps then, status, block_list back, bytes) {
        for (std::uint32_t n = 0; n < mine.size(); ++n) {
            object* o = find(mine[n].target);
            if (!o || mine[n].stays || place[n] == block::none) continue;
            block b = back.empty() ? block{} : std::move(back[place[n]]);
            if (o->layer == layer::connection ? o->ran : !b.delegated.empty()) o->delegated = std::move(b.delegated), o->data = std::move(b.data);
            o->in[m] = {};
            if (o->layer == layer::connection) homeless_.push_back(mine[n].target);
        }
        if (--fetching_ == 0) settle_in(then);
    });
    members_[m]->down.upload(now, own, std::move(its));
}

// To the next member, those that it does not take to the one behind that; what nobody takes goes to the host.
void virtual_device::settle_in(ps now) {
    if (homeless_.empty()) return done_moving(now);
    std::vector<handle> some;
    while (!homeless_.empty() && some.size() < options_.batch) {
        const handle h = homeless_.back();
        homeless_.pop_back();
        if (!find(h)) continue;
        if (find(h)->ran && find(h)->delegated.empty()) park(now, h);      // it had come to its end there
        else some.push_back(h);
    }
    if (some.empty()) return settle_in(now);
    const auto tried = std::make_shared<std::size_t>(next_);
    const auto placing = std::make_shared<std::function<void(ps, std::vector<handle>)>>();
    *placing = [this, tried, placing](ps then, std::vector<handle> left) {
        const std::size_t m = *tried;
        const block_list mine = list_of(left);
        std::vector<std::uint32_t> place;
        block_list its = translated(mine, m, false, place);
        const ticket own = ask(m, [this, m, mine, place, tried, placing](ps later, status, block_list back, bytes) {
            std::vector<handle> refused;
            for (std::uint32_t n = 0; n < mine.size(); ++n) {
                object* o = find(mine[n].target);
                const block b = back.empty() ? block{} : back[place[n]];
                const bool good = !back.empty() && b.status == number(status::done);
                if (o && good) {
                    o->in[m] = b.target;
                    members_[m]->known_as(b.target, mine[n].target);
                }
                if (!o || o->layer != layer::connection) continue;
                if (!good) {
                    refused.push_back(mine[n].target);
                    continue;
                }
                o->at = m;
                o->delegated.clear();
                if (o->ran) o->data.clear(), ++counts_.moved;
            }
            *tried = next_well(m);
            if (refused.empty() || *tried == nowhere || *tried == next_) {
                for (const handle h : refused) park(later, h);
                *placing = nullptr;
                return settle_in(later);
            }
            const auto again = *placing;
            again(later, refused);
        });
        members_[m]->down.offload(then, own, std::move(its), false);
    };
    const auto first = *placing;
    first(now, some);
}

void virtual_device::park(ps now, handle h) {
    object& o = *find(h);
    o.parked = true;
    o.at = nowhere;
    ++counts_.parked;
    apply_waiting(now, o);
    up_.indicated(now, h, reason::resources);
}

// What its user did meanwhile goes into the state that the host gets.
bool virtual_device::apply_waiting(ps now, object& o) {
    tcp::moved_connection m;
    m.constant = o.constant, m.cached = o.cached, m.delegated = o.delegated;
    const bool good = !o.delegated.empty() && tcp::read_moved(m, o.data.data(), o.data.size());
    for (operation& w : o.waiting) {
        if (w.what == operation::kind::forward) up_.sent_on(now, w.asked, status::upload_in_progress);
        else if (good && w.what == operation::kind::send) tcp::send_while_moved(m, w.octets);
        else if (good && w.what == operation::kind::consume) tcp::consume_while_moved(m, w.n);
        else if (good) tcp::close_while_moved(m, now);
    }
    o.waiting.clear();
    if (!good) return false;
    o.delegated = m.delegated;
    o.data = tcp::moved_octets(m);
    return true;
}

void virtual_device::done_moving(ps now) {
    active_ = next_;
    moving_ = false;
    objects_.each([&](handle, const std::unique_ptr<object>& o) {
        auto waiting = std::move(o->waiting);
        o->waiting.clear();
        for (operation& w : waiting) {
            if (o->at == nowhere) o->waiting.push_back(std::move(w));
            else carry_out(now, *o, std::move(w));
        }
    });
    auto all = std::move(stalled_);
    stalled_.clear();
    for (const auto& one : all) one(now);
    if (abilities_changed) abilities_changed(now);
}

}  // namespace nicteam::chimney
