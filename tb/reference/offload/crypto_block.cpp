#include "reference/offload/crypto_block.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>

namespace reference::offload {
namespace {

using nicteam::test::crypto_case;
using nicteam::test::crypto_visit;
using nicteam::test::engine_job;

constexpr int nobody = -1;

struct wire_in {                   // the octet clock's side
    std::size_t packet = 0;        // that arrives, or comes next
    unsigned gap = 0, octet = 0;
    bool lost = false;
};

struct queued {
    int packet;
    unsigned edges;                // until it is seen whole
};

struct transfer {                  // words that still pass
    int packet = nobody;
    unsigned words = 0;
};

struct place {
    int packet;
    unsigned words_in, lookup = 0;
    enum { coming, looking, waiting, working, done, offered, leaving } state = coming;
    std::size_t job = 0;
    unsigned cipher = 0, lag = 0, authentication = 0;
    int cipher_engine = nobody, authentication_engine = nobody;
};

struct registers {
    wire_in wire;
    unsigned used_142 = 0, used_past = 0;         // octets of whole frames
    std::deque<queued> queue_142, queue_past;
    transfer from_142, from_past;
    bool past_last = true;
    std::deque<int> queue_140;
    transfer from_140;
    std::deque<place> inside;
    std::vector<bool> cipher_busy, authentication_busy;
    int coming_in = nobody;        // at input 124
    bool fed_back_last = false;
    enum { idle, receiving, working, full_140, full_out, feeding_140 } state_22b = idle;
    int packet_22b = nobody;
    unsigned left_22b = 0;
    int out = nobody;
    transfer leaving;
    unsigned sink_wait = 0;
    bool offered_21a = false;
};

class block {
public:
    explicit block(const crypto_case& c) : c_(c), round_(c.packets.size(), 0) {
        now_.cipher_busy.assign(c.cipher_engines, false);
        now_.authentication_busy.assign(c.authentication_engines, false);
        size_.resize(c.packets.size());
        for (std::size_t k = 0; k < c.packets.size(); ++k) size_[k] = c.packets[k].octets;
        now_.wire.gap = c.packets.empty() ? 0 : c.packets[0].gap;
    }

    std::string run() {
        std::int64_t octet = c_.octet_period, edge = c_.block_period;
        unsigned quiet = 0;
        while (quiet < 1'000) {
            t_ = std::min(octet, edge);
            was_ = now_;
            const std::size_t before = text_.size();
            if (t_ == octet) octet_edge(), octet += c_.octet_period;
            const bool stepped = t_ == edge;
            if (stepped) block_edge(), edge += c_.block_period;
            if (text_.size() != before || now_.wire.packet < c_.packets.size() || busy()) quiet = 0;
            else quiet += stepped;
        }
        return text_;
    }

private:
    bool busy() const {
        return now_.from_142.words || now_.from_140.words || now_.leaving.words || now_.state_22b == registers::working ||
               std::any_of(now_.inside.begin(), now_.inside.end(), [](const place& p) { return p.state != place::offered && p.state != place::done; });
    }
    void tell(const char* what, int packet) { text_ += std::to_string(t_) + ' ' + what + ' ' + std::to_string(packet) + '\n'; }
    const crypto_visit& visit(int p) const { return c_.packets[static_cast<std::size_t>(p)].visits[round_[static_cast<std::size_t>(p)]]; }
    unsigned words(int p) const { return (size_[static_cast<std::size_t>(p)] + c_.word_octets - 1) / c_.word_octets; }

    bool no_room_142(unsigned own, bool past) const {
        if (was_.used_142 + was_.used_past + own > c_.octets_142) return true;
        return !past && was_.used_142 + own > c_.octets_142 - c_.kept_142;
    }
    // Without buffer 142: the word of the frame before that this octet would take the place of is there still.
    bool in_the_way(unsigned octet) const {
        if (!was_.queue_142.empty()) return true;
        const transfer& x = was_.from_142;
        return x.packet != nobody && octet / c_.word_octets < words(x.packet) && words(x.packet) - x.words <= octet / c_.word_octets;
    }
    void octet_edge() {
        wire_in& w = now_.wire;
        if (w.packet == c_.packets.size()) return;
        if (w.gap) {
            --w.gap;
            return;
        }
        const auto& p = c_.packets[w.packet];
        const bool no_room = c_.octets_142 ? no_room_142(w.octet + 1, p.past_21a) && (!c_.sorts || w.octet + 1 >= std::min(64u, p.octets)) : in_the_way(w.octet);
        if (!w.lost && no_room) {
            w.lost = true;
            tell("lost_142", static_cast<int>(w.packet));
        }
        if (++w.octet < p.octets) return;
        if (!w.lost && p.good) {
            (p.past_21a ? now_.used_past : now_.used_142) += p.octets;
            (p.past_21a ? now_.queue_past : now_.queue_142).push_back({static_cast<int>(w.packet), c_.crossing});
        }
        w = {w.packet + 1, 0, 0, false};
        if (w.packet < c_.packets.size()) w.gap = c_.packets[w.packet].gap;
    }

    void block_edge() {
        crossings();
        source_142();
        source_past();
        source_140();
        logic_21a();
        logic_22b();
        sink();
        inputs();
        input_22b();
    }

    // A frame that came in at the octet clock's edge of this very instant is not there yet.
    static bool known(const std::deque<queued>& before, int packet) { return std::any_of(before.begin(), before.end(), [&](const queued& q) { return q.packet == packet; }); }
    void crossings() {
        for (queued& q : now_.queue_142)
            if (q.edges && known(was_.queue_142, q.packet)) --q.edges;
        for (queued& q : now_.queue_past)
            if (q.edges && known(was_.queue_past, q.packet)) --q.edges;
    }

    void source_142() {
        transfer& x = now_.from_142;
        if (x.words && --x.words == 0) now_.used_142 -= c_.packets[static_cast<std::size_t>(x.packet)].octets, x.packet = nobody;
    }
    void source_past() {
        transfer& x = now_.from_past;
        if (x.words && --x.words == 0) now_.used_past -= c_.packets[static_cast<std::size_t>(x.packet)].octets, x.packet = nobody;
    }
    void source_140() {
        transfer& x = now_.from_140;
        if (x.words && --x.words == 0) x.packet = nobody;
    }

    // A cache of lines {association, when it came or was used last}.
    unsigned fetches(int packet) {
        if (c_.cache_sets == 0) return 0;
        unsigned clocks = 0;
        for (const unsigned a : visit(packet).associations) {
            auto& set = cache_[a % c_.cache_sets];
            ++looked_up_;
            if (const auto line = set.find(a); line != set.end()) {
                if (c_.least_recently_used) line->second = looked_up_;
                continue;
            }
            tell("miss", packet);
            clocks += c_.miss_clocks;
            if (set.size() == c_.cache_ways)
                set.erase(std::min_element(set.begin(), set.end(), [](const auto& x, const auto& y) { return x.second < y.second; }));
            set[a] = looked_up_;
        }
        return clocks;
    }

    void start_job(place& p) {
        const engine_job& j = visit(p.packet).jobs[p.job];
        p.cipher = j.cipher;
        p.authentication = j.authentication;
        p.lag = j.cipher && j.authentication ? (j.chained ? j.lag : j.cipher) : 0;
    }
    bool later_use(const place& p, unsigned engine_job::* kind) const {
        const auto& jobs = visit(p.packet).jobs;
        return std::any_of(jobs.begin() + static_cast<std::ptrdiff_t>(p.job) + 1, jobs.end(), [&](const engine_job& j) { return j.*kind; });
    }
    bool needs(const place& p, unsigned engine_job::* kind) const {
        const auto& jobs = visit(p.packet).jobs;
        return std::any_of(jobs.begin(), jobs.end(), [&](const engine_job& j) { return j.*kind; });
    }
    static int grab(std::vector<bool>& engines) {
        for (std::size_t k = 0; k < engines.size(); ++k)
            if (!engines[k]) return engines[k] = true, static_cast<int>(k);
        return nobody;
    }
    static bool any_free(const std::vector<bool>& engines) { return std::find(engines.begin(), engines.end(), false) != engines.end(); }
    void release(place& p) {
        if (p.cipher_engine != nobody && p.cipher == 0 && !later_use(p, &engine_job::cipher)) now_.cipher_busy[static_cast<std::size_t>(p.cipher_engine)] = false, p.cipher_engine = nobody;
        if (p.authentication_engine != nobody && p.authentication == 0 && !later_use(p, &engine_job::authentication))
            now_.authentication_busy[static_cast<std::size_t>(p.authentication_engine)] = false, p.authentication_engine = nobody;
    }
    // Jobs without a clock are over at once.
    void go_on(place& p) {
        while (p.cipher == 0 && p.authentication == 0) {
            release(p);
            if (++p.job == visit(p.packet).jobs.size()) {
                p.state = place::done;
                tell("done_21a", p.packet);
                return;
            }
            start_job(p);
        }
        release(p);
    }

    void logic_21a() {
        // Out.
        if (!now_.inside.empty() && now_.inside.front().state == place::leaving && --now_.inside.front().words_in == 0) now_.inside.pop_front();
        // The engines go on; what they finish at this edge frees them for it.
        for (place& p : now_.inside) {
            if (p.state != place::working) continue;
            if (p.cipher) --p.cipher;
            if (p.lag) --p.lag;
            else if (p.authentication) --p.authentication;
            go_on(p);
        }
        for (place& p : now_.inside) {
            if (p.state == place::coming && --p.words_in == 0) {
                p.state = place::looking;
                p.lookup = visit(p.packet).lookup + fetches(p.packet);
            } else if (p.state == place::looking && p.lookup) {
                --p.lookup;
            }
            if (p.state == place::looking && p.lookup == 0) p.state = place::waiting;
        }
        // In order of arrival; a packet that needs no engine waits for nobody.
        bool held_up = false;
        for (place& p : now_.inside) {
            if (p.state == place::coming) break;
            const bool cipher = needs(p, &engine_job::cipher), authentication = needs(p, &engine_job::authentication);
            if (p.state == place::looking) held_up |= cipher || authentication;
            if (p.state != place::waiting) continue;
            if (!cipher && !authentication) {
                p.state = place::done;
                tell("done_21a", p.packet);
                continue;
            }
            if (held_up || (cipher && !any_free(now_.cipher_busy)) || (authentication && !any_free(now_.authentication_busy))) {
                held_up = true;
                continue;
            }
            if (cipher) p.cipher_engine = grab(now_.cipher_busy);
            if (authentication) p.authentication_engine = grab(now_.authentication_busy);
            p.state = place::working;
            tell("start_21a", p.packet);
            p.job = 0;
            start_job(p);
            go_on(p);
        }
    }

    // One packet at a time is offered, in order, when the one before has been taken.
    void offer_21a() {
        for (place& p : now_.inside) {
            if (p.state == place::leaving) continue;
            if (p.state == place::done) p.state = place::offered;
            return;
        }
    }

    std::size_t held_140() const { return was_.queue_140.size() + (was_.from_140.packet != nobody ? 1 : 0); }
    void settle_22b() {
        const int p = now_.packet_22b;
        const crypto_visit& v = visit(p);
        if (v.then == crypto_visit::back) {
            const std::size_t held = held_140(), room = c_.places_140 ? c_.places_140 : 1;
            if (held >= room && !c_.drop_at_140) {
                now_.state_22b = registers::full_140;
                return;
            }
            if (held >= room) {
                tell("lost_140", p);
            } else {
                size_[static_cast<std::size_t>(p)] = v.octets_from_22b;
                ++round_[static_cast<std::size_t>(p)];
                now_.queue_140.push_back(p);
                tell("fed_back", p);
                if (c_.places_140 == 0) {
                    now_.state_22b = registers::feeding_140;
                    return;
                }
            }
        } else if (v.then == crypto_visit::out) {
            if (was_.out != nobody || was_.leaving.packet != nobody) {
                now_.state_22b = registers::full_out;
                return;
            }
            size_[static_cast<std::size_t>(p)] = v.octets_from_22b;
            now_.out = p;
        } else {
            tell(v.then == crypto_visit::held ? "held_22b" : "dropped_22b", p);
        }
        now_.state_22b = registers::idle;
        now_.packet_22b = nobody;
    }

    void logic_22b() {
        transfer& x = now_.leaving;
        if (x.words && --x.words == 0) {
            tell("out", x.packet);
            x.packet = nobody;
            now_.sink_wait = c_.sink_gap;
        } else if (now_.sink_wait) {
            --now_.sink_wait;
        }
        switch (now_.state_22b) {
            case registers::receiving:
                if (--now_.left_22b) break;
                now_.state_22b = registers::working;
                now_.left_22b = visit(now_.packet_22b).clocks_22b;
                if (now_.left_22b == 0) settle_22b();
                break;
            case registers::working:
                if (--now_.left_22b == 0) settle_22b();
                break;
            case registers::full_140:
            case registers::full_out: settle_22b(); break;
            case registers::feeding_140:
                if (held_140() == 0 && was_.state_22b == registers::feeding_140) now_.state_22b = registers::idle, now_.packet_22b = nobody;
                break;
            default: break;
        }
    }

    // The receive FIFO.
    void sink() {
        if (was_.out == nobody || now_.out != was_.out || now_.leaving.words || now_.sink_wait) return;
        now_.leaving = {now_.out, words(now_.out)};
        tell("take_out", now_.out);
        now_.out = nobody;
    }

    // An input whose last word passes at this edge may take again; a place that comes free at this edge is not seen yet.
    void inputs() {
        std::size_t taken = 0;
        while (was_.inside.size() + taken < c_.places) {
            const bool busy_124 = now_.from_142.words || (!c_.separate_150 && now_.from_140.words), busy_back = c_.separate_150 ? now_.from_140.words : busy_124;
            // What was put there at this edge is not seen yet.
            const bool back = !busy_back && !was_.queue_140.empty() && !now_.queue_140.empty() && now_.queue_140.front() == was_.queue_140.front();
            bool forward = !busy_124 && !was_.queue_142.empty() && was_.queue_142.front().edges == 0 && !now_.queue_142.empty() &&
                           now_.queue_142.front().packet == was_.queue_142.front().packet;
            if (c_.bubble && forward) {
                const std::size_t free_140 = c_.places_140 > held_140() ? c_.places_140 - held_140() : 0;
                forward = c_.places - was_.inside.size() - taken - 1 + free_140 >= 1;
            }
            if (!back && !forward) return;
            bool choose_back = back;
            if (back && forward) {
                if (c_.priority == crypto_case::feedforward_first) choose_back = false;
                if (c_.priority == crypto_case::alternate) choose_back = !now_.fed_back_last;
            }
            now_.fed_back_last = choose_back;
            int p = nobody;
            if (choose_back) {
                p = now_.queue_140.front();
                now_.queue_140.pop_front();
                now_.from_140 = {p, words(p)};
                tell("take_122", p);
            } else {
                p = now_.queue_142.front().packet;
                now_.queue_142.pop_front();
                now_.from_142 = {p, words(p)};
                tell("take_130", p);
            }
            // In the order in which they will be whole.
            auto at = now_.inside.end();
            while (at != now_.inside.begin() && std::prev(at)->state == place::coming && std::prev(at)->words_in > words(p)) --at;
            now_.inside.insert(at, {p, words(p)});
            ++taken;
        }
    }

    void input_22b() {
        const bool can = now_.state_22b == registers::idle;
        const bool past = can && !was_.queue_past.empty() && was_.queue_past.front().edges == 0;
        if (past && (!was_.offered_21a || !now_.past_last)) {
            const int p = now_.queue_past.front().packet;
            now_.queue_past.pop_front();
            now_.from_past = {p, words(p)};
            now_.packet_22b = p;
            now_.left_22b = words(p);
            now_.state_22b = registers::receiving;
            now_.past_last = true;
            tell("take_past", p);
        } else if (can && was_.offered_21a) {
            now_.past_last = false;
            for (place& p : now_.inside) {
                if (p.state != place::offered) continue;
                size_[static_cast<std::size_t>(p.packet)] = visit(p.packet).octets_from_21a;
                now_.packet_22b = p.packet;
                now_.left_22b = words(p.packet);
                now_.state_22b = registers::receiving;
                p.state = place::leaving;
                p.words_in = words(p.packet);
                tell("take_22b", p.packet);
                break;
            }
        }
        offer_21a();
        now_.offered_21a = std::any_of(now_.inside.begin(), now_.inside.end(), [](const place& p) { return p.state == place::offered; });
    }

    const crypto_case& c_;
    registers now_, was_;
    std::map<unsigned, std::map<unsigned, unsigned long>> cache_;
    unsigned long looked_up_ = 0;
    std::vector<std::size_t> round_;
    std::vector<unsigned> size_;
    std::int64_t t_ = 0;
    std::string text_;
};

}  // namespace

std::string run(const crypto_case& c) { return block(c).run(); }

}  // namespace reference::offload
