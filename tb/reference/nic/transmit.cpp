#include <systemc>

#include "reference/clock.h"
#include "reference/nic/bursts.h"
#include "reference/nic/fifos.h"

namespace reference::nic {

namespace {

using nicteam::test::transmit_case;

constexpr ps not_yet = INT64_MAX;
constexpr std::uint32_t dual_port_bytes = 128;
constexpr unsigned shortest = 60, fcs = 4, jam = 4;   // octets

struct frame_state {
    std::uint32_t length = 0;
    std::vector<ps> came;                // edge at which each byte came in, as they come
    std::uint32_t decided = 0;           // bytes of all bursts decided
    bool begun = false;                  // its first burst has been decided
    ps end = not_yet;                    // E of its last transmission
};

class transmit_side : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(transmit_side);
    transmit_side(sc_core::sc_module_name name, const transmit_case& c, rising_clock& pci, rising_clock& octets)
        : sc_module(name), case_(c), bus_(c.bus, c.pci_period), frames_(c.frames.size()) {
        for (std::size_t f = 0; f < frames_.size(); ++f)
            for (unsigned bytes : c.frames[f].pieces) frames_[f].length += bytes;
        SC_METHOD(pci_edge);
        sensitive << pci.edge;
        dont_initialize();
        SC_METHOD(octet_edge);
        sensitive << octets.edge;
        dont_initialize();
        skip_refused();
    }
    bool finished() const { return loading_ == frames_.size() && sending_ == frames_.size(); }
    std::string text() const { return bursts_ + sent_; }

private:
    // ------------------------------------------------------------ the DMA side
    bool released(const frame_state& f, ps edge) const { return f.end != not_yet && crossed(f.end, edge, case_.pci_period); }
    std::uint32_t free_space(ps edge) const {
        std::uint32_t held = 0;
        for (const frame_state& f : frames_)
            if (!released(f, edge)) held += f.decided;
        return case_.fifo_bytes - held;
    }
    unsigned in_fifo(ps edge) const {
        unsigned n = 0;
        for (const frame_state& f : frames_) n += f.begun && !released(f, edge);
        return n;
    }
    void pci_edge() {
        const ps edge = now();
        if (const std::uint32_t n = bus_.passes(edge)) frames_[loading_].came.insert(frames_[loading_].came.end(), n, edge);
        if (bus_.idle(edge, bursts_) && piece_ == case_.frames[loading_].pieces.size()) {
            ++loading_;
            piece_ = 0;
            skip_refused();
        }
        if (!bus_.busy() && wants_burst(edge)) bus_.request(edge, loading_);
        if (bus_.decides(edge)) decide(edge);
    }
    bool wants_burst(ps edge) const {
        if (loading_ == frames_.size() || edge < case_.frames[loading_].offered) return false;
        if (!frames_[loading_].begun && in_fifo(edge) >= (case_.two_frames ? 2u : 1u)) return false;
        return free_space(edge) >= std::min(dual_port_bytes - 4 * case_.limit, left_of_piece());
    }
    std::uint32_t left_of_piece() const { return case_.frames[loading_].pieces[piece_] - offset_; }
    void decide(ps edge) {
        frame_state& f = frames_[loading_];
        const std::uint32_t bytes = std::min(left_of_piece(), free_space(edge));
        bus_.decided(bytes, 4 - offset_ % 4);
        f.begun = true;
        f.decided += bytes;
        offset_ += bytes;
        if (left_of_piece() == 0) { ++piece_; offset_ = 0; }
    }
    void skip_refused() {
        while (loading_ < frames_.size() && frames_[loading_].length > case_.fifo_bytes) ++loading_;
    }

    // ------------------------------------------------------------ the MAC
    void octet_edge() {
        const ps edge = now();
        if (!sending_now_) {
            while (sending_ < frames_.size() && frames_[sending_].length > case_.fifo_bytes) ++sending_;
            if (sending_ == frames_.size() || !may_start(edge)) return;
            sending_now_ = true;
            octet_ = 0;
            jam_left_ = 0;
            sent_ += "start " + std::to_string(sending_) + ' ' + std::to_string(edge) + '\n';
        }
        frame_state& f = frames_[sending_];
        if (jam_left_ == 0 && octet_ >= case_.preamble && octet_ < case_.preamble + f.length) {
            const std::uint32_t byte = octet_ - case_.preamble;
            if (byte >= f.came.size() || f.came[byte] >= edge) {           // not there strictly before
                sent_ += "underrun " + std::to_string(sending_) + ' ' + std::to_string(edge) + " byte " + std::to_string(byte) + '\n';
                jam_left_ = jam;
            }
        }
        if (jam_left_ > 0) {
            if (--jam_left_ == 0) jammed(edge);
            return;
        }
        const std::uint32_t data = case_.padding ? std::max(f.length, shortest) : f.length;
        if (++octet_ == case_.preamble + data + fcs) ended(edge, "good");
    }
    bool may_start(ps edge) const {
        const frame_state& f = frames_[sending_];
        const std::uint32_t needed = std::min(f.length, bytes_to_start());
        if (f.came.size() < needed || !crossed(f.came[needed - 1], edge, case_.octet_period)) return false;
        return last_end_ == not_yet || edge >= last_end_ + (1 + static_cast<ps>(case_.gap_octets)) * case_.octet_period;
    }
    std::uint32_t bytes_to_start() const {
        if (underruns_ > 0) return step(underruns_);
        return case_.threshold == 0 ? UINT32_MAX : 8 * case_.threshold;
    }
    // The k-th step of the configured list, 0 if there is none.
    std::uint32_t step(unsigned k) const {
        static const std::vector<std::uint32_t> steps[4] = {{}, {UINT32_MAX}, {512, UINT32_MAX}, {512, 1024, UINT32_MAX}};
        const auto& list = steps[case_.retry];
        return k <= list.size() ? list[k - 1] : 0;
    }
    void jammed(ps edge) {
        ++underruns_;
        if (step(underruns_) == 0) { ended(edge, "given_up"); return; }
        log_end(edge, "retry");
    }
    void log_end(ps edge, const char* how) {
        sent_ += "end " + std::to_string(sending_) + ' ' + std::to_string(edge) + ' ' + how + '\n';
        sending_now_ = false;
        last_end_ = edge;
    }
    void ended(ps edge, const char* how) {
        log_end(edge, how);
        frames_[sending_].end = edge;
        underruns_ = 0;
        ++sending_;
    }

    const transmit_case& case_;
    burst_engine bus_;
    std::vector<frame_state> frames_;
    std::string bursts_, sent_;
    std::size_t loading_ = 0, piece_ = 0;      // the frame and the piece that load next
    std::uint32_t offset_ = 0;                 // bytes of the piece that are decided
    std::size_t sending_ = 0;                  // the frame to send
    bool sending_now_ = false;
    std::uint32_t octet_ = 0;                  // number of the octet that passes at the present edge
    unsigned jam_left_ = 0, underruns_ = 0;
    ps last_end_ = not_yet;
};

}  // namespace

std::string run_transmit(const transmit_case& c) {
    kernel context;
    rising_clock pci("pci", c.pci_period, c.pci_phase), octets("octets", c.octet_period, 0);
    transmit_side side("transmit", c, pci, octets);
    while (!side.finished()) sc_core::sc_start(picoseconds(64 * c.octet_period));
    return side.text();
}

}  // namespace reference::nic
