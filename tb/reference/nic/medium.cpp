// CSMA/CD bit time by bit time: what every line carries is written down at every step, and every station looks at it at every
// edge of its octet clock. IEEE 802.3 clause 4, written plainly.
#include "reference/nic/medium.h"

#include <algorithm>
#include <tuple>

namespace reference::nic {
namespace {

using nicteam::test::medium_case;
using ps = std::int64_t;

constexpr unsigned bits = 8, preamble = 8, jam_octets = 4, slot = 64, attempts = 16, backoff_steps = 10;

// What a line carries during one bit time.
struct symbol {
    int from = -1;              // station; -1: silence, -2: a jam
    unsigned transmission = 0, octet = 0;
    bool last = false;
    bool operator==(const symbol& o) const { return from == o.from && transmission == o.transmission && octet == o.octet; }
    bool silent() const { return from == -1; }
};
constexpr int jam_source = -2;

// A line that delays by whole bit times.
class line {
public:
    explicit line(std::size_t delay) : past_(delay + 1) {}
    void put(std::size_t step, const symbol& s) { past_[step % past_.size()] = s; }
    const symbol& get(std::size_t step) const { return past_[(step + 1) % past_.size()]; }    // after put(step)
private:
    std::vector<symbol> past_;
};

struct entry {
    ps at;
    std::size_t station;
    int kind;
    std::string text;
};

struct station_state {
    std::size_t next = 0;                        // frame
    enum { waiting, sending, jamming } mode = waiting;
    unsigned octet = 0, jam_from = 0;            // of the present transmission
    ps first = 0, noticed = 0;
    unsigned gap_count = 0;                      // octet times of silence
    unsigned silence = 0;                        // that must pass: the gap, or the gap and slots for others
    bool was_sending = false;                    // at the edge before
    unsigned collisions = 0;                     // of this frame
    ps not_before = 0, free_since = -1;
    unsigned transmission = 0, all_collisions = 0, lost = 0;
    symbol out, heard;                           // heard: one bit time ago
    bool carrier = false;
    symbol before;                               // the octet received before this one
    unsigned run = 0;                            // octets in a row of one transmission
};

struct hub_port {
    unsigned left = 0;                           // bit times of the octet under way
    symbol out;
};

class network {
public:
    network(const medium_case& c, const nicteam::test::backoff_draw& draw) : case_(c), draw_(draw), step_time_(c.octet_period / bits), s_(c.stations.size()), ports_(s_.size()) {
        for (std::size_t i = 0; i < s_.size(); ++i) {
            s_[i].gap_count = s_[i].silence = c.stations[i].gap_octets;
            const auto delay = static_cast<std::size_t>((c.repeater ? c.stations[i].delay : c.stations[0].delay) / step_time_);
            up_.emplace_back(delay);
            down_.emplace_back(delay);
            inside_.emplace_back(static_cast<std::size_t>(c.latency / step_time_));
        }
    }
    std::string run() {
        for (std::size_t step = 0; !finished(); ++step) {
            const ps t = static_cast<ps>(step) * step_time_;
            if (step % bits == 0)
                for (std::size_t i = 0; i < s_.size(); ++i) edge(i, t);
            for (std::size_t i = 0; i < s_.size(); ++i) up_[i].put(step, s_[i].out);
            if (case_.repeater) repeat(step);
            for (std::size_t i = 0; i < s_.size(); ++i) listen(i, case_.repeater ? down_[i].get(step) : up_[1 - i].get(step), t);
        }
        std::stable_sort(log_.begin(), log_.end(), [](const entry& a, const entry& b) { return std::tie(a.at, a.station, a.kind) < std::tie(b.at, b.station, b.kind); });
        std::string text;
        for (const entry& e : log_) text += std::to_string(e.at) + " station " + std::to_string(e.station) + ' ' + e.text + '\n';
        for (std::size_t i = 0; i < s_.size(); ++i)
            text += "station " + std::to_string(i) + " collisions " + std::to_string(s_[i].all_collisions) + " lost " + std::to_string(s_[i].lost) + '\n';
        return text;
    }

private:
    bool finished() {
        const bool busy = std::any_of(s_.begin(), s_.end(), [](const station_state& s) { return s.mode != station_state::waiting || s.carrier || !s.out.silent(); });
        bool all = true;
        for (std::size_t i = 0; i < s_.size(); ++i) all = all && s_[i].next == case_.stations[i].frames.size();
        quiet_ = busy || !all ? 0 : quiet_ + 1;
        return quiet_ > 4000 + 2 * static_cast<std::size_t>(case_.latency / step_time_);      // nothing is on its way any more
    }
    void note(ps at, std::size_t i, int kind, const std::string& text) { log_.push_back({at, i, kind, text}); }

    // ---------------------------------------------------------------- a station at an edge of its octet clock
    void edge(std::size_t i, ps t) {
        station_state& s = s_[i];
        const medium_case::station& c = case_.stations[i];
        const bool seen = !s.heard.silent(), own = s.was_sending;
        if (seen || own) {
            const bool second_part = !own && s.silence == c.gap_octets && 3 * s.gap_count >= 2 * c.gap_octets && s.gap_count < c.gap_octets;
            s.gap_count = second_part ? s.gap_count + 1 : 0;
            if (!second_part) s.silence = c.gap_octets + (own || !c.priority_after_reception ? 0 : c.priority * slot);
        } else if (s.gap_count < s.silence) {
            ++s.gap_count;
        }
        s.was_sending = false;
        s.out = {};
        if (s.mode == station_state::waiting) {
            if (s.next == c.frames.size() || !ready(i, t) || t < s.not_before || s.gap_count < s.silence) return;
            s.mode = station_state::sending;
            s.first = t;
            s.octet = 0;
            ++s.transmission;
            note(t, i, 0, "begin");
        } else {
            ++s.octet;
            if (s.mode == station_state::sending && seen) {
                s.mode = station_state::jamming;
                s.noticed = t;
                s.jam_from = std::max(s.octet, preamble);
                ++s.collisions;
                ++s.all_collisions;
                note(t, i, 1, "collision");
            }
        }
        send(i, t);
    }

    bool ready(std::size_t i, ps t) const {
        const medium_case::station& c = case_.stations[i];
        const ps offered = c.frames[s_[i].next].offered;
        if (!c.fifo) return t >= offered;
        const ps came = std::max(offered, s_[i].free_since);
        return t - case_.octet_period > came;    // two edges of a synchroniser
    }

    void send(std::size_t i, ps t) {
        station_state& s = s_[i];
        const unsigned length = preamble + case_.stations[i].frames[s.next].octets;
        s.was_sending = true;
        s.out = {static_cast<int>(i), s.transmission, s.octet, false};
        if (s.mode == station_state::jamming) {
            if (s.octet >= s.jam_from) s.out.from = jam_source;
            if (s.octet + 1 < s.jam_from + jam_octets) return;
            note(t, i, 2, "end jam");
            s.mode = station_state::waiting;
            if (s.noticed - s.first > slot * case_.octet_period || s.collisions == attempts) {
                ++s.lost;
                next_frame(s, t);
                leave_slots(i, t, 0);
            } else {
                const std::uint64_t slots = draw_(i, std::uint64_t{1} << std::min(s.collisions, backoff_steps));
                s.not_before = t + case_.octet_period * static_cast<ps>(1 + slots * slot);
                if (const unsigned n = case_.stations[i].priority) {
                    const auto wait = std::max<std::uint64_t>(slots * slot, case_.stations[i].gap_octets);
                    s.not_before = t + case_.octet_period * static_cast<ps>(1 + wait + n * slot);
                }
            }
        } else if (s.octet + 1 == length) {
            s.out.last = true;
            note(t, i, 2, "end whole");
            s.mode = station_state::waiting;
            const bool won = s.collisions && case_.stations[i].wait_after_win;
            next_frame(s, t);
            leave_slots(i, t, won);
        }
    }
    // Behind an own transmission that is not followed by a back-off.
    void leave_slots(std::size_t i, ps t, unsigned more) {
        const unsigned n = case_.stations[i].priority + more;
        if (n) s_[i].not_before = t + case_.octet_period * static_cast<ps>(1 + case_.stations[i].gap_octets + n * slot);
    }
    static void next_frame(station_state& s, ps t) {
        ++s.next;
        s.collisions = 0;
        s.not_before = 0;
        s.free_since = t;
    }

    // ---------------------------------------------------------------- the repeater
    void repeat(std::size_t step) {
        std::vector<symbol> in;
        unsigned active = 0;
        for (std::size_t i = 0; i < s_.size(); ++i) {
            inside_[i].put(step, up_[i].get(step));
            in.push_back(inside_[i].get(step));
            active += !in[i].silent();
        }
        if (active == 0) collides_ = false;
        if (active > 1) collides_ = true;
        for (std::size_t i = 0; i < s_.size(); ++i) {
            hub_port& p = ports_[i];
            if (p.left == 0) {
                p.out = {};
                for (std::size_t j = 0; j < s_.size(); ++j)
                    if (j != i && !in[j].silent()) p.out = in[j];
                if (!p.out.silent()) {
                    p.left = bits;
                    if (collides_) p.out.from = jam_source;
                }
            }
            if (p.left) --p.left;
            down_[i].put(step, p.out);
        }
    }

    // ---------------------------------------------------------------- what a station hears
    void listen(std::size_t i, const symbol& now, ps t) {
        station_state& s = s_[i];
        if (s.carrier != !now.silent()) note(t, i, now.silent() ? 3 : 4, now.silent() ? "carrier off" : "carrier on");
        s.carrier = !now.silent();
        if (now.silent()) s.run = 0;
        else if (now.from == jam_source) s.run = 0, s.before = now;
        else if (!(now == s.before) || s.run == 0) {
            const bool follows = s.run && now.from == s.before.from && now.transmission == s.before.transmission && now.octet == s.before.octet + 1;
            s.run = follows ? s.run + 1 : now.octet == 0 ? 1 : 0;
            s.before = now;
            if (now.last && s.run == now.octet + 1) note(t, i, 5, "receives " + std::to_string(s.run - preamble));
        }
        s.heard = now;
    }

    const medium_case& case_;
    const nicteam::test::backoff_draw& draw_;
    ps step_time_;
    std::vector<station_state> s_;
    std::vector<hub_port> ports_;
    std::vector<line> up_, down_, inside_;
    bool collides_ = false;
    std::size_t quiet_ = 0;
    std::vector<entry> log_;
};

}  // namespace

std::string run_medium(const medium_case& c, const nicteam::test::backoff_draw& draw) { return network(c, draw).run(); }

}  // namespace reference::nic
