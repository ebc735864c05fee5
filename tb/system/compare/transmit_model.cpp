#include "system/compare/transmit_model.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "nicteam/offload/ipsec_logic_21a.h"
#include "nicteam/offload/transmit_fifo_output.h"
#include "nicteam/offload/transmitter_ip_logic_22a.h"
#include "offload/frame_buffer_input.h"
#include "system/compare/told.h"

namespace compare {
namespace {

using namespace nicteam;
using namespace nicteam::offload;
using nicteam::test::transmit_case;
using nicteam::test::transmit_packet;

class model : ipsec_logic_21a::observer {
public:
    explicit model(const transmit_case& c)
        : case_(c), clock_(c.block_period),
          fifo_({clock_, c.word_octets, c.crossing}, [this](ps at) { tell(at, "left_fifo", left_++); }),
          from_fifo_(fifo_, "take_22a", teller()),
          logic_22a_({clock_, c.word_octets, c.package_clocks}, [this](item& i, ps at) { tell(at, "packaged", i.tag); }),
          from_22a_(logic_22a_, "take_21a", teller()),
          logic_21a_({clock_, c.word_octets, c.places, {c.cipher_engines, c.authentication_engines}}, [this](item& i, ps) { return work(i); }),
          buffer_(clock_, [this](std::uint32_t octets, ps edge) { return room(octets, edge); }, [this](item_ref i, ps at) { buffered(*i, at); }) {
        fifo_.connect(logic_22a_);
        logic_22a_.connect(from_fifo_, logic_21a_);
        logic_21a_.connect(from_22a_, buffer_);
        logic_21a_.watch(this);
        buffer_.connect(logic_21a_);
    }

    // `reverse`: what falls on one instant is driven the other way round.
    std::string run(bool reverse) {
        std::vector<timed*> blocks{&fifo_, &logic_22a_, &logic_21a_, &buffer_};
        if (reverse) std::reverse(blocks.begin(), blocks.end());
        std::size_t next = 0;
        while (true) {
            const ps arrival = next < case_.packets.size() ? case_.packets[next].whole : never;
            const ps drained = in_buffer_.empty() ? never : in_buffer_.front().leaves;
            ps t = std::min(arrival, drained);
            for (const timed* b : blocks) t = std::min(t, b->next());
            if (t == never) break;
            const auto outside = [&] {
                while (next < case_.packets.size() && case_.packets[next].whole == t) arrives(next++, t);
                if (drained == t) drain(t);
            };
            if (!reverse) outside();
            for (bool again = true; again;) {
                again = false;
                for (timed* b : blocks)
                    if (b->next() == t) b->advance(t), again = true;
            }
            if (reverse) outside();
        }
        std::string text;
        for (const auto& [at, line] : events_) text += std::to_string(at) + ' ' + line + '\n';
        return text;
    }

private:
    struct held {
        std::uint64_t packet;
        std::uint32_t octets;
        ps leaves;
    };
    told::teller teller() {
        return [this](ps at, const char* what, std::uint64_t p) { tell(at, what, p); };
    }
    void tell(ps at, const std::string& what, std::uint64_t p) { events_.emplace_back(at, what + ' ' + std::to_string(p)); }
    const transmit_packet& of(const item& i) const { return case_.packets[i.tag]; }

    void arrives(std::size_t packet, ps at) {
        item_ref i(new item);
        i->octets = case_.packets[packet].octets;
        i->tag = packet;
        fifo_.add(std::move(i), at);
    }
    security_work work(item& i) {
        const transmit_packet& p = of(i);
        i.octets = p.octets_from_21a;
        security_work w;
        if (!p.is_protected) return w;
        w.lookup = p.lookup;
        w.engines.push_back({p.job.cipher, p.job.authentication, p.job.lag, p.job.chained});
        return w;
    }
    void worked(const item& i, ps started, ps done) override {
        if (of(i).is_protected && (of(i).job.cipher || of(i).job.authentication)) tell(started, "start_21a", i.tag);
        tell(done, "done_21a", i.tag);
    }

    // A frame buffer and its MAC, as plain as can be: an edge sees what left before it.
    ps room(std::uint32_t octets, ps edge) const {
        std::uint32_t used = octets;
        unsigned frames = 0;
        for (const held& h : in_buffer_) used += h.octets, ++frames;
        if (used > case_.buffer_octets || frames >= case_.buffer_frames) return never;
        if (drained_ != edge) return edge;
        return used + drained_octets_ <= case_.buffer_octets && frames + 1 < case_.buffer_frames ? edge : clock_.after(edge);
    }
    void buffered(item& i, ps at) {
        tell(at, "buffered", i.tag);
        const ps last = i.words.last(), before = in_buffer_.empty() ? last : std::max(last, in_buffer_.back().leaves);
        in_buffer_.push_back({i.tag, i.octets, before + clock_.period() * static_cast<ps>(of(i).drain)});
    }
    void drain(ps at) {
        tell(at, "drained", in_buffer_.front().packet);
        drained_ = at;
        drained_octets_ = in_buffer_.front().octets;
        in_buffer_.pop_front();
        buffer_.offers_changed(at);
    }

    const transmit_case& case_;
    clock_domain clock_;
    std::vector<std::pair<ps, std::string>> events_;
    std::uint64_t left_ = 0;
    transmit_fifo_output fifo_;
    told from_fifo_;
    transmitter_ip_logic_22a logic_22a_;
    told from_22a_;
    ipsec_logic_21a logic_21a_;
    frame_buffer_input buffer_;
    std::deque<held> in_buffer_;
    ps drained_ = -1;
    std::uint32_t drained_octets_ = 0;
};

}  // namespace

std::pair<std::string, std::string> run_transmit(const transmit_case& c) { return {model(c).run(false), model(c).run(true)}; }

}  // namespace compare
