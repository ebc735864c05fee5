#include "reference/offload/ipsec_logic.h"

#include <algorithm>
#include <iterator>

namespace reference::offload {

using nicteam::test::engine_job;

namespace {

int grab(std::vector<bool>& engines) {
    for (std::size_t k = 0; k < engines.size(); ++k)
        if (!engines[k]) return engines[k] = true, static_cast<int>(k);
    return nobody;
}
bool any_free(const std::vector<bool>& engines) { return std::find(engines.begin(), engines.end(), false) != engines.end(); }

}  // namespace

void ipsec_logic::start_job(place& p) {
    const engine_job& j = visit(p.packet).jobs[p.job];
    p.cipher = j.cipher;
    p.authentication = j.authentication;
    p.lag = j.cipher && j.authentication ? (j.chained ? j.lag : j.cipher) : 0;
}

bool ipsec_logic::later_use(const place& p, unsigned engine_job::* kind) const {
    const auto& jobs = visit(p.packet).jobs;
    return std::any_of(jobs.begin() + static_cast<std::ptrdiff_t>(p.job) + 1, jobs.end(), [&](const engine_job& j) { return j.*kind; });
}

bool ipsec_logic::needs(const place& p, unsigned engine_job::* kind) const {
    const auto& jobs = visit(p.packet).jobs;
    return std::any_of(jobs.begin(), jobs.end(), [&](const engine_job& j) { return j.*kind; });
}

void ipsec_logic::release(ipsec_registers& now, place& p) {
    if (p.cipher_engine != nobody && p.cipher == 0 && !later_use(p, &engine_job::cipher)) now.cipher_busy[static_cast<std::size_t>(p.cipher_engine)] = false, p.cipher_engine = nobody;
    if (p.authentication_engine != nobody && p.authentication == 0 && !later_use(p, &engine_job::authentication))
        now.authentication_busy[static_cast<std::size_t>(p.authentication_engine)] = false, p.authentication_engine = nobody;
}

// Jobs without a clock are over at once.
void ipsec_logic::go_on(ipsec_registers& now, place& p) {
    while (p.cipher == 0 && p.authentication == 0) {
        release(now, p);
        if (++p.job == visit(p.packet).jobs.size()) {
            p.state = place::done;
            block_.tell("done_21a", p.packet);
            return;
        }
        start_job(p);
    }
    release(now, p);
}

void ipsec_logic::edge(ipsec_registers& now) {
    // Out.
    if (!now.inside.empty() && now.inside.front().state == place::leaving && now.inside.front().words.edge()) now.inside.pop_front();
    const auto gone = std::find_if(now.inside.begin(), now.inside.end(), [this](const place& p) { return p.state == place::coming && block_.next_word(p) == block::gone; });
    if (gone != now.inside.end()) now.inside.erase(gone);
    // The engines go on; what they finish at this edge frees them for it.
    for (place& p : now.inside) {
        if (p.state != place::working) continue;
        if (p.cipher) --p.cipher;
        if (p.lag) --p.lag;
        else if (p.authentication) --p.authentication;
        go_on(now, p);
    }
    for (place& p : now.inside) {
        if (p.state == place::coming && block_.next_word(p) == block::passes && p.words.edge()) {
            p.state = place::looking;
            p.lookup = visit(p.packet).lookup + block_.fetches(p.packet);
        } else if (p.state == place::looking && p.lookup) {
            --p.lookup;
        }
        if (p.state == place::looking && p.lookup == 0) p.state = place::waiting;
    }
    // In order of arrival; a packet that needs no engine waits for nobody.
    bool held_up = false;
    for (place& p : now.inside) {
        if (p.state == place::coming) break;
        const bool cipher = needs(p, &engine_job::cipher), authentication = needs(p, &engine_job::authentication);
        if (p.state == place::looking) held_up |= cipher || authentication;
        if (p.state != place::waiting) continue;
        if (!cipher && !authentication) {
            p.state = place::done;
            block_.tell("done_21a", p.packet);
            continue;
        }
        if (held_up || (cipher && !any_free(now.cipher_busy)) || (authentication && !any_free(now.authentication_busy))) {
            held_up = true;
            continue;
        }
        if (cipher) p.cipher_engine = grab(now.cipher_busy);
        if (authentication) p.authentication_engine = grab(now.authentication_busy);
        p.state = place::working;
        block_.tell("start_21a", p.packet);
        p.job = 0;
        start_job(p);
        go_on(now, p);
    }
}

int ipsec_logic::offered(const ipsec_registers& r) {
    const auto at = std::find_if(r.inside.begin(), r.inside.end(), [](const place& p) { return p.state == place::offered; });
    return at == r.inside.end() ? nobody : at->packet;
}

// One packet at a time is offered, in order, when the one before has been taken.
void ipsec_logic::offer(ipsec_registers& now) {
    for (place& p : now.inside) {
        if (p.state == place::leaving) continue;
        if (p.state == place::done) p.state = place::offered;
        break;
    }
    now.offered = offered(now) != nobody;
}

void ipsec_logic::comes(ipsec_registers& now, int packet, const passage& words) {
    auto at = now.inside.end();
    while (at != now.inside.begin() && std::prev(at)->state == place::coming && std::prev(at)->words.words > words.words) --at;
    now.inside.insert(at, {packet, words});
}

void ipsec_logic::leaves(ipsec_registers& now, const passage& words) {
    const auto at = std::find_if(now.inside.begin(), now.inside.end(), [](const place& p) { return p.state == place::offered; });
    at->state = place::leaving;
    at->words = words;
}

}  // namespace reference::offload
