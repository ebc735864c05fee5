#include <systemc>

#include "reference/clock.h"
#include "reference/nic/bursts.h"
#include "reference/nic/fifos.h"

namespace reference::nic {

namespace {

using nicteam::test::receive_case;

constexpr ps not_yet = INT64_MAX;
constexpr unsigned filter_octets = 6, shortest = 64;

struct frame_state {
    unsigned octets = 0;
    std::vector<ps> octet_edges;         // of the data octets, as they pass
    std::vector<ps> entered;             // edges at which bytes entered the FIFO
    ps eof = not_yet;
    std::uint32_t taken = 0;             // bytes of all bursts decided
    bool overrun = false;
    std::uint32_t overrun_byte = 0;
    ps overrun_edge = 0;
};

class receive_side : public sc_core::sc_module {
public:
    SC_HAS_PROCESS(receive_side);
    receive_side(sc_core::sc_module_name name, const receive_case& c, rising_clock& pci, rising_clock& octets)
        : sc_module(name), case_(c), bus_(c.bus, c.pci_period), frames_(c.frames.size()) {
        for (std::size_t f = 0; f < frames_.size(); ++f) frames_[f].octets = c.frames[f].octets;
        SC_METHOD(pci_edge);
        sensitive << pci.edge;
        dont_initialize();
        SC_METHOD(octet_edge);
        sensitive << octets.edge;
        dont_initialize();
    }
    bool finished() const { return working_ == frames_.size() && !bus_.busy(); }
    std::string text() const {
        std::string t = bursts_;
        for (std::size_t f = 0; f < frames_.size(); ++f) {
            t += "frame " + std::to_string(f) + " eof " + std::to_string(frames_[f].eof) + " bytes " + std::to_string(frames_[f].taken);
            if (frames_[f].overrun && !passed_over(f))
                t += " overrun " + std::to_string(frames_[f].overrun_byte) + ' ' + std::to_string(frames_[f].overrun_edge);
            t += '\n';
        }
        return t;
    }

private:
    bool matches(std::size_t f) const { return case_.frames[f].match && frames_[f].octets >= filter_octets; }
    bool discarded(std::size_t f) const { return matches(f) && case_.discard_short && frames_[f].octets < shortest; }
    bool passed_over(std::size_t f) const { return !matches(f) || discarded(f); }

    // ------------------------------------------------------------ the write side
    void octet_edge() {
        const ps edge = now();
        if (arriving_ == frames_.size() || edge < case_.frames[arriving_].first) return;
        frame_state& f = frames_[arriving_];
        const unsigned preamble = case_.frames[arriving_].preamble;
        if (octet_++ < preamble) return;
        f.octet_edges.push_back(edge);
        const std::uint32_t octet = octet_ - preamble - 1;
        if (matches(arriving_)) {
            if (case_.fcs_to_memory) enter(f, octet, edge);
            else if (octet >= strip_line()) enter(f, octet - strip_line(), edge);
            if (case_.checksum_word && octet + 1 == f.octets) {
                const std::uint32_t data = case_.fcs_to_memory ? f.octets : f.octets - strip_line();
                enter(f, data, edge);
                enter(f, data + 1, edge);
            }
        }
        if (octet + 1 == f.octets) {
            f.eof = edge;
            ++arriving_;
            octet_ = 0;
        }
    }
    std::uint32_t strip_line() const { return case_.crc16 ? 2 : 4; }
    void enter(frame_state& f, std::uint32_t byte, ps edge) {
        if (f.overrun) return;
        if (level(edge) >= case_.fifo_bytes) {
            f.overrun = true;
            f.overrun_byte = byte;
            f.overrun_edge = edge;
            return;
        }
        f.entered.push_back(edge);
    }
    // What is in the FIFO for an edge of the octet clock: entered strictly before, less what left strictly before.
    std::uint64_t level(ps edge) const {
        std::uint64_t n = 0;
        for (std::size_t f = 0; f <= arriving_; ++f) {
            if (discarded(f) && frames_[f].eof < edge) continue;
            n += frames_[f].entered.size();
        }
        return n - (edge > left_edge_ ? left_ : left_before_);
    }

    // ------------------------------------------------------------ the bus side
    void pci_edge() {
        const ps edge = now();
        if (const std::uint32_t n = bus_.passes(edge)) {
            left_before_ = left_;
            left_ += n;
            left_edge_ = edge;
        }
        bus_.idle(edge, bursts_);
        if (!bus_.busy()) {
            pass_over(edge);
            if (working_ < frames_.size() && wants_burst(frames_[working_], edge)) bus_.request(edge, working_);
        }
        if (bus_.decides(edge)) decide(frames_[working_], edge);
    }
    std::uint32_t seen(const std::vector<ps>& edges, ps edge) const {
        std::size_t n = edges.size();
        while (n > 0 && !crossed(edges[n - 1], edge, case_.pci_period)) --n;
        return static_cast<std::uint32_t>(n);
    }
    bool eof_seen(const frame_state& f, ps edge) const { return f.eof != not_yet && crossed(f.eof, edge, case_.pci_period); }
    // Leaves frames of which nothing is to come any more.
    void pass_over(ps edge) {
        while (working_ < frames_.size() && eof_seen(frames_[working_], edge) &&
               (passed_over(working_) || frames_[working_].taken == frames_[working_].entered.size()))
            ++working_;
    }
    bool wants_burst(const frame_state& f, ps edge) const {
        if (passed_over(working_)) return false;
        if (seen(f.octet_edges, edge) < (case_.discard_short ? shortest : filter_octets)) return false;
        const std::uint32_t waiting = seen(f.entered, edge) - f.taken;
        if (eof_seen(f, edge)) return waiting > 0;
        return !case_.whole_frame && waiting >= (16 - case_.limit) * 8;
    }
    void decide(frame_state& f, ps edge) {
        std::uint32_t bytes = seen(f.entered, edge) - f.taken;
        if (!eof_seen(f, edge)) bytes -= bytes % 4;
        f.taken += bytes;
        bus_.decided(bytes, 4);
    }

    const receive_case& case_;
    burst_engine bus_;
    std::vector<frame_state> frames_;
    std::string bursts_;
    std::size_t arriving_ = 0, working_ = 0;
    std::uint32_t octet_ = 0;                  // octets of the arriving frame that have passed
    std::uint64_t left_ = 0, left_before_ = 0; // bytes that left the FIFO; before left_edge_
    ps left_edge_ = -1;
};

}  // namespace

std::string run_receive(const receive_case& c) {
    kernel context;
    rising_clock pci("pci", c.pci_period, c.pci_phase), octets("octets", c.octet_period, 0);
    receive_side side("receive", c, pci, octets);
    while (!side.finished()) sc_core::sc_start(picoseconds(64 * c.octet_period));
    return side.text();
}

}  // namespace reference::nic
