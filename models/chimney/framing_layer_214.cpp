#include "nicteam/chimney/framing_layer_214.h"

#include <algorithm>

namespace nicteam::chimney {

using state::block;
using state::layer;
using state::part;

framing_layer_214::framing_layer_214(minidriver_210& m, const chimney_options& o, act_observer& w) : below_(m), options_(o), observer_(w) {
    below_.offload_done = [this](ps now, journey_ref j) { done(now, std::move(j)); };
    below_.upload_done = [this](ps now, journey_ref j) { gone(now, std::move(j)); };
}

block framing_layer_214::block_of(ps now, const entry& e) const {
    block b;
    b.layer = layer::neighbor;
    b.target = e.device;
    b.host = e.number;
    if (!e.device && options_.state_with_request) e.it->set_time(now), e.it->save(part::cached, b.cached);
    return b;
}

framing_layer_214::entry& framing_layer_214::make(const std::shared_ptr<tcp::neighbor>& hop) {
    entry& e = entries_[hop.get()];
    e.it = hop;
    e.number = next_++;
    return e;
}

// A next hop that another request has under way (¶76).
bool framing_layer_214::waits(const std::vector<on_top>& all) const {
    return std::any_of(all.begin(), all.end(), [&](const on_top& p) {
        const auto e = entries_.find(p.path->next_hop().get());
        return e != entries_.end() && e->second.phase != phase::there;
    });
}

void framing_layer_214::request(ps now, journey_ref j, std::vector<on_top> all) {
    observer_.acted(act::request_334, j->going());
    if (waits(all)) {
        if (options_.queue_requests) return waiting_.emplace_back(std::move(j), std::move(all)), void();
        j->refuse_all({"framing", status::in_use});
        return completed(now, std::move(j));
    }
    std::map<tcp::neighbor*, std::uint32_t> numbers;
    for (on_top& p : all) {
        const auto& hop = p.path->next_hop();
        const auto known = entries_.find(hop.get());
        entry& e = known == entries_.end() ? make(hop) : known->second;
        if (known == entries_.end()) j->neighbours.push_back(hop);
        if (!p.block.target) ++e.dependents;              // a path that is new to the device
        const auto [n, first] = numbers.try_emplace(hop.get());
        if (first) n->second = j->list.add(block_of(now, e));
        const std::uint32_t path = j->list.add(std::move(p.block), n->second);
        std::uint32_t last = block::none;
        for (auto& [traveller, b] : p.connections) {
            last = last == block::none ? j->list.add(std::move(b), path) : j->list.add_beside(std::move(b), last);
            j->travellers[traveller].block = last;
        }
    }
    below_.offload(now, std::move(j));
}

void framing_layer_214::done(ps now, journey_ref j) {
    std::uint32_t written = 0;
    for (const auto& hop : j->neighbours) {
        entry& e = entries_.at(hop.get());
        const auto blocks = j->list.blocks_of(layer::neighbor);
        const auto n = std::find_if(blocks.begin(), blocks.end(), [&](std::uint32_t k) { return j->list[k].host == e.number; });
        const block b = n == blocks.end() ? block{} : j->list[*n];
        if (b.status != static_cast<std::uint16_t>(status::done) || !b.target) {
            entries_.erase(hop.get());
            continue;
        }
        e.device = b.target;
        e.phase = phase::there;
        if (options_.state_with_request) continue;
        bytes cached;
        hop->set_time(now);
        hop->save(part::cached, cached);
        below_.write(now, e.device, part::cached, std::move(cached));
        ++written;
    }
    observer_.acted(act::state_310, written);
    if (const auto m = moves_.find(j.get()); m != moves_.end()) {
        const auto told = std::move(m->second);
        moves_.erase(m);
        const auto hop = j->neighbours.empty() ? nullptr : j->neighbours.front();
        const auto e = entries_.find(hop.get());
        told(now, e == entries_.end() ? state::handle{} : e->second.device);
    } else {
        observer_.acted(act::completion_312, j->list.size());
        completed(now, std::move(j));
    }
    resume(now);
}

void framing_layer_214::resume(ps now) {
    auto all = std::move(waiting_);
    waiting_.clear();
    for (auto& [j, tops] : all) request(now, std::move(j), std::move(tops));
}

void framing_layer_214::terminate(ps now, journey_ref j, std::vector<on_top> all) {
    observer_.acted(act::terminate_726, j->travellers.size());
    std::map<tcp::neighbor*, std::uint32_t> numbers;
    for (on_top& p : all) {
        const auto e = entries_.find(p.path->next_hop().get());
        if (e == entries_.end()) continue;
        const auto [n, first] = numbers.try_emplace(e->first);
        if (first) {
            block b;
            b.layer = layer::neighbor;
            b.target = e->second.device;
            b.host = e->second.number;
            b.stays = true;
            n->second = j->list.add(std::move(b));
        }
        const bool last = std::find(j->paths.begin(), j->paths.end(), p.path) != j->paths.end();
        p.block.stays = !last;
        const std::uint32_t path = j->list.add(std::move(p.block), n->second);
        std::uint32_t beside = block::none;
        for (auto& [traveller, b] : p.connections) {
            beside = beside == block::none ? j->list.add(std::move(b), path) : j->list.add_beside(std::move(b), beside);
            j->travellers[traveller].block = beside;
        }
        if (!last || --e->second.dependents) continue;
        e->second.phase = phase::leaving;        // the last one: it goes with them (¶104)
        j->list[n->second].stays = false;
        j->neighbours.push_back(e->second.it);
    }
    observer_.acted(act::terminate_724, j->travellers.size());
    below_.upload(now, std::move(j));
}

void framing_layer_214::gone(ps now, journey_ref j) {
    observer_.acted(act::completion_744, j->list.size());
    for (const auto& hop : j->neighbours) entries_.erase(hop.get());
    terminated(now, std::move(j));
    resume(now);
}

void framing_layer_214::changed(ps now, const std::shared_ptr<tcp::neighbor>& hop) {
    const auto e = entries_.find(hop.get());
    if (e == entries_.end() || e->second.phase != phase::there) return;       // what is on its way is written with what it is then
    bytes cached;
    hop->set_time(now);
    hop->save(part::cached, cached);
    observer_.acted(act::update_630, 1);
    below_.update(now, e->second.device, std::move(cached), [this](ps, status) { observer_.acted(act::updated_635, 1); });
}

void framing_layer_214::pass_update(ps now, state::handle h, bytes cached, minidriver_210::heard told) {
    observer_.acted(act::update_620, 1);
    observer_.acted(act::update_630, 1);
    below_.update(now, h, std::move(cached), [this, told = std::move(told)](ps then, status s) {
        observer_.acted(act::updated_635, 1);
        observer_.acted(act::updated_625, 1);
        told(then, s);
    });
}

void framing_layer_214::move(ps now, const std::shared_ptr<tcp::neighbor>& to, std::function<void(ps, state::handle)> there) {
    const auto known = entries_.find(to.get());
    entry& e = known == entries_.end() ? make(to) : known->second;
    ++e.dependents;
    if (known != entries_.end()) return there(now, e.device);
    auto j = std::make_unique<journey>();
    j->neighbours.push_back(to);
    j->list.add(block_of(now, e));
    moves_[j.get()] = std::move(there);
    below_.offload(now, std::move(j));
}

void framing_layer_214::release(ps now, const std::shared_ptr<tcp::neighbor>& hop) {
    const auto known = entries_.find(hop.get());
    if (known == entries_.end()) return;
    entry& e = known->second;
    if (e.dependents) --e.dependents;
    if (e.dependents || e.phase != phase::there) return;
    e.phase = phase::leaving;
    auto j = std::make_unique<journey>();
    j->down = false;
    j->neighbours.push_back(hop);
    j->list.add(block_of(now, e));
    below_.upload(now, std::move(j));
}

state::handle framing_layer_214::in_device(const std::shared_ptr<tcp::neighbor>& hop) const {
    const auto e = entries_.find(hop.get());
    return e == entries_.end() ? state::handle{} : e->second.device;
}

std::size_t framing_layer_214::size() const {
    std::size_t n = 0;
    for (const auto& [hop, e] : entries_) n += e.device ? 1 : 0;
    return n;
}

}  // namespace nicteam::chimney
