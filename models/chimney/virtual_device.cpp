// What the host's layers ask of a virtual device, and what they get.
#include "chimney/virtual_device_parts.h"

namespace nicteam::chimney {

using state::block;
using state::block_list;
using state::handle;
using state::layer;
using state::part;

namespace {
constexpr std::size_t most_objects = 1u << 24;
}  // namespace

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
                if (b.status != number(status::done)) return;
                known->in[m] = its.target;
                members_[m]->known_as(its.target, b.target);
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
            members_[m]->known_as(its.target, b.target);
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

}  // namespace nicteam::chimney
