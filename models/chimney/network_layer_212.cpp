#include "nicteam/chimney/network_layer_212.h"

#include <algorithm>

namespace nicteam::chimney {

using state::block;
using state::layer;
using state::part;

namespace {

constexpr std::uint16_t first_of_device = 0x8000;      // half of the space of IP-IDs (¶86)

const block* named(const state::block_list& l, layer what, std::uint64_t number) {
    for (std::uint32_t n = 0; n < l.size(); ++n)
        if (l[n].layer == what && l[n].host == number) return &l[n];
    return nullptr;
}

}  // namespace

network_layer_212::network_layer_212(framing_layer_214& f, minidriver_210& m, const chimney_options& o, act_observer& w)
    : below_(f), driver_(m), options_(o), observer_(w) {
    below_.completed = [this](ps now, journey_ref j) { done(now, std::move(j)); };
    below_.terminated = [this](ps now, journey_ref j) { gone(now, std::move(j)); };
}

block network_layer_212::block_of(ps now, const entry& e) {
    block b;
    b.layer = layer::path;
    b.host = e.number;
    b.target = e.device;
    if (e.device || !options_.state_with_request) return b;
    e.it->set_time(now);
    e.it->save(part::constant, b.constant);
    e.it->save(part::cached, b.cached);
    return b;
}

void network_layer_212::request(ps now, journey_ref j, std::vector<block> connections) {
    observer_.acted(act::request_332, j->going());
    const bool under_way = std::any_of(j->travellers.begin(), j->travellers.end(), [&](const traveller& t) {
        const auto e = entries_.find(t.over.get());
        return !t.refused && e != entries_.end() && e->second.phase != phase::there;
    });
    if (under_way) {
        if (options_.queue_requests) return waiting_.emplace_back(std::move(j), std::move(connections)), void();
        j->refuse_all({"network", status::in_use});
        return completed(now, std::move(j));
    }
    std::vector<framing_layer_214::on_top> tops;
    std::map<tcp::path*, std::size_t> place;
    for (std::size_t k = 0, b = 0; k < j->travellers.size(); ++k) {
        traveller& t = j->travellers[k];
        if (t.refused) continue;
        block of_connection = std::move(connections[b++]);
        if (!t.over->next_hop()) {
            t.refused = {"network", status::wrong_order};
            continue;
        }
        const auto known = entries_.find(t.over.get());
        entry& e = known == entries_.end() ? entries_[t.over.get()] : known->second;
        if (known == entries_.end()) {
            e.it = t.over;
            e.number = next_++;
            j->paths.push_back(t.over);
        }
        ++e.dependents;
        t.counted = true;
        const auto [at, first] = place.try_emplace(t.over.get(), tops.size());
        if (first) tops.push_back({t.over, block_of(now, e), {}});
        tops[at->second].connections.emplace_back(k, std::move(of_connection));
    }
    if (tops.empty()) return completed(now, std::move(j));
    below_.request(now, std::move(j), std::move(tops));
}

void network_layer_212::done(ps now, journey_ref j) {
    std::size_t written = 0;
    for (const auto& p : j->paths) {
        entry& e = entries_.at(p.get());
        const block* b = named(j->list, layer::path, e.number);
        if (!b || b->status != static_cast<std::uint16_t>(status::done) || !b->target) {
            below_.release(now, p->next_hop());
            entries_.erase(p.get());
            continue;
        }
        e.device = b->target;
        e.phase = phase::there;
        auto& mine = identifications_[p.get()];
        if (mine.first.lock() != p) mine = {p, {static_cast<std::uint16_t>(first_of_device), 0}};
        tcp::path as_the_device_has_it(p->constant(), p->cached());
        as_the_device_has_it.set_identifications(mine.second);
        for (const part k : {part::constant, part::cached, part::delegated}) {
            if (k != part::delegated && options_.state_with_request) continue;
            bytes octets;
            as_the_device_has_it.save(k, octets);
            driver_.write(now, e.device, k, std::move(octets));
        }
        ++written;
    }
    observer_.acted(act::state_314, written);
    observer_.acted(act::completion_316, j->going());
    completed(now, std::move(j));
    auto all = std::move(waiting_);
    waiting_.clear();
    for (auto& [w, connections] : all) request(now, std::move(w), std::move(connections));
}

void network_layer_212::terminate(ps now, journey_ref j, std::vector<block> connections) {
    observer_.acted(act::terminate_728, j->travellers.size());
    std::vector<framing_layer_214::on_top> tops;
    std::map<tcp::path*, std::size_t> place;
    for (std::size_t k = 0; k < j->travellers.size(); ++k) {
        const auto known = entries_.find(j->travellers[k].over.get());
        if (known == entries_.end()) continue;
        const auto [at, first] = place.try_emplace(known->first, tops.size());
        if (first) tops.push_back({known->second.it, block_of(now, known->second), {}});
        tops[at->second].connections.emplace_back(k, std::move(connections[k]));
        if (--known->second.dependents) continue;
        known->second.phase = phase::leaving;    // the last one: it goes with them (¶104)
        j->paths.push_back(known->second.it);
    }
    below_.terminate(now, std::move(j), std::move(tops));
}

void network_layer_212::gone(ps now, journey_ref j) {
    observer_.acted(act::completion_746, j->list.size());
    for (const auto& p : j->paths) {
        if (const block* b = named(j->list, layer::path, entries_.at(p.get()).number)) came_back(p, *b);
        entries_.erase(p.get());
    }
    if (!j->travellers.empty()) terminated(now, std::move(j));
    auto all = std::move(waiting_);
    waiting_.clear();
    for (auto& [w, connections] : all) request(now, std::move(w), std::move(connections));
}

// The next IP-ID that the device would have used, for the next offload (¶87). Literally it is the window's new begin, which drifts (DF-3).
void network_layer_212::came_back(const std::shared_ptr<tcp::path>& p, const block& b) {
    tcp::path read(p->constant(), p->cached());
    if (b.delegated.empty() || !read.load(part::delegated, b.delegated.data(), b.delegated.size())) return;
    tcp::path_delegated d = read.delegated();
    if (options_.seed_literal_identifications) d = {read.next_identification(), 0};
    identifications_[p.get()] = {p, d};
}

void network_layer_212::changed(ps now, const std::shared_ptr<tcp::path>& p) {
    const auto e = entries_.find(p.get());
    if (e == entries_.end() || e->second.phase != phase::there) return;
    bytes cached;
    p->save(part::cached, cached);
    below_.pass_update(now, e->second.device, std::move(cached), [](ps, status) {});
}

void network_layer_212::pass_update(ps now, state::handle h, bytes cached, minidriver_210::heard told) {
    observer_.acted(act::update_610, 1);
    below_.pass_update(now, h, std::move(cached), [this, told = std::move(told)](ps then, status s) {
        observer_.acted(act::updated_615, 1);
        told(then, s);
    });
}

void network_layer_212::route(ps now, const std::shared_ptr<tcp::path>& p, const std::shared_ptr<tcp::neighbor>& to) {
    const auto from = p->next_hop();
    p->set_next_hop(to);
    const auto e = entries_.find(p.get());
    if (from == to || e == entries_.end() || e->second.phase != phase::there) return;
    below_.move(now, to, [this, from, h = e->second.device](ps then, state::handle hop) {
        if (!hop) return;                        // the device has no room for it: the path stays where it was there
        driver_.relink(then, h, hop, [this, from](ps later, status s) {
            if (s == status::done) below_.release(later, from);
        });
    });
}

void network_layer_212::release(ps now, const std::shared_ptr<tcp::path>& p) {
    const auto known = entries_.find(p.get());
    if (known == entries_.end() || --known->second.dependents || known->second.phase != phase::there) return;
    known->second.phase = phase::leaving;
    auto j = std::make_unique<journey>();
    j->down = false;
    j->paths.push_back(p);
    std::vector<framing_layer_214::on_top> tops;
    tops.push_back({p, block_of(now, known->second), {}});
    below_.terminate(now, std::move(j), std::move(tops));
}

state::handle network_layer_212::in_device(const std::shared_ptr<tcp::path>& p) const {
    const auto e = entries_.find(p.get());
    return e == entries_.end() ? state::handle{} : e->second.device;
}

std::size_t network_layer_212::size() const {
    std::size_t n = 0;
    for (const auto& [p, e] : entries_) n += e.device ? 1 : 0;
    return n;
}

const tcp::path_delegated* network_layer_212::identifications(const std::shared_ptr<tcp::path>& p) const {
    const auto i = identifications_.find(p.get());
    return i == identifications_.end() || i->second.first.lock() != p ? nullptr : &i->second.second;
}

}  // namespace nicteam::chimney
