#include "nicteam/report/lifelines.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace nicteam::report {
namespace {

// Stages that no table has: the birth and the end.
constexpr std::uint16_t birth = UINT16_MAX, end_of_life = UINT16_MAX - 1;
constexpr const char *birth_name = "born", *end_name = "end";

}  // namespace

lifelines::lifelines(lifeline_options o) : options_(std::move(o)), between_(options_.between.size()), lost_(options_.from) {
    for (const stage_info* s : options_.stages) stage(*s);
}

// Stations keep their paths, so the address finds it; the text decides.
std::uint16_t lifelines::place(const std::string& path) {
    remembered& r = recent_places_.of(&path);
    if (r.key == &path && places_[r.value] == path) return r.value;
    r = {&path, find_place(path)};
    return r.value;
}

std::uint16_t lifelines::find_place(const std::string& path) {
    const auto known = place_of_.find(&path);
    if (known != place_of_.end() && places_[known->second] == path) return known->second;
    std::size_t i = 0;
    while (i < places_.size() && places_[i] != path) ++i;
    if (i == places_.size()) places_.push_back(path);
    if (i >= end_of_life) throw std::length_error("more than 65,000 stations");
    return place_of_[&path] = static_cast<std::uint16_t>(i);
}

std::uint16_t lifelines::stage(const stage_info& s) {
    remembered& r = recent_stages_.of(&s);
    if (r.key != &s) r = {&s, find_stage(s)};
    return r.value;
}

std::uint16_t lifelines::find_stage(const stage_info& s) {
    const auto known = stage_of_.find(&s);
    if (known != stage_of_.end()) return known->second;
    const auto n = static_cast<std::uint16_t>(stages_.size());
    stages_.push_back(&s);
    for (std::size_t k = 0; k < between_.size(); ++k) {
        between_[k].from.push_back(options_.between[k].first == s.name);
        between_[k].to.push_back(options_.between[k].second == s.name);
    }
    return stage_of_[&s] = n;
}

void lifelines::born(trace_id id, trace_id parent, const std::string& where, std::uint32_t octets, ps at) {
    if (id == 0 || live_.find(id) != id_table::none) return;        // the checker complains, not we
    std::uint32_t slot;
    if (free_.empty()) {
        slot = static_cast<std::uint32_t>(lives_.size());
        lives_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    live_.insert(id, slot);
    life& l = lives_[slot];
    l.id = id;
    l.parent = parent;
    l.born = at;
    l.octets = octets;
    l.birthplace = l.sender = place(where);
    l.sent = at;
    l.outcome = nullptr;
    l.copies = 0;
    l.copied_at = nowhere;
    l.as_long = false;
    l.among = l.own = no_group;
    l.row = no_row;
    l.passes.clear();
    const std::uint32_t original = parent ? live_.find(parent) : id_table::none;
    if (original == id_table::none || (lives_[original].outcome && !lives_[original].outcome->goes_on)) return;      // an answer, not a copy
    ++lives_[original].copies;
    l.copied_at = copies_to_all(lives_[original].copied_at) ? lives_[original].copied_at : l.birthplace;
    l.as_long = octets == lives_[original].octets;
    l.among = copies_of(lives_[original]);
    l.sender = lives_[original].sender;
    l.sent = lives_[original].sent;
    l.passes = lives_[original].passes;
    for (pass& p : l.passes) p.inherited = true;
}

void lifelines::passed(trace_id id, const stage_info& s, const std::string& where, ps at) {
    if (id == 0) return;
    const std::uint32_t slot = live_.find(id);
    if (slot == id_table::none) return;
    lives_[slot].passes.push_back({at, stage(s), place(where)});
}

void lifelines::ended(trace_id id, const outcome_info& o, const std::string& where, ps at) {
    if (id == 0) return;
    const std::uint32_t slot = live_.find(id);
    if (slot == id_table::none || lives_[slot].outcome) return;
    life& l = lives_[slot];
    l.outcome = &o;
    l.end = at;
    l.endplace = place(where);
    if (const std::uint32_t original = l.parent ? live_.find(l.parent) : id_table::none;
        o.goes_on && !l.copies && original != id_table::none && lives_[original].copies)
        --lives_[original].copies;               // nothing is left of this one: a fragment
    if (o.to_all && l.own != no_group) groups_[l.own].to_all = true;
    if (o.to_all && !copies_to_all(l.endplace)) repeaters_.push_back(l.endplace);
    waiting_.push_back(slot);
    while (lives_[waiting_.front()].end + options_.grace < at) {
        close(waiting_.front());
        waiting_.pop_front();
    }
}

void lifelines::close(std::uint32_t slot) {
    const bool keeps = settle(slot);
    live_.erase(lives_[slot].id);
    if (!keeps) free_.push_back(slot);
}

bool lifelines::settle(std::uint32_t slot) {
    life& l = lives_[slot];
    // Stages may be reported late: in order of time, at one time as reported.
    const auto earlier = [](const pass& a, const pass& b) { return a.at < b.at; };
    if (!std::is_sorted(l.passes.begin(), l.passes.end(), earlier)) std::stable_sort(l.passes.begin(), l.passes.end(), earlier);
    const std::size_t row = rows_.size();
    keep(l);
    if (rows_.size() > row) l.row = row;
    if ((l.among != no_group || l.own != no_group) && settle_copy(slot)) return true;
    if (went_on(l)) return false;
    if (was_passed_over(l)) {
        if (in_window(l)) note_passed_over(l);
        return false;
    }
    if (l.outcome && on_settled) tell(l, l.outcome->lost);
    if (!in_window(l)) return false;
    note_places(l);
    if (!l.outcome || l.outcome->lost) note_unarrived(l);
    if (!l.outcome) return false;
    l.outcome->lost ? note_lost(l) : note_arrived(l);
    return false;
}

void lifelines::note_arrived(const life& l) {
    flow_books& f = books_of(l.sender, l.endplace);
    ++f.packets;
    f.octets += l.octets;
    f.latency.add(l.end - l.sent);
    f.over_time.add(l.end, 1, l.octets);
    note_between(l, f);
    auto next = f.hops.begin();
    const auto hop_to = [&](std::uint16_t from, std::uint16_t to, ps time) {
        for (std::size_t left = f.hops.size(); left; --left, ++next) {  // once around, from behind the latest
            if (next == f.hops.end()) next = f.hops.begin();
            if (next->from != from || next->to != to) continue;
            next->time.add(time);
            ++next;
            return;
        }
        f.hops.emplace_back();
        f.hops.back().from = from;
        f.hops.back().to = to;
        f.hops.back().time.add(time);
        next = f.hops.end();
    };
    // A station that the packet had left reports how it fared (a completion, the end of a burst): that is no hop of its way.
    std::uint16_t from = birth, here = l.sender;
    ps since = l.sent;
    left_.clear();
    for (const pass& p : l.passes) {
        if (p.at > l.end) break;
        if (p.where != here) {
            if (std::find(left_.begin(), left_.end(), p.where) != left_.end()) continue;
            left_.push_back(here);
            here = p.where;
        }
        hop_to(from, p.stage, p.at - since);
        from = p.stage;
        since = p.at;
    }
    hop_to(from, end_of_life, l.end - since);
}

void lifelines::note_between(const life& l, flow_books& f) const {
    const auto pass_of = [&](const std::vector<bool>& named, ps since, const pass* but) {
        const auto p = std::find_if(l.passes.begin(), l.passes.end(), [&](const pass& one) { return one.at >= since && &one != but && named[one.stage]; });
        return p == l.passes.end() ? nullptr : &*p;
    };
    f.between.resize(between_.size());
    for (std::size_t n = 0; n < between_.size(); ++n) {
        const pass* first = pass_of(between_[n].from, 0, nullptr);
        if (!first && options_.between[n].first != birth_name) continue;
        const ps since = first ? first->at : l.sent;
        const pass* next = pass_of(between_[n].to, since, first);
        const bool ends = options_.between[n].second == end_name;
        if (next) f.between[n].time.add(next->at - since);
        else if (ends && l.end >= since) f.between[n].time.add(l.end - since);
        else if (ends || pass_of(between_[n].to, 0, first)) ++f.between[n].other_way;
    }
}

void lifelines::note_lost(const life& l) {
    lost_.add(l.end, 1, l.octets);
    for (loss_books& b : losses_)
        if (b.from == l.sender && b.where == l.endplace && b.reason == l.outcome) {
            ++b.packets;
            b.octets += l.octets;
            return;
        }
    losses_.push_back({l.sender, l.endplace, l.outcome, 1, l.octets});
}

void lifelines::tell(const life& l, bool lost) {
    told_.clear();
    for (const pass& p : l.passes) told_.push_back({stages_[p.stage], p.where, p.at});
    on_settled({l.sender, l.endplace, l.sent, l.end, l.octets, l.outcome, lost, told_});
}

bool lifelines::copies_to_all(std::uint16_t where) const { return std::find(repeaters_.begin(), repeaters_.end(), where) != repeaters_.end(); }

void lifelines::note_passed_over(const life& l) {
    for (passed_over_books& b : passed_over_)
        if (b.where == l.endplace && b.from == l.sender) {
            ++b.packets;
            return;
        }
    passed_over_.push_back({l.endplace, l.sender, 1});
}

void lifelines::note_places(const life& l) {
    auto s = std::find_if(senders_.begin(), senders_.end(), [&](const sender_books& b) { return b.path == l.sender; });
    if (s == senders_.end()) s = senders_.insert(s, {l.sender, {l.sender}});
    std::uint16_t here = l.sender;
    std::size_t next = 1;                        // most packets come to the same places in the same order
    const auto come_to = [&](std::uint16_t there) {
        if (there == here) return;
        here = there;
        if (next < s->places.size() && s->places[next] == there) {
            ++next;
            return;
        }
        if (std::find(s->places.begin(), s->places.end(), there) == s->places.end()) s->places.push_back(there);
    };
    for (const pass& p : l.passes) come_to(p.where);
    if (l.outcome) come_to(l.endplace);
}

void lifelines::note_unarrived(const life& l) {
    const unarrived_books n{l.sender, l.passes.empty() ? birth : l.passes.back().stage, !l.outcome || l.outcome->no_room, 1};
    for (unarrived_books& b : unarrived_)
        if (b.from == n.from && b.stage == n.stage && b.waited == n.waited) {
            ++b.packets;
            return;
        }
    unarrived_.push_back(n);
}

void lifelines::keep(const life& l) {
    if (!options_.rows) return;
    if (rows_.size() >= options_.row_limit) {
        ++left_out_;
        return;
    }
    rows_.push_back({l.id, l.parent, l.born, l.end, l.octets, 0, passes_.size(), l.birthplace, l.endplace, l.outcome, fate(l)});
    for (const pass& p : l.passes)
        if (!p.inherited) passes_.push_back(p);
    rows_.back().passes = static_cast<std::uint32_t>(passes_.size() - rows_.back().first);
}

const char* lifelines::fate(const life& l) const {
    if (!l.outcome) return "held";
    if (l.outcome->goes_on || (l.outcome->lost && l.copies)) return "goes_on";
    if (l.outcome->for_others && copies_to_all(l.copied_at)) return "passed_over";
    return l.outcome->lost ? "lost" : "arrived";
}

lifelines::flow_books& lifelines::books_of(std::uint16_t from, std::uint16_t to) {
    for (flow_books& f : flows_)
        if (f.from == from && f.to == to) return f;
    flows_.emplace_back();
    flows_.back().from = from;
    flows_.back().to = to;
    flows_.back().over_time = time_series(options_.from);
    return flows_.back();
}

void lifelines::cut(life& l, ps end) {
    if (l.outcome && l.end > end) l.outcome = nullptr;
    l.passes.erase(std::remove_if(l.passes.begin(), l.passes.end(), [end](const pass& p) { return p.at > end; }), l.passes.end());
}

void lifelines::finish(const holders& held, ps end) {
    if (finished_) return;
    finished_ = true;
    for (life& l : lives_)
        if (live_.find(l.id) != id_table::none) cut(l, end);
    waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), [this](std::uint32_t slot) { return !lives_[slot].outcome; }), waiting_.end());
    for (std::uint32_t slot : waiting_) close(slot);
    waiting_.clear();
    std::map<std::string, std::uint64_t> at;
    for (life& l : lives_) {
        if (live_.find(l.id) == id_table::none || l.outcome || &lives_[live_.find(l.id)] != &l) continue;
        settle(static_cast<std::uint32_t>(&l - lives_.data()));
        ++at[last_place(l, held)];
    }
    for (const auto& [where, packets] : at) held_.push_back({where, packets});
}

std::string lifelines::last_place(const life& l, const holders& held) const {
    if (l.passes.empty()) return places_[l.birthplace];
    for (auto p = l.passes.rbegin(); held && p != l.passes.rend(); ++p)
        if (held(l.id, places_[p->where])) return places_[p->where] + " after " + stages_[p->stage]->name;
    return places_[l.passes.back().where] + " after " + stages_[l.passes.back().stage]->name;
}

std::string lifelines::last_place(trace_id id) const {
    const std::uint32_t slot = live_.find(id);
    return slot == id_table::none ? "nowhere" : last_place(lives_[slot]);
}

const char* lifelines::stage_name(std::uint16_t s) const { return s == birth ? birth_name : s == end_of_life ? end_name : stages_[s]->name; }

std::vector<flow> lifelines::flows() const {
    std::vector<flow> all;
    for (const flow_books& f : flows_) {
        all.push_back({places_[f.from], places_[f.to], f.packets, f.octets, distribution(f.latency, true), {}, f.over_time, {}});
        all.back().over_time.widen_to(longest_step());
        for (std::size_t n = 0; n < f.between.size(); ++n)
            all.back().between.push_back({options_.between[n].first, options_.between[n].second, f.between[n].time, f.between[n].other_way});
        // In the order of the way: from the birth on, then by name where ways differ.
        struct step { std::string from, to; const histogram* time; };
        std::vector<step> steps;
        for (const auto& h : f.hops) steps.push_back({stage_name(h.from), stage_name(h.to), &h.time});
        std::sort(steps.begin(), steps.end(), [](const step& a, const step& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; });
        std::vector<std::string> reached{birth_name};
        all.back().hops.reserve(steps.size());
        for (std::size_t r = 0; r < reached.size(); ++r)
            for (const step& s : steps) {
                if (s.from != reached[r]) continue;
                if (std::find(reached.begin(), reached.end(), s.to) == reached.end()) reached.push_back(s.to);
                all.back().hops.push_back({s.from, s.to, *s.time});
            }
    }
    std::sort(all.begin(), all.end(), [](const flow& a, const flow& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; });
    return all;
}

std::vector<loss> lifelines::losses() const {
    std::vector<loss> all;
    for (const loss_books& l : losses_) all.push_back({places_[l.from], places_[l.where], l.reason->name, l.reason->meaning, l.packets, l.octets});
    std::sort(all.begin(), all.end(), [](const loss& a, const loss& b) {
        return a.reason != b.reason ? a.reason < b.reason : a.where != b.where ? a.where < b.where : a.from < b.from;
    });
    return all;
}

ps lifelines::longest_step() const {
    ps longest = lost_.step;
    for (const flow_books& f : flows_) longest = std::max(longest, f.over_time.step);
    return longest;
}

time_series lifelines::lost_over_time() const {
    time_series s = lost_;
    s.widen_to(longest_step());
    return s;
}

std::vector<held> lifelines::still_held() const { return held_; }

std::vector<passed_over> lifelines::passed_over_by() const {
    std::vector<passed_over> all;
    for (const passed_over_books& b : passed_over_) all.push_back({places_[b.where], places_[b.from], b.packets});
    std::sort(all.begin(), all.end(), [](const passed_over& a, const passed_over& b) { return a.where != b.where ? a.where < b.where : a.from < b.from; });
    return all;
}

std::vector<sender> lifelines::senders() const {
    std::vector<sender> all;
    for (const sender_books& b : senders_) {
        all.push_back({places_[b.path], {}});
        for (const std::uint16_t p : b.places) all.back().places.push_back(places_[p]);
    }
    return all;
}

std::vector<unarrived> lifelines::not_arrived() const {
    std::vector<unarrived> all;
    for (const unarrived_books& b : unarrived_)
        all.push_back({places_[b.from], b.stage == birth ? "" : stages_[b.stage]->name, b.waited, b.packets});
    return all;
}

}  // namespace nicteam::report
