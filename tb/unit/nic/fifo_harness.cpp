#include "unit/nic/fifo_harness.h"

#include <algorithm>
#include <sstream>

#include "nic/receive/receive_path.h"
#include "nic/transmit/transmit_path.h"

namespace nicteam::test {
namespace {

using nic::receive_path;
using nic::receive_setup;
using nic::transmit_frame;
using nic::transmit_path;
using nic::transmit_setup;
using nic::transmit_step;

// The bus as the FIFO tests see it: one burst at a time.
struct test_bus {
    clock_domain pci;
    const bus_gaps& gaps;
    unsigned number = 0;
    ps request = never, address = never, idle = 0;
    std::uint32_t bytes = 0;
    span words{};

    void ask(ps at) {
        request = at;
        address = at + pci.period() * gaps.grant[number % gaps.grant.size()];
    }
    ps decision() const { return address - pci.period(); }
    void run_burst(std::uint32_t n, unsigned lead) {
        bytes = n;
        words.clear();
        const ps stride = pci.period() * (1 + gaps.wait[number % gaps.wait.size()]);
        words.append({address + 2 * pci.period(), stride, (lead + n + 3) / 4});
        idle = words.last() + pci.period();
    }
    void print(std::ostream& o, std::size_t frame) {
        o << "burst " << number << " frame " << frame << " request " << request << " address " << address << " bytes " << bytes
          << " first " << words.first() << " last " << words.last() << " idle " << idle << '\n';
        ++number;
        request = address = never;
    }
};

ps first_edge(const clock_domain& c, ps t) { return c.at_or_after(t); }

}  // namespace

std::string run_transmit(const transmit_case& c) {
    std::ostringstream bursts, wire;
    transmit_setup s;
    s.pci = clock_domain(c.pci_period, c.pci_phase);
    s.octet = clock_domain(c.octet_period);
    s.fifo_bytes = c.fifo_bytes;
    s.gap_octets = c.gap_octets;
    s.preamble_octets = c.preamble;
    s.two_frames = c.two_frames ? 2 : 1;
    s.dual_port = 128 - 4 * c.limit;
    transmit_path path;
    path.setup(s);
    test_bus bus{s.pci, c.bus};

    enum class load_state { next_frame, wanting, asked, passing } state = load_state::next_frame;
    std::size_t frame = 0, piece = 0;
    std::uint32_t offset = 0, done = 0;      // in the frame; in the piece
    ps earliest = first_edge(s.pci, 0), wake = never;

    const auto length = [&](std::size_t f) {
        std::uint32_t n = 0;
        for (const unsigned p : c.frames[f].pieces) n += p;
        return n;
    };
    for (;;) {
        while (state == load_state::next_frame && frame < c.frames.size() && !path.fits(length(frame))) ++frame;   // refused
        if (state == load_state::next_frame && frame < c.frames.size()) {
            earliest = std::max(earliest, first_edge(s.pci, c.frames[frame].offered));
            transmit_frame f;
            f.bytes = length(frame);
            f.octets = std::max(f.bytes, c.padding ? 60u : 0u) + 4;
            f.threshold = c.threshold == 0 ? f.bytes : std::min(8 * c.threshold, f.bytes);
            f.retry = c.retry;
            f.tag = frame;
            path.open(f);
            offset = done = 0;
            piece = 0;
            state = load_state::wanting;
        }
        if (state == load_state::wanting) wake = path.next_request(c.frames[frame].pieces[piece] - done, earliest);
        const ps loader = state == load_state::next_frame ? never
                          : state == load_state::wanting  ? wake
                          : state == load_state::asked    ? bus.address
                                                          : bus.idle;
        const ps mac = path.next_step();
        if (loader == never && mac == never) break;
        if (mac <= loader) {
            const transmit_step what = path.advance(mac);
            const std::uint64_t f = path.sending().tag;
            switch (what) {
            case transmit_step::start: wire << "start " << f << ' ' << mac << '\n'; break;
            case transmit_step::underrun: wire << "underrun " << f << ' ' << mac << " byte " << path.sent_bytes() << '\n'; break;
            case transmit_step::good: wire << "end " << f << ' ' << mac << " good\n"; break;
            case transmit_step::retry: wire << "end " << f << ' ' << mac << " retry\n"; break;
            case transmit_step::given_up: wire << "end " << f << ' ' << mac << " given_up\n"; break;
            default: break;      // half duplex: tb/system/compare/medium_test.cpp
            }
            continue;
        }
        switch (state) {
        case load_state::wanting:
            bus.ask(wake);
            state = load_state::asked;
            break;
        case load_state::asked: {
            const std::uint32_t n = path.take(bus.decision(), offset, c.frames[frame].pieces[piece] - done);
            // A piece that was cut for want of room goes on in the middle of a word.
            bus.run_burst(n, done % 4);
            path.planned(offset, done % 4, 4, bus.words);
            state = load_state::passing;
            break;
        }
        case load_state::passing:
            offset += bus.bytes;
            done += bus.bytes;
            earliest = bus.idle;
            bus.print(bursts, frame);
            if (done == c.frames[frame].pieces[piece]) {
                done = 0;
                ++piece;
            }
            state = load_state::wanting;
            if (piece == c.frames[frame].pieces.size()) {
                path.loaded();
                ++frame;
                state = load_state::next_frame;
            }
            break;
        case load_state::next_frame: break;
        }
    }
    return bursts.str() + wire.str();
}

std::string run_receive(const receive_case& c) {
    std::ostringstream bursts;
    receive_setup s;
    s.pci = clock_domain(c.pci_period, c.pci_phase);
    s.fifo_bytes = c.fifo_bytes;
    s.threshold = (16 - c.limit) * 8;
    s.discard_short = c.discard_short;
    s.fcs_to_memory = c.fcs_to_memory;
    s.whole_frame = c.whole_frame;
    s.word_octets = c.checksum_word ? 2 : 0;
    s.fcs_octets = c.crc16 ? 2 : 4;
    receive_path path;
    path.setup(s);
    test_bus bus{s.pci, c.bus};

    struct outcome {
        ps eof = 0;
        std::uint32_t bytes = 0;
        bool overrun = false;
        std::uint32_t byte = 0;
        ps at = 0;
    };
    std::vector<outcome> outcomes(c.frames.size());
    span octets;
    std::size_t next = 0;
    bool arriving = false;
    enum class burst_state { free, asked, passing } state = burst_state::free;
    ps earliest = first_edge(s.pci, 0);

    for (;;) {
        ps wire = never;
        if (arriving) wire = octets.last();
        else if (next < c.frames.size()) wire = c.frames[next].first;
        const ps full = path.next_overrun();
        ps loader = never;
        if (state == burst_state::asked) loader = bus.address;
        else if (state == burst_state::passing) loader = bus.idle;
        else {
            // Pass over what is done or makes no request.
            while (!path.empty() && path.front().ended && path.front().taken == path.total(path.front())) path.pop();
            if (!path.empty()) loader = path.next_request(earliest);
        }
        if (wire == never && full == never && loader == never) break;
        if (full <= wire && full <= loader) {
            path.overrun(full);
            continue;
        }
        if (loader <= wire) {
            switch (state) {
            case burst_state::free: bus.ask(loader); state = burst_state::asked; break;
            case burst_state::asked: {
                receive_path::arrival& a = path.front();
                const std::uint32_t first = a.taken;
                bus.run_burst(path.take(bus.decision(), first, UINT32_MAX, first), 0);
                path.planned(first, 0, 4, bus.words);
                state = burst_state::passing;
                break;
            }
            case burst_state::passing:
                earliest = bus.idle;
                outcomes[path.front().number].bytes += bus.bytes;
                bus.print(bursts, path.front().number);
                state = burst_state::free;
                break;
            }
            continue;
        }
        const receive_case::frame& f = c.frames[next];
        if (!arriving) {
            octets.clear();
            octets.append({f.first, c.octet_period, f.preamble + f.octets});
            const ref<nicteam::frame> shown = frame::make();
            shown->data.resize(f.octets);
            shown->preamble_octets = static_cast<std::uint8_t>(f.preamble);
            path.begin(frame_ref(shown), octets);
            path.back().match = f.match && f.octets >= s.address_octets ? receive_path::verdict::match : receive_path::verdict::no_match;
            // A frame that does not match never occupies the FIFO.
            if (path.back().match == receive_path::verdict::no_match) path.drop_back();
            arriving = true;
            continue;
        }
        outcome& o = outcomes[next];
        o.eof = octets.last();
        if (path.arriving()) {
            path.end({}, wire::wire_end::good);
            receive_path::arrival& a = path.back();
            if (s.discard_short && f.octets < s.minimum_octets) {
                path.drop_back();
            } else {
                o.overrun = a.overrun;
                o.byte = a.limit;
                o.at = a.overrun_at;
                path.settle();
            }
        }
        arriving = false;
        ++next;
    }
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const outcome& o = outcomes[i];
        bursts << "frame " << i << " eof " << o.eof << " bytes " << o.bytes;
        if (o.overrun) bursts << " overrun " << o.byte << ' ' << o.at;
        bursts << '\n';
    }
    return bursts.str();
}

}  // namespace nicteam::test
