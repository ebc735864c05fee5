#include "system/compare/crypto_model.h"

#include <algorithm>
#include <vector>

#include "nicteam/offload/association_cache.h"
#include "nicteam/offload/bubble_gate.h"
#include "nicteam/offload/feedback_buffer_140.h"
#include "nicteam/offload/ipsec_logic_21a.h"
#include "nicteam/offload/multiplexer_120.h"
#include "nicteam/offload/receive_buffer_142.h"
#include "nicteam/offload/receiver_ip_logic_22b.h"
#include "system/compare/told.h"
#include "offload/exit_21a.h"

namespace compare {

namespace {

using namespace nicteam;
using namespace nicteam::offload;
using nicteam::test::crypto_case;
using nicteam::test::crypto_visit;

// Takes what 22b delivers, a stated number of clocks behind the packet before.
class sink : public timed, public stream_sink {
public:
    sink(clock_domain clock, unsigned gap) : clock_(clock), gap_(gap) {}
    void connect(stream_source& s) { source_ = &s; }
    void offers_changed(ps) override {}
    ps next() const override {
        if (present_) return present_->words.last();
        return source_->offered() == never ? never : std::max(clock_.after(source_->offered()), free_);
    }
    void advance(ps at) override {
        if (present_) {
            tell(at, "out", present_->tag);
            present_ = {};
            free_ = at + clock_.period() * static_cast<ps>(gap_);
            return;
        }
        present_ = source_->take(at);
        tell(at, "take", present_->tag);
    }
    std::function<void(ps, const char*, std::uint64_t)> tell;

private:
    clock_domain clock_;
    unsigned gap_;
    stream_source* source_ = nullptr;
    item_ref present_;
    ps free_ = 0;
};

maybe_link lane(const crypto_case& c, unsigned from_chips) {
    if (c.chips < from_chips) return {};
    return chip_link{clock_domain(c.link_period), c.link_word, c.link_latency, c.crossing};
}

// In the place of 22a: offers packets, each a stated number of clocks behind the last word of the one before.
class feeder : public timed, public stream_source {
public:
    feeder(clock_domain clock, const crypto_case& c) : clock_(clock), case_(c) { rest(0); }
    void connect(stream_sink& s) { sink_ = &s; }
    ps offered() const override { return offers_ ? due_ : never; }
    item_ref take(ps at) override {
        const item_ref p(new item);
        p->octets = case_.transmitted[next_].octets;
        p->tag = case_.packets.size() + next_;
        plan_words(p->words, clock_, at, p->octets, case_.word_octets, lane(case_, 2));
        ++next_;
        offers_ = false;
        rest(p->words.last());
        return p;
    }
    ps next() const override { return offers_ ? never : due_; }
    void advance(ps at) override {
        offers_ = true;
        sink_->offers_changed(at);
    }

private:
    void rest(ps from) { due_ = next_ == case_.transmitted.size() ? never : from + clock_.period() * static_cast<ps>(case_.transmitted[next_].gap); }

    clock_domain clock_;
    const crypto_case& case_;
    stream_sink* sink_ = nullptr;
    std::size_t next_ = 0;
    bool offers_ = false;
    ps due_ = never;
};

// Marks what passes as received, or takes the mark off.
class marks : public stream_source {
public:
    marks(stream_source& s, bool received) : source_(s), received_(received) {}
    ps offered() const override { return source_.offered(); }
    item_ref take(ps at) override {
        item_ref p = source_.take(at);
        p->came_in = received_;
        return p;
    }

private:
    stream_source& source_;
    bool received_;
};

// Tells of what is taken when it has turned out bad and that has not been seen.
class bad_takes : public stream_source {
public:
    using teller = std::function<void(ps, std::uint64_t)>;
    bad_takes(stream_source& s, teller t) : source_(s), tell_(std::move(t)) {}
    ps offered() const override { return source_.offered(); }
    bool ready(ps at) const override { return source_.ready(at); }
    item_ref take(ps at) override {
        item_ref p = source_.take(at);
        if (p->bad) tell_(p->words.last(), p->tag);
        return p;
    }

private:
    stream_source& source_;
    teller tell_;
};

class model : ipsec_logic_21a::observer {
public:
    explicit model(const crypto_case& c)
        : case_(c), clock_(c.block_period), round_(c.packets.size(), 0),
          in_({clock_, c.word_octets, c.octets_142, c.crossing, c.sorts, c.kept_142, lane(c, 2), lane(c, 3), c.cut_through}, [this](item& i, ps at) { tell(at, "lost_142", i.tag); },
              [this](item& i, ps aborted) { if (aborted != never) tell(aborted, "aborted", i.tag); }),
          back_(clock_, c.word_octets, c.places_140, lane(c, 2)),
          gate_(in_.output_130()), input_130_(cut_130_, "take_130", [this](ps at, const char* w, std::uint64_t p) { tell(at, w, p); }),
          input_122_(back_, "take_122", [this](ps at, const char* w, std::uint64_t p) { tell(at, w, p); }),
          past_(in_.output_past_21a(), "take_past", [this](ps at, const char* w, std::uint64_t p) { tell(at, w, p); }),
          mux_(input_130_, input_122_, policy_of(static_cast<multiplexer_priority>(c.priority))),
          security_({clock_, c.word_octets, c.places, {c.cipher_engines, c.authentication_engines}, lane(c, 2)}, [this](item& i, ps at) { return secure(i, at); }),
          output_21a_(security_, "take_22b", [this](ps at, const char* w, std::uint64_t p) { tell(at, w, p); }),
          logic_({clock_, c.word_octets, c.drop_at_140 ? feedback_full::drop : feedback_full::hold_off, c.path_152 && c.bubble ? std::max(1u, c.places_140) : 0}, [this](item& i, ps at) { return finish(i, at); },
                 [this](item& i, ps at) { tell(at, "lost_140", i.tag); }),
          sink_(clock_, c.sink_gap), cache_(c.cache_sets * c.cache_ways, c.cache_ways, make_replacement(c.least_recently_used ? cache_replacement::least_recently_used : cache_replacement::first_in_first_out)) {
        if (c.sorts) in_.connect_past_21a(logic_), logic_.connect_past_21a(past_);
        stream_sink& inputs = c.separate_150 ? static_cast<stream_sink&>(security_) : mux_;
        in_.connect(inputs);
        back_.connect(c.path_152 ? static_cast<stream_sink&>(path_152_) : inputs, logic_);
        from_22a_.connect(path_152_);
        path_152_.connect(sends_);
        sends_.connect(path_152_, exit_);
        sends_.watch(this);
        exit_.connect(buffer_, logic_);
        buffer_.connect(exit_.output_16a());
        buffer_.tell = [this](ps at, const char* w, std::uint64_t p) { tell(at, std::string(w) + "_16a", p); };
        if (c.path_152) logic_.connect_returned(returned_);
        mux_.connect(security_);
        if (c.bubble && !c.path_152) gate_.ask([this](ps at) { return security_.free(at) + back_.free(at) >= 2; });
        security_.connect(c.separate_150 || c.path_152 ? static_cast<stream_source&>(input_130_) : mux_, logic_);
        if (c.separate_150) security_.connect_150(input_122_, policy_of(static_cast<multiplexer_priority>(c.priority)));
        security_.watch(this);
        logic_.connect(output_21a_, back_, sink_);
        sink_.connect(logic_);
        sink_.tell = [this](ps at, const char* w, std::uint64_t p) { tell(at, std::string(w) + (w[0] == 't' ? "_out" : ""), p); };
    }

    // `reverse`: what falls on one instant is driven the other way round.
    std::string run(bool reverse) {
        std::vector<timed*> blocks{&in_, &back_, &security_, &logic_, &sink_, &sends_, &from_22a_, &buffer_};
        if (reverse) std::reverse(blocks.begin(), blocks.end());
        const ps octet = case_.octet_period;
        std::size_t packet = 0;
        ps at_octet = 0;
        bool arriving = false;
        ps arrival = next_arrival(packet, at_octet);
        while (true) {
            ps t = arrival;
            for (const timed* b : blocks) t = std::min(t, b->next());
            if (t == never) break;
            const auto arrives = [&] {
                if (arrival != t) return;
                const auto& p = case_.packets[packet];
                const ps first = at_octet + octet * static_cast<ps>(p.gap + 1), last = first + octet * static_cast<ps>(p.octets - 1);
                if (!arriving) {
                    item_ref i(new item);
                    i->octets = p.octets;
                    i->tag = packet;
                    i->past_21a = p.past_21a;
                    span octets;
                    octets.append({first, octet, p.octets});
                    in_.begin(std::move(i), octets, t);
                    arriving = true;
                    arrival = last;
                } else {
                    in_.end(p.good, t);
                    at_octet = last;
                    arriving = false;
                    arrival = next_arrival(++packet, at_octet);
                }
            };
            if (!reverse) arrives();
            for (bool again = true; again;) {
                again = false;
                for (timed* b : blocks)
                    if (b->next() == t) b->advance(t), again = true;
            }
            if (reverse) arrives();
        }
        std::stable_sort(events_.begin(), events_.end());
        std::string text;
        for (const auto& [at, line] : events_) text += std::to_string(at) + ' ' + line + '\n';
        return text;
    }

private:
    // A frame is announced when the one before is over.
    ps next_arrival(std::size_t packet, ps before) const { return packet == case_.packets.size() ? never : before + (before == 0 ? 0 : 1); }
    void tell(ps at, const std::string& what, std::uint64_t p) { events_.emplace_back(at, what + ' ' + std::to_string(p)); }
    const crypto_visit& visit(const item& i) const { return i.tag >= case_.packets.size() ? case_.transmitted[i.tag - case_.packets.size()].visit : case_.packets[i.tag].visits[round_[i.tag]]; }

    security_work secure(item& i, ps at) {
        const crypto_visit& v = visit(i);
        i.octets = v.octets_from_21a;
        security_work w;
        w.lookup = v.lookup;
        for (const unsigned a : v.associations)
            if (cache_.there() && cache_.look_up({a, 1}) != association_cache::result::hit) {
                w.lookup += case_.miss_clocks;
                tell(at, "miss", i.tag);
            }
        for (const auto& j : v.jobs) w.engines.push_back({j.cipher, j.authentication, j.lag, j.chained});
        return w;
    }
    transport_work finish(item& i, ps) {
        const crypto_visit& v = visit(i);
        i.octets = v.octets_from_22b + (v.then == crypto_visit::back ? case_.tag_152 : 0);
        transport_work w;
        w.clocks = v.clocks_22b;
        switch (v.then) {
            case crypto_visit::held: w.next = next_stop::held; break;
            case crypto_visit::dropped: w.next = next_stop::dropped; break;
            case crypto_visit::back: w.next = next_stop::feed_back; break;
            default: w.next = next_stop::deliver;
        }
        return w;
    }
    void worked(const item& i, ps started, ps done) override {
        const crypto_visit& v = visit(i);
        if (std::any_of(v.jobs.begin(), v.jobs.end(), [](const auto& j) { return j.cipher || j.authentication; })) tell(started, "start_21a", i.tag);
        tell(done, "done_21a", i.tag);
    }

public:
    void settled(item& i, ps at, next_stop s) {
        if (s == next_stop::feed_back) tell(at, "fed_back", i.tag), ++round_[i.tag];
        if (s == next_stop::held) tell(at, "held_22b", i.tag);
        if (s == next_stop::dropped) tell(at, "dropped_22b", i.tag);
    }
    receiver_ip_logic_22b& logic() { return logic_; }

private:
    const crypto_case& case_;
    clock_domain clock_;
    std::vector<std::size_t> round_;
    std::vector<std::pair<ps, std::string>> events_;
    receive_buffer_142 in_;
    feedback_buffer_140 back_;
    bubble_gate gate_;
    bad_takes cut_130_{gate_, [this](ps at, std::uint64_t p) { tell(at, "aborted", p); }};
    told input_130_, input_122_, past_;
    multiplexer_120 mux_;
    ipsec_logic_21a security_;
    told output_21a_;
    receiver_ip_logic_22b logic_;
    sink sink_;
    // Path 152: the transmit side's 21a.
    ipsec_logic_21a sends_{{clock_, case_.word_octets, case_.places, {case_.cipher_engines, case_.authentication_engines}, lane(case_, 2)}, [this](item& i, ps at) { return secure(i, at); }};
    feeder from_22a_{clock_, case_};
    told input_22a_{from_22a_, "take_22a", [this](ps at, const char* w, std::uint64_t p) { tell(at, w, p); }};
    told input_152_{back_, "take_152", [this](ps at, const char* w, std::uint64_t p) { tell(at, w, p); }};
    marks marked_{input_152_, true};
    multiplexer_120 path_152_{input_22a_, marked_, policy_of(static_cast<multiplexer_priority>(case_.priority))};
    exit_21a exit_{sends_};
    told output_152_{exit_.output_22b(), "take_22b", [this](ps at, const char* w, std::uint64_t p) { tell(at, w, p); }};
    marks returned_{output_152_, false};
    sink buffer_{clock_, case_.gap_16a};
    association_cache cache_;
};

}  // namespace

std::string run_crypto(const crypto_case& c) {
    std::string text[2];
    for (const bool reverse : {false, true}) {
        model m(c);
        m.logic().watch([&m](item& i, ps at, next_stop s) { m.settled(i, at, s); });
        text[reverse] = m.run(reverse);
    }
    return text[0] == text[1] ? text[0] : "depends on the order of what falls on one instant\n" + text[0] + "\nor\n" + text[1];
}

}  // namespace compare
