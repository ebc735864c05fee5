// What a virtual device keeps: of each object, of each member.
#pragma once

#include <algorithm>
#include <unordered_map>

#include "nicteam/chimney/virtual_device.h"

namespace nicteam::chimney {

constexpr std::size_t nowhere = SIZE_MAX;
constexpr std::uint16_t number(status s) { return static_cast<std::uint16_t>(s); }

// A user's call that waits for a connection which is being moved, or a segment for it.
struct virtual_device::operation {
    enum class kind : std::uint8_t { send, consume, close, abort, forward } what = kind::send;
    bytes octets{};
    std::size_t n = 0;
    ticket asked = 0;
    packet::ip_address source{}, destination{};
};

struct virtual_device::object {
    state::layer layer = state::layer::neighbor;
    std::uint64_t host = 0;
    state::handle below;
    std::size_t above = 0;
    bytes constant, cached, delegated, data;     // the last two of a connection while it moves, of a path as it was last known
    std::vector<state::handle> in;                      // by member
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
    void tell(ps now, ticket t, status s, state::block_list l, bytes b) {
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
    void offloaded(ps now, ticket t, state::block_list l) override { tell(now, t, status::done, std::move(l), {}); }
    void written(ps now, ticket t, status s) override { tell(now, t, s, {}, {}); }
    void updated(ps now, ticket t, status s) override { tell(now, t, s, {}, {}); }
    void uploaded(ps now, ticket t, state::block_list l) override { tell(now, t, status::done, std::move(l), {}); }
    void asked(ps now, ticket t, status s, const bytes& b) override { tell(now, t, s, {}, b); }
    void sent_on(ps now, ticket t, status s) override { tell(now, t, s, {}, {}); }
    void indicated(ps now, state::handle connection, reason why) override {
        if (const state::handle h = above(connection)) owner.up_.indicated(now, h, why);
    }
    void happened(ps now, state::handle connection, const happening& what) override {
        if (const state::handle h = above(connection)) owner.up_.happened(now, h, what);
    }

    // The virtual device's handle of what this member calls so. A slot of a member's is one object's at a time.
    std::unordered_map<std::uint32_t, state::handle> names;
    void known_as(state::handle mine, state::handle objects) { names[mine.index] = objects; }
    state::handle above(state::handle mine) const {
        const auto it = names.find(mine.index);
        const object* o = it == names.end() ? nullptr : owner.find(it->second);
        return o && o->in[self()] == mine ? it->second : state::handle{};
    }
};

}  // namespace nicteam::chimney
