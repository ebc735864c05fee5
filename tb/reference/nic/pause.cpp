// PAUSE on a full-duplex link, step by step: at every step each MAC looks whether it is at an edge of one of its clocks. IEEE 802.3
// annex 31B and the 8255x's two ways to send PAUSE frames, written plainly.
#include "reference/nic/pause.h"

#include <algorithm>
#include <tuple>

namespace reference::nic {
namespace {

using nicteam::test::pause_case;
using ps = std::int64_t;

constexpr unsigned preamble = 8, gap = 12, fcs = 4, address = 6, control_octets = 64, slot = 64, word = 4;
constexpr unsigned counted_in = 32, ahead = 27;      // slots: what counts of a delay, and how early it is said again
constexpr ps not_yet = INT64_MAX;

struct entry {
    ps at;
    int station, kind;
    std::string text;
};

struct transmission {
    ps first;
    unsigned octets;
    long quanta;                                     // -1: data
    ps last(ps octet) const { return first + static_cast<ps>(preamble + octets - 1) * octet; }
};

struct stored {
    unsigned entered = 0, length = 0;
    bool overrun = false, whole = false;
    ps eof = not_yet;
};

struct station {
    const pause_case::station* c = nullptr;
    // Transmit.
    std::vector<transmission> sent;
    bool sending = false;
    ps last_end = -1, data_end = 0, loaded = not_yet;
    std::size_t next = 0;
    ps control_ready = not_yet;
    unsigned control_quanta = 0;
    ps hold_from = 0, hold_until = 0;
    // Receive.
    std::size_t arriving = 0;                        // of the other end's transmissions
    std::vector<stored> fifo;
    std::size_t draining = 0;
    unsigned level = 0, unknown = 0;                 // and of a frame whose address is not known yet
    bool looked = false;                             // a frame has just ended
    ps drain_first = not_yet;                        // the edge at which the burst was decided
    unsigned drained = 0;
    // Flow control.
    bool full = false;
    bool asked_late = false;                         // the FIFO filled before the address was known
    ps say_again = not_yet;
    unsigned pauses = 0, overruns = 0;
    bool sends() const { return !c->peer && (c->restop || c->restart); }
    unsigned limit() const { return c->fifo_bytes - c->left; }
};

class network {
public:
    explicit network(const pause_case& c) : case_(c), octet_(c.octet_period) {
        for (int i = 0; i < 2; ++i) s_[i].c = &c.stations[i];
    }
    std::string run() {
        for (ps t = 0; t < case_.until; t += pause_case::step) {
            for (int i = 0; i < 2; ++i) transmit(i, t);
            for (int i = 0; i < 2; ++i) arrive(i, t);
            for (int i = 0; i < 2; ++i) drain(i, t);
            for (int i = 0; i < 2; ++i) repeat(i, t);
        }
        std::stable_sort(log_.begin(), log_.end(), [](const entry& a, const entry& b) { return std::tie(a.at, a.station, a.kind) < std::tie(b.at, b.station, b.kind); });
        std::string text;
        for (const entry& e : log_) text += std::to_string(e.at) + " station " + std::to_string(e.station) + ' ' + e.text + '\n';
        for (int i = 0; i < 2; ++i) text += "station " + std::to_string(i) + " pauses " + std::to_string(s_[i].pauses) + " overruns " + std::to_string(s_[i].overruns) + '\n';
        return text;
    }

private:
    void note(ps at, int i, int kind, const std::string& text) { log_.push_back({at, i, kind, text}); }
    static bool crossed(ps happened, ps edge, ps period) { return happened < edge - period; }      // two edges of a synchroniser

    // ---------------------------------------------------------------- transmit
    void transmit(int i, ps t) {
        station& s = s_[i];
        if (s.sending) {
            if (t != s.sent.back().last(octet_)) return;
            ended(i, t);
            return;
        }
        if (s.loaded == not_yet && s.next < s.c->frames.size()) s.loaded = std::max(s.c->frames[s.next].offered, s.data_end);
        if (!s.c->peer && t % octet_ != 0) return;
        if (s.last_end >= 0 && t < s.last_end + (1 + gap) * octet_) return;
        if (t >= s.control_ready) return begin(i, t, control_octets, s.control_quanta);
        if (s.loaded == not_yet || s.loaded > t || (t >= s.hold_from && t < s.hold_until)) return;
        if (!s.c->peer && !crossed(s.loaded, t, octet_)) return;
        begin(i, t, s.c->frames[s.next].octets, -1);
    }
    void begin(int i, ps t, unsigned octets, long quanta) {
        station& s = s_[i];
        s.sending = true;
        s.sent.push_back({t, octets, quanta});
        if (quanta >= 0) s.control_ready = not_yet;
        note(t, i, 0, quanta < 0 ? "begins data " + std::to_string(octets) : "begins pause " + std::to_string(quanta));
    }
    void ended(int i, ps t) {
        station& s = s_[i];
        s.sending = false;
        s.last_end = t;
        const long quanta = s.sent.back().quanta;
        if (quanta < 0) {
            ++s.next;
            s.loaded = not_yet;
            s.data_end = t;
            return;
        }
        ++s.pauses;
        if (quanta == 0 || !s.full || !s.c->restop) return;
        const unsigned counted = static_cast<unsigned>(quanta) / counted_in * counted_in;
        s.say_again = counted ? t + static_cast<ps>(counted - ahead) * slot * octet_ : t;
    }
    // Two octet edges later; replaces one that still waits.
    void say(station& s, unsigned quanta, ps t) {
        s.control_quanta = quanta;
        const ps ready = (t / octet_ + 2) * octet_;
        s.control_ready = std::min(s.control_ready, ready);
    }
    void repeat(int i, ps t) {
        station& s = s_[i];
        if (t != s.say_again) return;
        s.say_again = not_yet;
        if (s.full) say(s, s.c->delay, t);
    }

    // ---------------------------------------------------------------- receive
    void arrive(int i, ps t) {
        station &s = s_[i], &other = s_[1 - i];
        if (s.arriving == other.sent.size()) return;
        const transmission& x = other.sent[s.arriving];
        const ps since = t - case_.delay - x.first;
        if (since < 0 || since % octet_ != 0) return;
        const auto octet = static_cast<unsigned>(since / octet_);
        const bool data = x.quanta < 0, last = octet + 1 == preamble + x.octets;
        if (data && !s.c->peer) {
            if (octet == 0) s.fifo.push_back({0, x.octets - fcs});
            if (octet >= preamble + fcs) enter(s, t);
            if (octet == preamble + address - 1 && s.asked_late) full(s, t);
        }
        if (!data) s.unknown = octet == preamble + fcs;
        if (!last) return;
        ++s.arriving;
        if (!data) return taken(i, static_cast<unsigned>(x.quanta), t);
        note(t, i, 3, "receives data " + std::to_string(x.octets));
        if (s.c->peer) return;
        stored& f = s.fifo.back();
        f.eof = t;
        f.whole = true;
        s.looked = f.entered > 0;                    // behind what leaves at this step
        if (f.entered > 0) return;
        s.fifo.pop_back();
        ++s.overruns;
    }
    void enter(station& s, ps t) {
        stored& f = s.fifo.back();
        if (f.overrun) return;
        if (s.level >= s.c->fifo_bytes) {
            f.overrun = true;
            return;
        }
        ++f.entered;
        ++s.level;
        if (!s.sends() || s.full || s.level < s.limit()) return;
        if (f.entered < 2) s.asked_late = true;      // its address is not known before the next octet
        else full(s, t);
    }
    void full(station& s, ps t) {
        s.full = true;
        s.asked_late = false;
        say(s, s.c->delay, t);
    }
    void taken(int i, unsigned quanta, ps t) {
        station& s = s_[i];
        note(t, i, 2, "takes pause " + std::to_string(quanta));
        if (s.c->ignores) return;
        const ps from = s.c->peer ? t + octet_ : (t / octet_ + 2) * octet_, until = from + static_cast<ps>(quanta) * slot * octet_;
        const bool held = t >= s.hold_from && t < s.hold_until;
        if (!held) s.hold_from = from;
        s.hold_until = until;
    }

    // ---------------------------------------------------------------- the drain
    void drain(int i, ps t) {
        station& s = s_[i];
        bool look = s.looked;
        s.looked = false;
        const ps T = s.c->pci_period;
        if (!s.c->peer && t % T == 0) {
            if (s.drain_first != not_yet) {
                stored& f = s.fifo[s.draining];
                const ps since = t - s.drain_first - 2 * T, every = T * s.c->word_clocks;
                if (s.drained < f.entered && since >= 0 && since % every == 0) {
                    const unsigned n = std::min(word, f.entered - s.drained);
                    s.drained += n;
                    s.level -= n;
                } else if (s.drained == f.entered) {
                    note(t, i, 4, "stores " + std::to_string(f.entered) + (f.overrun ? " overrun" : ""));
                    s.overruns += f.overrun;
                    s.drain_first = not_yet;
                    ++s.draining;
                    look = true;
                    if (s.level < s.limit()) s.asked_late = false;
                }
            }
            if (s.drain_first == not_yet && s.draining < s.fifo.size()) {
                const stored& f = s.fifo[s.draining];
                const bool stalled = std::any_of(s.c->stalls.begin(), s.c->stalls.end(), [&](const pause_case::stall& x) { return t >= x.from && t < x.until; });
                if (f.whole && crossed(f.eof, t, T) && !stalled) {
                    s.drain_first = t;
                    s.drained = 0;
                    look = true;
                }
            }
        }
        if (look && s.full && s.level + s.unknown < s.limit()) room(s, t);
    }
    void room(station& s, ps t) {
        s.full = false;
        s.say_again = not_yet;
        if (!s.c->restart || s.c->delay < counted_in) s.control_ready = not_yet;      // an XOFF that still waits
        else say(s, 0, t);
    }

    const pause_case& case_;
    ps octet_;
    station s_[2];
    std::vector<entry> log_;
};

}  // namespace

std::string run_pause(const pause_case& c) { return network(c).run(); }

}  // namespace reference::nic
