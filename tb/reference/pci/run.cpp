#include <deque>
#include <memory>

#include "reference/clock.h"
#include "reference/kernel.h"
#include "reference/pci/arbiter.h"
#include "reference/pci/master.h"
#include "reference/pci/noise.h"
#include "reference/pci/pins.h"
#include "reference/pci/setup.h"
#include "reference/pci/target.h"
#include "reference/pci/wave.h"

namespace reference::pci {

std::string run(const setup& s, std::ostream* trace) {
    kernel context;
    std::string log;
    {
        rising_clock clock("clock", s.period, s.phase);
        pins p(s.masters.size());
        noise wrong(s);
        arbiter arb("arbiter", s, p, clock);
        std::deque<master> masters;
        for (unsigned m = 0; m < s.masters.size(); ++m)
            masters.emplace_back(sc_core::sc_gen_unique_name("master"), s, m, p, clock, wrong, log);
        std::deque<target> targets;
        for (const target_setup& t : s.targets) targets.emplace_back(sc_core::sc_gen_unique_name("target"), t, p, clock, wrong);
        std::unique_ptr<wave> w;
        if (trace) w = std::make_unique<wave>("wave", s, p, clock, *trace);

        const auto finished = [&] {
            for (const master& m : masters)
                if (!m.finished()) return false;
            return true;
        };
        // In pieces, to stop once everything is done and the pins have come to rest.
        const std::int64_t piece = 256 * s.period;
        for (std::int64_t t = 0; t < s.until && !finished(); t += piece) sc_core::sc_start(picoseconds(std::min(piece, s.until - t)));
        if (trace) {
            if (finished()) sc_core::sc_start(picoseconds(8 * s.period));
            w->close();
        }
    }
    return log;
}

std::string runs_of(const std::vector<std::int64_t>& edges) {
    if (edges.empty()) return "-";
    std::string text;
    for (std::size_t i = 0; i < edges.size();) {
        std::size_t n = 1;
        std::int64_t stride = 0;
        if (i + 1 < edges.size()) {
            stride = edges[i + 1] - edges[i];
            for (n = 2; i + n < edges.size() && edges[i + n] - edges[i + n - 1] == stride; ++n) {}
        }
        if (!text.empty()) text += ',';
        text += std::to_string(edges[i]) + '+' + std::to_string(stride) + '*' + std::to_string(n);
        i += n;
    }
    return text;
}

}  // namespace reference::pci
