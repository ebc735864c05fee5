#include "reference/offload/transmit_block.h"

#include <algorithm>
#include <deque>

namespace reference::offload {
namespace {

using nicteam::test::transmit_case;
using nicteam::test::transmit_packet;

constexpr int nobody = -1;

struct passing {                          // words at a joint
    int packet = nobody;
    unsigned words = 0;
};

struct in_fifo {
    int packet;
    unsigned edges;                       // until it is seen whole
};

struct in_21a {
    int packet;
    enum { coming, looking, waiting, working, done, offered, leaving } state = coming;
    unsigned clocks = 0;                  // of words or of the look-up
    unsigned cipher = 0, lag = 0, authentication = 0;
    bool has_cipher = false, has_authentication = false;
};

struct in_buffer {
    int packet;
    unsigned words, drain;
};

struct registers {
    std::deque<in_fifo> fifo;
    passing from_fifo, from_22a;
    enum { idle, receiving, packaging, waits } state_22a = idle;
    int packet_22a = nobody, out_22a = nobody;
    unsigned left_22a = 0;
    std::deque<in_21a> inside;
    unsigned ciphers_free = 0, authentications_free = 0;
    bool offered_21a = false;
    std::deque<in_buffer> buffer;
};

class block {
public:
    explicit block(const transmit_case& c) : c_(c) {
        now_.ciphers_free = c.cipher_engines;
        now_.authentications_free = c.authentication_engines;
    }

    std::string run() {
        std::size_t gone = 0;
        for (t_ = 0; gone < c_.packets.size(); t_ += c_.block_period) {
            was_ = now_;
            for (in_fifo& f : now_.fifo)
                if (f.edges) --f.edges;
            while (next_ < c_.packets.size() && c_.packets[next_].whole <= t_) arrive();
            fifo();
            logic_22a();
            logic_21a();
            gone += buffer();
            takes();
        }
        return text_;
    }

private:
    const transmit_packet& of(int p) const { return c_.packets[static_cast<std::size_t>(p)]; }
    unsigned words(unsigned octets) const { return (octets + c_.word_octets - 1) / c_.word_octets; }
    void tell(const char* what, int p) { text_ += std::to_string(t_) + ' ' + what + ' ' + std::to_string(p) + '\n'; }

    // What came at this very edge is counted from the next one on.
    void arrive() {
        const bool before = c_.packets[next_].whole < t_;
        now_.fifo.push_back({static_cast<int>(next_++), c_.crossing - (before ? 1 : 0)});
    }

    void fifo() {
        passing& x = now_.from_fifo;
        if (!x.words || --x.words) return;
        tell("left_fifo", x.packet);
        x.packet = nobody;
    }

    void try_to_offer() {
        if (was_.out_22a != nobody || was_.from_22a.packet != nobody) {
            now_.state_22a = registers::waits;
            return;
        }
        tell("packaged", now_.packet_22a);
        now_.out_22a = now_.packet_22a;
        now_.packet_22a = nobody;
        now_.state_22a = registers::idle;
    }
    void logic_22a() {
        passing& x = now_.from_22a;
        if (x.words && --x.words == 0) x.packet = nobody;
        switch (now_.state_22a) {
            case registers::receiving:
                if (--now_.left_22a) return;
                now_.state_22a = registers::packaging;
                now_.left_22a = c_.package_clocks;
                if (now_.left_22a == 0) try_to_offer();
                return;
            case registers::packaging:
                if (--now_.left_22a == 0) try_to_offer();
                return;
            case registers::waits: try_to_offer(); return;
            default: return;
        }
    }

    void engines(in_21a& p) {
        if (p.has_cipher && p.cipher == 0) p.has_cipher = false, ++now_.ciphers_free;
        if (p.has_authentication && p.authentication == 0) p.has_authentication = false, ++now_.authentications_free;
        if (p.cipher || p.authentication) return;
        p.state = in_21a::done;
        tell("done_21a", p.packet);
    }
    void logic_21a() {
        auto& inside = now_.inside;
        if (!inside.empty() && inside.front().state == in_21a::leaving && --inside.front().clocks == 0) inside.pop_front();
        for (in_21a& p : inside) {
            if (p.state != in_21a::working) continue;
            if (p.cipher) --p.cipher;
            if (p.lag) --p.lag;
            else if (p.authentication) --p.authentication;
            engines(p);
        }
        for (in_21a& p : inside) {
            if (p.state == in_21a::coming && --p.clocks == 0) {
                p.state = in_21a::looking;
                p.clocks = of(p.packet).is_protected ? of(p.packet).lookup : 0;
            } else if (p.state == in_21a::looking) {
                --p.clocks;
            }
            if (p.state == in_21a::looking && p.clocks == 0) p.state = in_21a::waiting;
        }
        bool held_up = false;                        // who asks first gets all its engines first
        for (in_21a& p : inside) {
            const auto& job = of(p.packet).job;
            const bool cipher = of(p.packet).is_protected && job.cipher, authentication = of(p.packet).is_protected && job.authentication;
            if (p.state == in_21a::looking) held_up |= cipher || authentication;
            if (p.state != in_21a::waiting) continue;
            if (!cipher && !authentication) {
                p.state = in_21a::done;
                tell("done_21a", p.packet);
                continue;
            }
            held_up |= (cipher && !now_.ciphers_free) || (authentication && !now_.authentications_free);
            if (held_up) continue;
            if (cipher) --now_.ciphers_free, p.has_cipher = true, p.cipher = job.cipher;
            if (authentication) --now_.authentications_free, p.has_authentication = true, p.authentication = job.authentication;
            p.lag = cipher && authentication ? (job.chained ? job.lag : job.cipher) : 0;
            p.state = in_21a::working;
            tell("start_21a", p.packet);
        }
    }

    // One packet passes in, and those before it leave one after the other. How many left.
    std::size_t buffer() {
        auto& b = now_.buffer;
        if (b.empty()) return 0;
        const bool front_in = b.front().words == 0;
        for (in_buffer& p : b)
            if (p.words) --p.words;
        if (!front_in || --b.front().drain) return 0;
        tell("drained", b.front().packet);
        b.pop_front();
        return 1;
    }
    bool room(unsigned octets) const {
        unsigned used = octets;
        for (const in_buffer& p : was_.buffer) used += of(p.packet).octets_from_21a;
        return used <= c_.buffer_octets && was_.buffer.size() < c_.buffer_frames;
    }

    // A sink sees what was offered before this edge; its input is free from the last word of the packet before on.
    void takes() {
        if (now_.state_22a == registers::idle && !was_.fifo.empty() && was_.fifo.front().edges == 0 && !now_.from_fifo.words) {
            const int p = now_.fifo.front().packet;
            now_.fifo.pop_front();
            now_.from_fifo = {p, words(of(p).octets)};
            now_.packet_22a = p;
            now_.left_22a = words(of(p).octets);
            now_.state_22a = registers::receiving;
            tell("take_22a", p);
        }
        if (was_.out_22a != nobody && was_.inside.size() < c_.places && !now_.from_22a.words) {
            const int p = now_.out_22a;
            now_.out_22a = nobody;
            now_.from_22a = {p, words(of(p).octets)};
            now_.inside.push_back({p, in_21a::coming, words(of(p).octets)});
            tell("take_21a", p);
        }
        const bool passes_in = std::any_of(now_.buffer.begin(), now_.buffer.end(), [](const in_buffer& p) { return p.words; });
        for (in_21a& p : now_.inside) {
            if (p.state == in_21a::leaving) continue;
            const unsigned octets = of(p.packet).octets_from_21a;
            if (p.state == in_21a::offered && was_.offered_21a && !passes_in && room(octets)) {
                p.state = in_21a::leaving;
                p.clocks = words(octets);
                now_.buffer.push_back({p.packet, words(octets), of(p.packet).drain});
                tell("buffered", p.packet);
                continue;
            }
            if (p.state == in_21a::done) p.state = in_21a::offered;
            break;
        }
        now_.offered_21a = std::any_of(now_.inside.begin(), now_.inside.end(), [](const in_21a& p) { return p.state == in_21a::offered; });
    }

    const transmit_case& c_;
    registers now_, was_;
    std::size_t next_ = 0;
    std::int64_t t_ = 0;
    std::string text_;
};

}  // namespace

std::string run(const transmit_case& c) { return block(c).run(); }

}  // namespace reference::offload
