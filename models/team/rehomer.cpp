#include "team/rehomer.h"

#include <algorithm>
#include <utility>

namespace nicteam::team {
namespace {

enum : unsigned { row_installed, row_removed, row_not_taken, row_held, row_dropped, row_in_the_clear, row_removing, row_installing, row_places, row_waiting };
enum : unsigned { at_home, removing, installing };
enum : unsigned { only_there = 1, opens = 2, seals = 4 };        // how good a home is

}  // namespace

augmentation_layer_250::machinery::rehomer::rehomer(sc_core::sc_module_name n, machinery& m, const rehoming_config& c, std::unique_ptr<rehoming_policy> p)
    : sc_module(n), m_(m), config_(c), policy_(std::move(p)), installed_(sim::bind_counter(*this, rehoming_info.metrics.rows[row_installed])),
      removed_(sim::bind_counter(*this, rehoming_info.metrics.rows[row_removed])), not_taken_(sim::bind_counter(*this, rehoming_info.metrics.rows[row_not_taken])),
      held_(sim::bind_counter(*this, rehoming_info.metrics.rows[row_held])), dropped_(sim::bind_counter(*this, rehoming_info.metrics.rows[row_dropped])),
      in_the_clear_(sim::bind_counter(*this, rehoming_info.metrics.rows[row_in_the_clear])),
      removing_(sim::bind_counter(*this, rehoming_info.metrics.rows[row_removing])), installing_(sim::bind_counter(*this, rehoming_info.metrics.rows[row_installing])),
      places_(sim::bind_level(*this, rehoming_info.metrics.rows[row_places])), waiting_(sim::bind_level(*this, rehoming_info.metrics.rows[row_waiting])),
      phase_probe_(sim::bind_probe(*this, rehoming_info.probes.rows[0])) {
    for (unsigned k = 0; k < config_.at_a_time; ++k) asked_.push_back(std::make_unique<asked>());
}

// All are there when the team begins.
void augmentation_layer_250::machinery::rehomer::learn() {
    if (std::exchange(learned_, true)) return;
    for (std::size_t k = 0; k < m_.pool().size(); ++k) {
        moving one{m_.pool().named(k), {}};
        if (!m_.pool().moves(one.name)) continue;
        bool any = false;
        for (unsigned n = 0; n < m_.members_count(); ++n)
            if (m_.unit_of(n) >= 0 && m_.pool().in_unit(one.name, static_cast<unsigned>(m_.unit_of(n)))) one.at[n] = place::out, any = true;
        if (any) all_.push_back(one);
    }
}

int augmentation_layer_250::machinery::rehomer::number_of(state::handle name) const {
    const auto at = std::find_if(all_.begin(), all_.end(), [&](const moving& a) { return a.name == name; });
    return at == all_.end() ? -1 : static_cast<int>(at - all_.begin());
}

bool augmentation_layer_250::machinery::rehomer::lies_in(state::handle name, unsigned member) const {
    const int n = number_of(name);
    return n < 0 || all_[static_cast<unsigned>(n)].at[member] == place::in;
}

// It is there, or will be: at home only.
bool augmentation_layer_250::machinery::rehomer::may_lie_in(state::handle name, unsigned member) const {
    const int n = number_of(name);
    if (n < 0) return true;
    const place at = all_[static_cast<unsigned>(n)].at[member];
    return member == home_ && at != place::never && at != place::refused;
}

// It lies where frames leave, or never will: who waits for it need not wait on.
bool augmentation_layer_250::machinery::rehomer::settled(state::handle name) const {
    const int n = number_of(name);
    if (n < 0 || through_ == no_member) return n < 0;
    const place at = all_[static_cast<unsigned>(n)].at[through_];
    return !lives(all_[static_cast<unsigned>(n)]) || at == place::in || at == place::refused || at == place::never;
}

// Who may work for the association's packets, by the rights that everybody asks (decisions 193, 194, 204): the active member for itself, any other one for the
// others; both ways before one way, and what is sent before what comes. As long as its home is as good as any, nothing moves.
unsigned augmentation_layer_250::machinery::rehomer::home_of(unsigned active) const {
    if (active == no_member) return home_;
    unsigned best = home_, most = 0;
    const auto consider = [&](unsigned n) {
        if (const unsigned good = good_for(n, n == active); good > most) best = n, most = good;
    };
    consider(active);
    consider(home_);
    for (unsigned n = 0; n < m_.members_count(); ++n) consider(n);
    return most > only_there || home_ == no_member ? best : home_;
}

unsigned augmentation_layer_250::machinery::rehomer::good_for(unsigned n, bool active) const {
    using rights_to = engine_rights;
    const bool any = n < m_.members_count() && std::any_of(all_.begin(), all_.end(), [n](const moving& a) { return a.at[n] != place::never; });
    if (!any || !m_.members[n].present) return 0;
    const auto unit = std::uint64_t{1} << m_.unit_of(n);
    const auto may = [&](rights_to::work w) { return (m_.may_work.may(w) & unit) != 0; };
    const auto works = [&](rights_to::work w) { return !(m_.may_work.out_of_use(w) & unit); };
    const bool own = active && !m_.identities[n]->refused;
    const bool encrypts = may(rights_to::encrypts) || (own && m_.may_work.itself(n) && works(rights_to::encrypts));
    const bool decrypts = may(rights_to::decrypts) || (own && works(rights_to::decrypts));
    return only_there + (encrypts ? +seals : 0U) + (decrypts ? +opens : 0U);
}

whereabouts augmentation_layer_250::machinery::rehomer::look() const {
    whereabouts w;
    w.home = home_;
    w.through = through_;
    for (unsigned n = 0; n < m_.members_count(); ++n) {
        whereabouts::member& at = w.at[n];
        for (const moving& a : all_) {
            at.out += a.at[n] == place::out && lives(a);
            at.dead += a.at[n] == place::in && !lives(a);
            at.going_in += a.at[n] == place::going_in;
            at.in += a.at[n] == place::in;
            at.going_out += a.at[n] == place::going_out;
        }
        at.added = next_[n] >= all_.size();
        at.sends = m_.members[n].usable && m_.members[n].waiting_octets;
    }
    return w;
}

void augmentation_layer_250::machinery::rehomer::active_is(host::cpu& c, unsigned active) {
    learn();
    const unsigned home = home_of(active);
    if (home == home_ || all_.empty()) return;
    home_ = home;
    moved_ = true;
    next_.fill(0);
    for (moving& a : all_) {
        a.listed = lives(a);
        if (a.at[home] == place::refused) a.at[home] = place::out;
    }
    advance(c);
}

void augmentation_layer_250::machinery::rehomer::back(host::cpu& c, unsigned member) {
    for (moving& a : all_)
        if (a.at[member] == place::refused) a.at[member] = place::out;
    advance(c);
}

// Nothing has to move when it is the same; a policy that does not look has all to add again.
void augmentation_layer_250::machinery::rehomer::cleared(host::cpu& c) {
    next_.fill(0);
    if (learned_ && !all_.empty()) advance(c);
}

void augmentation_layer_250::machinery::rehomer::quiet(host::cpu& c, unsigned member) {
    if (member != home_ && !m_.members[member].waiting_octets && !all_.empty()) advance(c);
}

// What a step leads to may ask for more.
void augmentation_layer_250::machinery::rehomer::advance(host::cpu& c) {
    again_ = true;
    if (std::exchange(advancing_, true)) return;
    while (std::exchange(again_, false))
        while (take(c, policy_->next(look()))) show(c.now());
    advancing_ = false;
    show(c.now());
    if (std::exchange(moved_, false)) {
        m_.promise_each();
        m_.service->reconsider(c);
    }
    release(c);
}

bool augmentation_layer_250::machinery::rehomer::take(host::cpu& c, const rehoming_step& s) {
    using kind = rehoming_step::kind;
    if (s.what == kind::none) return false;
    if (s.what == kind::flip) {
        through_ = s.member;
        return true;
    }
    const auto free = std::find_if(asked_.begin(), asked_.end(), [](const auto& a) { return !a->busy; });
    if (free == asked_.end()) return false;
    unsigned which = 0;
    const auto lies = [&](place p, bool alive) {
        for (which = 0; which < all_.size() && (all_[which].at[s.member] != p || lives(all_[which]) != alive); ++which) {}
        return which < all_.size();
    };
    if (s.what == kind::add || s.what == kind::add_listed) which = next_[s.member]++;
    else if (s.what == kind::install ? !lies(place::out, true) : !lies(place::in, false) && (s.what == kind::sweep || !lies(place::in, true))) return false;
    const place at = all_[which].at[s.member];
    const bool there = s.what == kind::add && at == place::in;
    if (at == place::never || (s.what == kind::add_listed && (!all_[which].listed || at == place::in))) return true;
    ask(c, which, s.member, s.what != kind::remove && s.what != kind::sweep, there);
    return true;
}

void augmentation_layer_250::machinery::rehomer::ask(host::cpu& c, unsigned which, unsigned member, bool in, bool once_more) {
    auto free = std::find_if(asked_.begin(), asked_.end(), [](const auto& a) { return !a->busy; });
    if (free == asked_.end()) free = asked_.insert(asked_.end(), std::make_unique<asked>());      // of a user, who waits for nobody
    all_[which].at[member] = in ? place::going_in : place::going_out;
    moved_ = true;
    asked& a = **free;
    a.busy = true;
    a.which = which;
    a.member = member;
    a.request.in = in;
    a.request.once_more = once_more;
    a.request.association = m_.pool().in_unit(all_[which].name, static_cast<unsigned>(m_.unit_of(member)));
    m_.ports->request(c, member, a.request);
}

void augmentation_layer_250::machinery::rehomer::of_user(host::cpu& c, state::handle name, bool lives) {
    learn();
    m_.pool().live(name, lives);
    const int n = number_of(name);
    if (n < 0) return;
    if (policy_->sweeps()) moved_ = true;
    else once(c, all_[static_cast<unsigned>(n)], lives);
    advance(c);
}

// To where frames leave now, and never again: what is on its way there is not seen.
void augmentation_layer_250::machinery::rehomer::once(host::cpu& c, moving& a, bool lives) {
    if (through_ != no_member && a.at[through_] == (lives ? place::out : place::in)) ask(c, static_cast<unsigned>(&a - all_.data()), through_, lives);
}

bool augmentation_layer_250::machinery::rehomer::completed(host::cpu& c, driver::control& r) {
    const auto mine = std::find_if(asked_.begin(), asked_.end(), [&](const auto& a) { return a->busy && &a->request == &r; });
    if (mine == asked_.end()) return false;
    asked& a = **mine;
    place& at = all_[a.which].at[a.member];
    const bool done = r.result == driver::status::done;
    at = !a.request.in ? place::out : done ? place::in : place::refused;
    (!a.request.in ? removed_ : done ? installed_ : not_taken_).add();
    a.busy = false;
    moved_ = true;
    advance(c);
    return true;
}

bool augmentation_layer_250::machinery::rehomer::may_go(host::cpu& c, driver::packet& p, route& out) {
    learn();
    const int n = number_of(p.protection);
    if (n < 0) return true;
    if (!lives(all_[static_cast<unsigned>(n)])) {
        m_.drop(c, p, team_metric::expired, team_outcome::expired, driver::status::failed);
        return false;
    }
    if (through_ != home_ && through_ != no_member && out.count == 1 && out.to[0] == home_) out.to[0] = through_;
    const bool released = released_ == &p;
    const auto same = [&p](const driver::packet* q) { return q->protection == p.protection; };
    if (settled(p.protection) && (released || std::none_of(out_.begin(), out_.end(), same))) return true;
    switch (policy_->of_frames()) {
        case meanwhile::held:
            if (released) out_.push_front(&p);
            else if (out_.size() < config_.hold) out_.push_back(&p), held_.add();
            else m_.starved = true, m_.hand_up(c, p, driver::status::no_room);
            show(c.now());
            break;
        case meanwhile::dropped:
            dropped_.add();
            m_.drop(c, p, team_metric::no_engine, team_outcome::no_engine, driver::status::failed);
            break;
        case meanwhile::in_the_clear:
            in_the_clear_.add();
            exposed_[&p] = std::exchange(p.protection, {});
            m_.send_regular(c, p, out);
    }
    return false;
}

bool augmentation_layer_250::machinery::rehomer::keeps(unsigned port, driver::packet& p, state::handle name) {
    const int n = number_of(name);
    if (n < 0 || home_ == no_member || policy_->of_frames() != meanwhile::held || in_.size() >= config_.hold) return false;
    const place at = all_[static_cast<unsigned>(n)].at[home_];
    if (at != place::out && at != place::going_in) return false;
    held_.add();
    in_.push_back({port, &p, name});
    return true;
}

// In the order of each association. What is sent may bring about another change.
void augmentation_layer_250::machinery::rehomer::release(host::cpu& c) {
    if (std::exchange(releasing_, true)) return;
    for (std::size_t n = 0; n < out_.size();) {
        if (!settled(out_[n]->protection)) {
            ++n;
            continue;
        }
        released_ = out_[n];
        out_.erase(out_.begin() + static_cast<std::ptrdiff_t>(n));
        {
            const sim::in_hand at_work(m_.station, released_->id);
            m_.send_on(c, *released_);
        }
        released_ = nullptr;
        show(c.now());
    }
    for (std::size_t n = 0; n < in_.size();) {
        if (!settled(in_[n].name)) {
            ++n;
            continue;
        }
        const kept_in k = in_[n];
        in_.erase(in_.begin() + static_cast<std::ptrdiff_t>(n));
        m_.open(c, k.port, *k.packet, k.name);
        show(c.now());
    }
    releasing_ = false;
    m_.relieve(c);
}

void augmentation_layer_250::machinery::rehomer::sent(driver::packet& p) {
    if (const auto at = exposed_.find(&p); at != exposed_.end()) {
        p.protection = at->second;
        exposed_.erase(at);
    }
}

void augmentation_layer_250::machinery::rehomer::claim(const sim::station::claim& c) const {
    for (const driver::packet* p : out_) c(p->id);
    if (released_) c(released_->id);
    for (const kept_in& k : in_) c(k.packet->id);
}

void augmentation_layer_250::machinery::rehomer::show(ps now) {
    now = shown_ = std::max(shown_, now);                // CPUs of one host are each at their own time
    const whereabouts w = look();
    unsigned phase = at_home;
    if (home_ != no_member && through_ != home_) phase = removing;
    else if (home_ != no_member && (w.at[home_].out || w.at[home_].going_in)) phase = installing;
    std::int64_t places = 0;
    for (const auto& at : w.at) places += at.in + at.going_out;
    places_.set(now, places);
    waiting_.set(now, static_cast<std::int64_t>(out_.size() + in_.size()));
    if (phase == phase_) return;
    if (phase_ != at_home) (phase_ == removing ? removing_ : installing_).add(static_cast<std::uint64_t>(now - since_));
    phase_ = phase;
    since_ = now;
    phase_probe_.change(now, phase);
}

}  // namespace nicteam::team
