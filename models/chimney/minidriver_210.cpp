#include "nicteam/chimney/minidriver_210.h"

namespace nicteam::chimney {

void minidriver_210::offload(ps now, journey_ref j) {
    observer_.acted(act::request_336, j->going());
    const ticket t = j->number = next_++;
    state::block_list list = std::move(j->list);
    const bool whole = j->whole;
    under_way_[t] = std::move(j);
    down_.offload(now, t, std::move(list), whole);
}

void minidriver_210::offloaded(ps now, ticket t, state::block_list list) {
    const auto it = under_way_.find(t);
    if (it == under_way_.end()) return;
    journey_ref j = std::move(it->second);
    under_way_.erase(it);
    j->list = std::move(list);
    observer_.acted(act::decision_370, j->list.size());
    observer_.acted(act::completion_308, j->list.size());
    offload_done(now, std::move(j));
}

void minidriver_210::upload(ps now, journey_ref j) {
    observer_.acted(act::terminate_722, j->travellers.size());
    const ticket t = j->number = next_++;
    state::block_list list = std::move(j->list);
    const std::size_t connections = j->travellers.size();
    under_way_[t] = std::move(j);
    down_.upload(now, t, std::move(list));
    if (!connections || !under_way_.count(t)) return;
    observer_.acted(act::in_progress_732, connections);
    observer_.acted(act::in_progress_734, connections);
    if (in_progress) in_progress(now, connections);
}

void minidriver_210::uploaded(ps now, ticket t, state::block_list list) {
    const auto it = under_way_.find(t);
    if (it == under_way_.end()) return;
    journey_ref j = std::move(it->second);
    under_way_.erase(it);
    j->list = std::move(list);
    observer_.acted(act::completion_742, j->list.size());
    upload_done(now, std::move(j));
}

ticket minidriver_210::listen(heard h) {
    const ticket t = next_++;
    if (h) waiting_[t] = std::move(h);
    return t;
}

void minidriver_210::answer(ps now, ticket t, status s) {
    const auto it = waiting_.find(t);
    if (it == waiting_.end()) return;
    const heard h = std::move(it->second);
    waiting_.erase(it);
    h(now, s);
}

void minidriver_210::write(ps now, state::handle h, state::part p, bytes octets, heard told) {
    const ticket t = listen(std::move(told));
    down_.write(now, t, h, p, std::move(octets));
}
void minidriver_210::write_data(ps now, state::handle h, bytes octets, heard told) {
    const ticket t = listen(std::move(told));
    down_.write_data(now, t, h, std::move(octets));
}
void minidriver_210::update(ps now, state::handle h, bytes cached, heard told) {
    observer_.acted(act::update_640, 1);
    const ticket t = listen(std::move(told));
    down_.update(now, t, h, std::move(cached));
}
void minidriver_210::relink(ps now, state::handle path, state::handle neighbour, heard told) {
    const ticket t = listen(std::move(told));
    down_.relink(now, t, path, neighbour);
}
void minidriver_210::forward(ps now, state::handle h, const packet::ip_address& source, const packet::ip_address& destination, bytes segment, heard told) {
    const ticket t = listen(std::move(told));
    down_.forward(now, t, h, source, destination, std::move(segment));
}
void minidriver_210::query(ps now, state::handle h, state::part p, std::function<void(ps, status, const bytes&)> told) {
    const ticket t = next_++;
    asking_[t] = std::move(told);
    down_.query(now, t, h, p);
}

void minidriver_210::written(ps now, ticket t, status s) { answer(now, t, s); }
void minidriver_210::updated(ps now, ticket t, status s) {
    observer_.acted(act::updated_645, 1);
    answer(now, t, s);
}
void minidriver_210::sent_on(ps now, ticket t, status s) { answer(now, t, s); }
void minidriver_210::asked(ps now, ticket t, status s, const bytes& part) {
    const auto it = asking_.find(t);
    if (it == asking_.end()) return;
    const auto told = std::move(it->second);
    asking_.erase(it);
    told(now, s, part);
}
void minidriver_210::indicated(ps now, state::handle connection, reason why) {
    observer_.acted(act::indicate_702, 1);
    observer_.acted(act::indicate_704, 1);
    termination_asked(now, connection, why);
}
void minidriver_210::happened(ps now, state::handle connection, const happening& what) {
    if (told_of) told_of(now, connection, what);
}

}  // namespace nicteam::chimney
