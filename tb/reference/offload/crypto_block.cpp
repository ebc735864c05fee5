#include "reference/offload/crypto_block.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>

#include "reference/offload/ipsec_logic.h"

namespace reference::offload {
namespace {

using nicteam::test::crypto_case;
using nicteam::test::crypto_visit;

struct wire_in {                   // the octet clock's side
    std::size_t packet = 0;        // that arrives, or comes next
    unsigned gap = 0, octet = 0;
    bool lost = false;
};

struct queued {
    int packet;
    unsigned edges;                // until it is seen whole
};

struct octet_seen {                // octets of the wire on their way to the block's clock
    int packet;
    unsigned edges;
    unsigned octet;                // this and all before it
    int end;                       // nothing, or the last one: good or bad
};
enum : int { goes_on, good, bad };

struct transfer {                  // words that still pass
    int packet = nobody;
    passage words;
};

struct registers {
    wire_in wire;
    unsigned used_142 = 0, used_past = 0;         // octets of whole frames
    std::deque<queued> queue_142, queue_past;
    std::deque<octet_seen> crossing;              // with cut-through
    std::vector<unsigned> seen;                   // octets of each frame
    std::vector<int> end_seen;
    transfer from_142, from_past;
    enum { forward, past, returned } last_22b = past;
    unsigned in_loop = 0;          // fed back, and not back yet
    std::deque<int> queue_140;
    transfer from_140;
    ipsec_registers in;            // 21a
    // Of path 152.
    ipsec_registers sends;         // the transmit side's 21a
    std::size_t next_22a = 0;      // that is offered, or comes next
    unsigned gap_22a = 0;
    transfer from_22a, to_16a;
    unsigned wait_16a = 0;
    bool fed_back_last_152 = false;
    int coming_in = nobody;        // at input 124
    bool fed_back_last = false;
    enum { idle, receiving, working, full_140, full_out, feeding_140 } state_22b = idle;
    int packet_22b = nobody;
    passage in_22b;
    unsigned left_22b = 0;
    int out = nobody;
    transfer leaving;
    unsigned sink_wait = 0;
};

class block : ipsec_logic::block {
public:
    explicit block(const crypto_case& c) : c_(c), round_(c.packets.size(), 0) {
        now_.in.cipher_busy.assign(c.cipher_engines, false);
        now_.in.authentication_busy.assign(c.authentication_engines, false);
        now_.sends = now_.in;
        if (!c.transmitted.empty()) now_.gap_22a = c.transmitted[0].gap;
        now_.seen.assign(c.packets.size(), 0);
        now_.end_seen.assign(c.packets.size(), goes_on);
        size_.resize(c.packets.size());
        for (std::size_t k = 0; k < c.packets.size(); ++k) size_[k] = c.packets[k].octets;
        for (const auto& t : c.transmitted) size_.push_back(t.octets);
        round_.resize(size_.size(), 0);
        now_.wire.gap = c.packets.empty() ? 0 : c.packets[0].gap;
    }

    std::string run() {
        std::int64_t octet = c_.octet_period, edge = c_.block_period, link = c_.link_period;
        unsigned quiet = 0;
        while (quiet < 1'000) {
            t_ = c_.chips > 1 ? std::min({octet, edge, link}) : std::min(octet, edge);
            was_ = now_;
            const std::size_t before = text_.size();
            if (t_ == octet) octet_edge(), octet += c_.octet_period;
            const bool stepped = t_ == edge;
            if (stepped) block_edge(), edge += c_.block_period;
            if (t_ == link) link_edge();
            if (t_ >= link) link += c_.link_period;
            if (text_.size() != before || now_.wire.packet < c_.packets.size() || busy()) quiet = 0;
            else quiet += stepped;
        }
        return text_;
    }

private:
    bool busy() const {
        if (now_.from_22a.words || now_.to_16a.words || now_.wait_16a || (now_.gap_22a && now_.next_22a < c_.transmitted.size()) || works(now_.sends)) return true;
        return now_.from_142.words || now_.from_140.words || now_.leaving.words || now_.state_22b == registers::working ||
               works(now_.in);
    }
    static bool works(const ipsec_registers& r) {
        return std::any_of(r.inside.begin(), r.inside.end(), [](const place& p) { return p.state != place::offered && p.state != place::done; });
    }
    bool to_be_sent(int p) const { return p != nobody && static_cast<std::size_t>(p) >= c_.packets.size(); }
    void tell(const char* what, int packet) override { text_ += std::to_string(t_) + ' ' + what + ' ' + std::to_string(packet) + '\n'; }
    const crypto_visit& visit(int p) const override {
        if (to_be_sent(p)) return c_.transmitted[static_cast<std::size_t>(p) - c_.packets.size()].visit;
        return c_.packets[static_cast<std::size_t>(p)].visits[round_[static_cast<std::size_t>(p)]];
    }
    unsigned words(int p, unsigned word) const { return (size_[static_cast<std::size_t>(p)] + word - 1) / word; }
    passage within(int p) const { return {words(p, c_.word_octets)}; }
    passage over(int p, bool other_chip) const {
        return other_chip ? passage{words(p, c_.link_word), true, c_.link_latency, c_.crossing, t_} : within(p);
    }
    // To or from 21a; from 16b past it.
    passage at_21a(int p) const { return over(p, c_.chips > 1); }
    passage past_21a(int p) const { return over(p, c_.chips > 2); }
    void link_edge() {
        for (passage* x : {&now_.from_142.words, &now_.from_past.words, &now_.from_140.words, &now_.from_22a.words, &now_.to_16a.words, &now_.in_22b}) x->link_edge(t_);
        for (ipsec_registers* r : {&now_.in, &now_.sends})
            for (place& p : r->inside) p.words.link_edge(t_);
    }

    bool no_room_142(unsigned own, bool past) const {
        if (was_.used_142 + was_.used_past + own > c_.octets_142) return true;
        return !past && was_.used_142 + own > c_.octets_142 - c_.kept_142;
    }
    // Without buffer 142: the word of the frame before that this octet would take the place of is there still.
    bool in_the_way(unsigned octet) const {
        if (!was_.queue_142.empty()) return true;
        const transfer& x = was_.from_142;
        const unsigned word = x.words.linked ? c_.link_word : c_.word_octets;
        return x.packet != nobody && octet / word < words(x.packet, word) && x.words.passed_of(words(x.packet, word)) <= octet / word;
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
        const bool cut = c_.cut_through && p.octets > c_.cut_through && !p.past_21a;
        const bool offered = cut && !w.lost && w.octet >= c_.cut_through;
        if (!w.lost && no_room) {
            w.lost = true;
            tell("lost_142", static_cast<int>(w.packet));
            if (cut) now_.crossing.push_back({static_cast<int>(w.packet), c_.crossing, w.octet, bad});
        }
        ++w.octet;
        if (cut && !w.lost) {
            now_.crossing.push_back({static_cast<int>(w.packet), c_.crossing, w.octet, w.octet < p.octets ? goes_on : p.good ? good : bad});
            if (w.octet == c_.cut_through) now_.queue_142.push_back({static_cast<int>(w.packet), c_.crossing});
        }
        if (w.octet < p.octets) return;
        if (!w.lost && p.good) {
            (p.past_21a ? now_.used_past : now_.used_142) += p.octets;
            if (!offered) (p.past_21a ? now_.queue_past : now_.queue_142).push_back({static_cast<int>(w.packet), c_.crossing});
        }
        w = {w.packet + 1, 0, 0, false};
        if (w.packet < c_.packets.size()) w.gap = c_.packets[w.packet].gap;
    }

    void block_edge() {
        octets_cross();
        crossings();
        source_142();
        source_past();
        source_140();
        source_22a();
        logic_.edge(now_.in);
        logic_.edge(now_.sends);
        logic_22b();
        sink();
        sink_16a();
        inputs();
        inputs_152();
        input_22b();
        logic_.offer(now_.sends);
        withdrawals();
    }

    // What the block's clock sees of a frame that comes in. An octet of this very instant is not there yet.
    void octets_cross() {
        for (octet_seen& o : now_.crossing) {
            const auto same = [&](const octet_seen& b) { return b.packet == o.packet && b.octet == o.octet && b.end == o.end; };
            const bool there = std::any_of(was_.crossing.begin(), was_.crossing.end(), same);
            if (there && --o.edges == 0) {
                now_.seen[static_cast<std::size_t>(o.packet)] = o.octet;
                now_.end_seen[static_cast<std::size_t>(o.packet)] = o.end;
            }
        }
        while (!now_.crossing.empty() && now_.crossing.front().edges == 0) now_.crossing.pop_front();
    }
    // What was seen to be bad is offered no longer.
    void withdrawals() {
        auto& q = now_.queue_142;
        q.erase(std::remove_if(q.begin(), q.end(), [this](const queued& x) { return now_.end_seen[static_cast<std::size_t>(x.packet)] == bad; }), q.end());
    }
    bool comes_late(int p) const {
        const auto n = static_cast<std::size_t>(p);
        return c_.cut_through && !to_be_sent(p) && round_[n] == 0 && c_.packets[n].octets > c_.cut_through;
    }
    coming next_word(int p, unsigned left) const {
        if (!comes_late(p)) return passes;
        const auto n = static_cast<std::size_t>(p);
        if (was_.end_seen[n] == bad) return gone;
        if (left <= 1) return was_.end_seen[n] == good ? passes : waits;
        return was_.seen[n] >= (words(p, c_.word_octets) - left + 1) * c_.word_octets ? passes : waits;
    }
    coming next_word(const place& x) const override { return next_word(x.packet, x.words.words); }

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
        const coming next = x.packet == nobody ? passes : next_word(x.packet, x.words.words);
        if (next == gone) {
            tell("aborted", x.packet);
            x = {};
        }
        if (next == waits) return;
        if (x.words.edge()) now_.used_142 -= c_.packets[static_cast<std::size_t>(x.packet)].octets, x.packet = nobody;
    }
    void source_past() {
        transfer& x = now_.from_past;
        if (x.words.edge()) now_.used_past -= c_.packets[static_cast<std::size_t>(x.packet)].octets, x.packet = nobody;
    }
    void source_140() {
        transfer& x = now_.from_140;
        if (x.words.edge()) x.packet = nobody;
    }

    void source_22a() {
        transfer& x = now_.from_22a;
        if (x.words) {
            if (!x.words.edge()) return;
            x.packet = nobody;
            if (++now_.next_22a < c_.transmitted.size()) now_.gap_22a = c_.transmitted[now_.next_22a].gap;
        } else if (now_.gap_22a) {
            --now_.gap_22a;
        }
    }
    static bool offers_22a(const registers& r, std::size_t all) { return r.next_22a < all && r.gap_22a == 0 && r.from_22a.packet == nobody; }

    // A cache of lines {association, when it came or was used last}.
    unsigned fetches(int packet) override {
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
                size_[static_cast<std::size_t>(p)] = v.octets_from_22b + c_.tag_152;
                ++now_.in_loop;
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
        if (x.words.edge()) {
            tell("out", x.packet);
            x.packet = nobody;
            now_.sink_wait = c_.sink_gap;
        } else if (now_.sink_wait) {
            --now_.sink_wait;
        }
        switch (now_.state_22b) {
            case registers::receiving:
                if (!now_.in_22b.edge()) break;
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
        now_.leaving = {now_.out, within(now_.out)};
        tell("take_out", now_.out);
        now_.out = nobody;
    }

    // The frame buffer of 16a: of the transmit side's 21a it takes what is to be sent.
    void sink_16a() {
        transfer& x = now_.to_16a;
        if (x.words.edge()) {
            tell("out_16a", x.packet);
            x.packet = nobody;
            now_.wait_16a = c_.gap_16a;
        } else if (now_.wait_16a) {
            --now_.wait_16a;
        }
        const int p = ipsec_logic::offered(was_.sends);
        if (!to_be_sent(p) || leaves_152() || now_.wait_16a) return;
        size_[static_cast<std::size_t>(p)] = visit(p).octets_from_21a;
        now_.to_16a = {p, at_21a(p)};
        logic_.leaves(now_.sends, at_21a(p));
        tell("take_16a", p);
    }
    // Of the transmit side's 21a too one packet leaves at a time, to whomever.
    bool leaves_152() const { return !now_.sends.inside.empty() && now_.sends.inside.front().state == place::leaving; }

    // Path 152 passes one packet at a time: from 22a, or from buffer 140.
    void inputs_152() {
        if (!c_.path_152 || was_.sends.inside.size() >= c_.places || now_.from_22a.words || now_.from_140.words) return;
        const bool back = !was_.queue_140.empty() && !now_.queue_140.empty() && now_.queue_140.front() == was_.queue_140.front();
        const bool sent = offers_22a(was_, c_.transmitted.size()) && offers_22a(now_, c_.transmitted.size());
        if (!back && !sent) return;
        bool choose_back = back;
        if (back && sent) {
            if (c_.priority == crypto_case::feedforward_first) choose_back = false;
            if (c_.priority == crypto_case::alternate) choose_back = !now_.fed_back_last_152;
        }
        now_.fed_back_last_152 = choose_back;
        const int p = choose_back ? now_.queue_140.front() : static_cast<int>(c_.packets.size() + now_.next_22a);
        if (choose_back) now_.queue_140.pop_front();
        transfer& way = choose_back ? now_.from_140 : now_.from_22a;
        way = {p, at_21a(p)};
        tell(choose_back ? "take_152" : "take_22a", p);
        logic_.comes(now_.sends, p, at_21a(p));
    }

    // An input whose last word passes at this edge may take again; a place that comes free at this edge is not seen yet.
    void inputs() {
        std::size_t taken = 0;
        while (was_.in.inside.size() + taken < c_.places) {
            const bool busy_124 = bool(now_.from_142.words) || (!c_.separate_150 && !c_.path_152 && bool(now_.from_140.words)), busy_back = c_.separate_150 ? bool(now_.from_140.words) : busy_124;
            // What was put there at this edge is not seen yet.
            const bool back = !c_.path_152 && !busy_back && !was_.queue_140.empty() && !now_.queue_140.empty() && now_.queue_140.front() == was_.queue_140.front();
            bool forward = !busy_124 && !was_.queue_142.empty() && was_.queue_142.front().edges == 0 && !now_.queue_142.empty() &&
                           now_.queue_142.front().packet == was_.queue_142.front().packet;
            if (c_.bubble && !c_.path_152 && forward) {
                const std::size_t free_140 = c_.places_140 > held_140() ? c_.places_140 - held_140() : 0;
                forward = c_.places - was_.in.inside.size() - taken - 1 + free_140 >= 1;
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
                now_.from_140 = {p, at_21a(p)};
                tell("take_122", p);
            } else {
                p = now_.queue_142.front().packet;
                now_.queue_142.pop_front();
                now_.from_142 = {p, at_21a(p)};
                tell("take_130", p);
            }
            logic_.comes(now_.in, p, at_21a(p));
            ++taken;
        }
    }

    // What waits takes turns. With the bubble rule what came forward waits while as much as buffer 140 holds goes round path 152.
    void input_22b() {
        const int comes_back = ipsec_logic::offered(was_.sends);
        const bool full = c_.path_152 && c_.bubble && now_.in_loop >= std::max(1u, c_.places_140);
        const bool ready[3] = {was_.in.offered && !full, !was_.queue_past.empty() && was_.queue_past.front().edges == 0, comes_back != nobody && !to_be_sent(comes_back) && !leaves_152()};
        for (int k = 1; k <= 3 && now_.state_22b == registers::idle; ++k) {
            const int n = (now_.last_22b + k) % 3;
            if (!ready[n]) continue;
            int p = nobody;
            if (n == registers::past) {
                p = now_.queue_past.front().packet;
                now_.queue_past.pop_front();
                now_.from_past = {p, past_21a(p)};
                now_.last_22b = registers::past;
                tell("take_past", p);
            } else {
                ipsec_registers& from = n == registers::forward ? now_.in : now_.sends;
                p = ipsec_logic::offered(from);
                size_[static_cast<std::size_t>(p)] = visit(p).octets_from_21a;
                logic_.leaves(from, at_21a(p));
                now_.last_22b = n == registers::forward ? registers::forward : registers::returned;
                if (n == registers::returned) --now_.in_loop;
                tell("take_22b", p);
            }
            now_.packet_22b = p;
            now_.in_22b = n == registers::past ? past_21a(p) : at_21a(p);
            now_.state_22b = registers::receiving;
        }
        logic_.offer(now_.in);
    }

    const crypto_case& c_;
    registers now_, was_;
    ipsec_logic logic_{*this};
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
