#include "nicteam/chimney/virtual_device.h"

#include <algorithm>

#include "nicteam/tcp/moved_octets.h"

namespace nicteam::chimney {

using state::block;
using state::block_list;
using state::handle;
using state::layer;
using state::part;

namespace {
constexpr std::size_t nowhere = SIZE_MAX, most_objects = 1u << 24;
constexpr std::uint16_t number(status s) { return static_cast<std::uint16_t>(s); }
}  // namespace

// A user's call that waits for a connection which is being moved, or a segment for it.
struct virtual_device::operation {
    enum class kind : std::uint8_t { send, consume, close, abort, forward } what = kind::send;
    bytes octets{};
    std::size_t n = 0;
    ticket asked = 0;
    packet::ip_address source{}, destination{};
};

struct virtual_device::object {
    state::layer layer = layer::neighbor;
    std::uint64_t host = 0;
    handle below;
    std::size_t above = 0;
    bytes constant, cached, delegated, data;     // the last two of a connection while it moves, of a path as it was last known
    std::vector<handle> in;                      // by member
    std::size_t at = nowhere;                    // of a connection: the member that runs it
    bool ran = false, parked = false;            // of a connection: its state has been written
    std::deque<operation> waiting;
};

struct virtual_device::member final : answers {
    virtual_device& owner;
    dispatch_table down;
    bool well = true, dead = false;
    std::map<ticket, heard> asked_of;
    ticket next = 1;

    member(virtual_device& o, dispatch_table t) : owner(o), down(std::move(t)) {}
    void tell(ps now, ticket t, status s, block_list l, bytes b) {
        const auto it = asked_of.find(t);
        if (it == asked_of.end()) return;
        const heard h = std::move(it->second);
        asked_of.erase(it);
        if (h) h(now, s, std::move(l), std::move(b));
        if (asked_of.empty()) owner.drained(now, self());
    }
    std::size_t self() const {
        const auto is_it = [&](const auto& m) { return m.get() == this; };
        return static_cast<std::size_t>(std::find_if(owner.members_.begin(), owner.members_.end(), is_it) - owner.members_.begin());
    }
    // It will not answer any more.
    void give_up(ps now) {
        auto all = std::move(asked_of);
        asked_of.clear();
        for (auto& [t, h] : all)
            if (h) h(now, status::stale_handle, {}, {});
    }
    void offloaded(ps now, ticket t, block_list l) override { tell(now, t, status::done, std::move(l), {}); }
    void written(ps now, ticket t, status s) override { tell(now, t, s, {}, {}); }
    void updated(ps now, ticket t, status s) override { tell(now, t, s, {}, {}); }
    void uploaded(ps now, ticket t, block_list l) override { tell(now, t, status::done, std::move(l), {}); }
    void asked(ps now, ticket t, status s, const bytes& b) override { tell(now, t, s, {}, b); }
    void sent_on(ps now, ticket t, status s) override { tell(now, t, s, {}, {}); }
    void indicated(ps now, handle connection, reason why) override {
        handle mine;
        const std::size_t me = self();
        owner.objects_.each([&](handle h, const std::unique_ptr<object>& o) {
            if (o->layer == layer::connection && o->in[me] == connection) mine = h;
        });
        if (mine) owner.up_.indicated(now, mine, why);
    }
};

virtual_device::virtual_device(std::vector<dispatch_table> all, answers& up, virtual_device_options o)
    : options_(std::move(o)), up_(up), objects_(most_objects) {
    for (dispatch_table& t : all) members_.push_back(std::make_unique<member>(*this, std::move(t)));
}
virtual_device::~virtual_device() = default;

answers& virtual_device::answers_of(std::size_t m) { return *members_[m]; }

dispatch_table virtual_device::table() {
    using kind = operation::kind;
    dispatch_table t;
    t.able = [this]() -> const abilities& { return members_[active_]->down.able(); };
    t.offload = [this](ps now, ticket n, block_list l, bool whole) { offload(now, n, std::move(l), whole); };
    t.upload = [this](ps now, ticket n, block_list l) { upload(now, n, std::move(l)); };
    t.write = [this](ps now, ticket n, handle h, part p, bytes b) { write(now, n, h, p, std::move(b), false); };
    t.update = [this](ps now, ticket n, handle h, bytes b) { write(now, n, h, part::cached, std::move(b), true); };
    t.write_data = [this](ps now, ticket n, handle h, bytes b) { write_data(now, n, h, std::move(b)); };
    t.relink = [this](ps now, ticket n, handle p, handle to) { relink(now, n, p, to); };
    t.query = [this](ps now, ticket n, handle h, part p) { query(now, n, h, p); };
    t.send = [this](ps now, handle h, bytes b) { operate(now, h, {kind::send, std::move(b)}); };
    t.consume = [this](ps now, handle h, std::size_t n) { operate(now, h, {kind::consume, {}, n}); };
    t.close = [this](ps now, handle h) { operate(now, h, {kind::close}); };
    t.abort = [this](ps now, handle h) { operate(now, h, {kind::abort}); };
    t.forward = [this](ps now, ticket n, handle h, packet::ip_address from, packet::ip_address to, bytes b) {
        if (find(h)) operate(now, h, {kind::forward, std::move(b), 0, n, from, to});
        else up_.sent_on(now, n, status::stale_handle);
    };
    return t;
}

virtual_device::object* virtual_device::find(handle h) {
    auto* const o = objects_.find(h);
    return o ? o->get() : nullptr;
}

void virtual_device::forget(handle h) {
    object* o = find(h);
    if (!o) return;
    if (object* below = find(o->below)) --below->above;
    objects_.remove(h);
}

ticket virtual_device::ask(std::size_t m, heard h) {
    const ticket t = members_[m]->next++;
    members_[m]->asked_of[t] = std::move(h);
    return t;
}

bool virtual_device::stall(std::function<void(ps)> what) {
    if (!moving_) return false;
    stalled_.push_back(std::move(what));
    ++counts_.stalled;
    counts_.most_stalled = std::max(counts_.most_stalled, stalled_.size());
    return true;
}

// ---------------------------------------------------------------- what the host's layers ask

block_list virtual_device::translated(const block_list& list, std::size_t m, bool up, std::vector<std::uint32_t>& place) {
    block_list out;
    out.reserve(list.size());
    place.assign(list.size(), block::none);
    std::map<std::uint32_t, std::uint32_t> last;               // of those above a block
    list.walk([&](std::uint32_t n, std::uint32_t beneath) {
        block b = list[n];
        const object* o = find(b.target);
        if (up && (!o || !o->in[m] || (o->layer == layer::connection && o->at != m))) return;
        if (o && o->in[m]) {
            b.target = o->in[m];
        } else if (o) {                                         // another member's so far: all that is known of it
            b.target = {};
            b.constant = o->constant, b.cached = o->cached, b.delegated = o->delegated, b.data = o->data;
        } else if (b.target) {
            b.target = {UINT32_MAX, 1};                         // stale: it is for the member to say so
        }
        std::uint32_t under = beneath == block::none ? block::none : place[beneath];
        if (b.layer == layer::neighbor && !up && !options_.inserted.empty()) {
            block own;
            own.layer = layer::opaque;
            own.data = options_.inserted;
            under = out.add(std::move(own));
        }
        const auto beside = under == block::none ? last.end() : last.find(under);
        const std::uint32_t at = beside == last.end() ? out.add(std::move(b), under) : out.add_beside(std::move(b), beside->second);
        place[n] = at;
        if (under != block::none) last[under] = at;
    });
    return out;
}

void virtual_device::offload(ps now, ticket t, block_list list, bool whole) {
    if (moving_) {
        stall([this, t, list = std::move(list), whole](ps then) { offload(then, t, list, whole); });
        return;
    }
    if (!enabled_) {
        for (std::uint32_t n = 0; n < list.size(); ++n) list[n].status = number(status::not_able);
        return up_.offloaded(now, t, std::move(list));
    }
    std::vector<std::uint32_t> place;
    const std::size_t m = active_;
    block_list down = translated(list, m, false, place);
    const ticket own = ask(m, [this, t, m, list = std::move(list), place](ps then, status, block_list back, bytes) mutable {
        list.walk([&](std::uint32_t n, std::uint32_t beneath) {
            block& b = list[n];
            const block its = back.empty() ? block{} : back[place[n]];
            b.status = back.empty() ? number(status::not_able) : its.status;
            if (object* known = find(b.target)) {
                if (b.status == number(status::done)) known->in[m] = its.target;
                return;
            }
            if (b.status != number(status::done) || !its.target) return void(b.target = {});
            auto o = std::make_unique<object>();
            o->layer = b.layer;
            o->host = b.host;
            o->constant = b.constant, o->cached = b.cached;
            if (b.layer == layer::path) o->delegated = b.delegated;
            o->ran = !b.delegated.empty();
            o->in.resize(members_.size());
            o->in[m] = its.target;
            o->at = m;
            o->below = beneath == block::none ? handle{} : list[beneath].target;
            if (object* below = find(o->below)) ++below->above;
            b.target = *objects_.add(std::move(o));
        });
        up_.offloaded(then, t, std::move(list));
    });
    members_[m]->down.offload(now, own, std::move(down), whole);
}

void virtual_device::write(ps now, ticket t, handle h, part p, bytes octets, bool update) {
    const auto tell = [this, t, update](ps then, status s) { update ? up_.updated(then, t, s) : up_.written(then, t, s); };
    object* o = find(h);
    if (!o) return tell(now, status::stale_handle);
    if (p == part::constant) o->constant = octets;
    if (p == part::cached) o->cached = octets;
    if (p == part::delegated && o->layer == layer::path) o->delegated = octets;
    if (moving_) {
        if (p != part::delegated || o->layer == layer::path) return tell(now, status::done);      // it goes with the object
        stall([this, t, h, p, octets = std::move(octets), update](ps then) { write(then, t, h, p, octets, update); });
        return;
    }
    if (o->parked) return tell(now, o->ran || p != part::delegated ? status::done : status::no_room);
    const auto left = std::make_shared<std::size_t>(0);
    const auto worst = std::make_shared<status>(status::done);
    for (std::size_t m = 0; m < members_.size(); ++m) {
        if (!o->in[m] || (o->layer == layer::connection && o->at != m)) continue;
        ++*left;
        const ticket own = ask(m, [this, h, p, left, worst, tell](ps then, status s, block_list, bytes) {
            if (s != status::done) *worst = s;
            if (object* it = find(h); it && p == part::delegated) it->ran |= s == status::done;
            if (--*left == 0) tell(then, *worst);
        });
        if (update) members_[m]->down.update(now, own, o->in[m], octets);
        else members_[m]->down.write(now, own, o->in[m], p, octets);
    }
    if (*left == 0) tell(now, status::wrong_order);
}

void virtual_device::write_data(ps now, ticket t, handle h, bytes octets) {
    object* o = find(h);
    if (!o) return up_.written(now, t, status::stale_handle);
    if (!o->ran) o->data = octets;
    if (o->parked) return up_.written(now, t, status::done);
    if (moving_) {
        stall([this, t, h, octets = std::move(octets)](ps then) { write_data(then, t, h, octets); });
        return;
    }
    const ticket own = ask(o->at, [this, t](ps then, status s, block_list, bytes) { up_.written(then, t, s); });
    members_[o->at]->down.write_data(now, own, o->in[o->at], std::move(octets));
}

void virtual_device::relink(ps now, ticket t, handle path, handle neighbour) {
    if (moving_) {
        stall([this, t, path, neighbour](ps then) { relink(then, t, path, neighbour); });
        return;
    }
    object *p = find(path), *to = find(neighbour);
    if (!p || !to || !p->in[active_] || !to->in[active_]) return up_.written(now, t, status::stale_handle);
    const ticket own = ask(active_, [this, t, path, neighbour](ps then, status s, block_list, bytes) {
        object *moved = find(path), *over = find(neighbour);
        if (s == status::done && moved && over) {
            if (object* before = find(moved->below)) --before->above;
            moved->below = neighbour;
            ++over->above;
        }
        up_.written(then, t, s);
    });
    members_[active_]->down.relink(now, own, p->in[active_], to->in[active_]);
}

void virtual_device::query(ps now, ticket t, handle h, part p) {
    const object* o = find(h);
    const std::size_t m = o && o->layer == layer::connection ? o->at : active_;
    if (!o || m == nowhere || !o->in[m]) return up_.asked(now, t, o ? status::upload_in_progress : status::stale_handle, {});
    const ticket own = ask(m, [this, t](ps then, status s, block_list, bytes b) { up_.asked(then, t, s, b); });
    members_[m]->down.query(now, own, o->in[m], p);
}

void virtual_device::operate(ps now, handle h, operation what) {
    object* o = find(h);
    if (!o) return;
    if (o->parked && what.what == operation::kind::forward) return up_.sent_on(now, what.asked, status::upload_in_progress);
    if (o->at == nowhere || moving_) return o->waiting.push_back(std::move(what));
    carry_out(now, *o, std::move(what));
}

void virtual_device::carry_out(ps now, object& o, operation what) {
    const std::size_t m = o.at;
    const dispatch_table& down = members_[m]->down;
    const handle h = o.in[m];
    switch (what.what) {
        case operation::kind::send: return down.send(now, h, std::move(what.octets));
        case operation::kind::consume: return down.consume(now, h, what.n);
        case operation::kind::close: return down.close(now, h);
        case operation::kind::abort: return down.abort(now, h);
        case operation::kind::forward: break;
    }
    const ticket own = ask(m, [this, t = what.asked](ps then, status s, block_list, bytes) { up_.sent_on(then, t, s); });
    down.forward(now, own, h, what.source, what.destination, std::move(what.octets));
}

void virtual_device::upload(ps now, ticket t, block_list list) {
    if (moving_) {
        stall([this, t, list = std::move(list)](ps then) { upload(then, t, list); });
        return;
    }
    struct gathering {
        block_list list;
        std::size_t left = 1;
    };
    const auto all = std::make_shared<gathering>();
    all->list = std::move(list);
    const auto finish = [this, t, all](ps then) {
        if (--all->left) return;
        std::vector<handle> gone;
        for (std::uint32_t n = 0; n < all->list.size(); ++n) {
            block& b = all->list[n];
            object* o = find(b.target);
            if (!o) b.status = number(status::stale_handle);
            if (!o || b.stays || b.status != number(status::done)) continue;
            if (o->parked) apply_waiting(then, *o), b.delegated = o->delegated, b.data = o->data;
            if (o->layer == layer::path && b.delegated.empty()) b.delegated = o->delegated;
            gone.push_back(b.target);
        }
        for (const handle h : gone) forget(h);
        up_.uploaded(then, t, std::move(all->list));
    };
    for (std::size_t m = 0; m < members_.size(); ++m) {
        if (members_[m]->dead) continue;
        std::vector<std::uint32_t> place;
        block_list its = translated(all->list, m, true, place);
        bool any = false;
        for (std::uint32_t n = 0; n < its.size(); ++n) any |= !its[n].stays;
        if (!any) continue;
        ++all->left;
        const ticket own = ask(m, [all, place, finish](ps then, status, block_list back, bytes) {
            for (std::uint32_t n = 0; n < all->list.size(); ++n) {
                if (place[n] == block::none || back.empty()) continue;
                block &b = all->list[n], &its = back[place[n]];
                b.status = its.status;
                if (its.delegated.empty()) continue;
                b.delegated = std::move(its.delegated);
                b.data = std::move(its.data);
            }
            finish(then);
        });
        members_[m]->down.upload(now, own, std::move(its));
    }
    finish(now);
}

// ---------------------------------------------------------------- a member fails

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
                if (o && good) o->in[m] = b.target;
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
