// Any octets from the wire, whole, damaged or cut: controller, driver and stack give each frame exactly one outcome (bad-frame rows of the MAC and the driver).
#include <map>

#include "fuzz/target.h"
#include "unit/nic/rig.h"
#include "unit/stack/machine.h"

using namespace nicteam;
using namespace nicteam::test;
using nicteam::fuzz::demand;
using nicteam::fuzz::tape;

namespace {

constexpr trace_id first_id = trace_id{1} << 50;
constexpr unsigned most_frames = 24;

struct outcomes : sim::packet_observer {
    std::map<trace_id, unsigned> count;
    void born(trace_id, trace_id, const std::string&, std::uint32_t, ps) override {}
    void passed(trace_id, const stage_info&, const std::string&, ps) override {}
    void ended(trace_id id, const outcome_info&, const std::string&, ps) override {
        if (id >= first_id) ++count[id];
    }
    void crossed(trace_id, const std::string&, std::uint32_t, ps) override {}
};

void put(bytes& b, std::size_t at, std::initializer_list<std::uint8_t> what) {
    for (const std::uint8_t o : what)
        if (at < b.size()) b[at++] = o;
}

// What of it the MAC lets pass is up to its first octet; the rest is the input's.
bytes frame_of(tape& t, unsigned how) {
    bytes b = t.octets(t.below(how & 0x80 ? 2048 : 256));
    if (how & 0x40) b.resize(std::min<std::size_t>(b.size() + t.word(), 4096));
    switch (how >> 4 & 3) {
        case 0: break;
        case 1: put(b, 0, {2, 0, 0, 0, 0, 1}); break;
        case 2: put(b, 0, {255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 9, 8, 6}); break;
        default: put(b, 0, {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 8, 0, 0x45}); break;
    }
    return b;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    if (octets > 8192) return 0;
    tape t(input, octets);
    fresh_kernel kernel;
    machine_config c = numbered(1);
    const unsigned settings = t.octet();
    c.driver.save_bad = settings & 1;
    c.driver.long_frames = settings & 2;
    c.driver.promiscuous = settings & 4;
    c.driver.discard_short = settings & 8;
    c.driver.crc_to_memory = settings & 16;
    machine m("a", c);
    test_cable cable;
    m.nic.plug(cable);
    test_sender sender;
    sender.to = &m.nic.receiver();
    outcomes seen;
    sim::session::current().observe(&seen);
    sim::session::current().settle_order();
    simulate(2 * millisecond);
    unsigned frames = 0;
    for (; frames < most_frames && t.left(); ++frames) {
        const unsigned how = t.octet();
        ref<frame> f = frame::make();
        f->data = frame_of(t, how);
        if (how & 8) f->fcs_known = true;                             // the last octets are what they are
        else packet::append_lazy_fcs(*f);
        f->id = first_id + frames;
        const auto n = static_cast<std::uint32_t>(f->data.size());
        const std::uint32_t cut = (how & 7) == 1 && n > 1 ? 1 + t.word() % (n - 1) : 0;
        sender.jobs.push_back({frame_ref(f), how & 8 || (how & 7) == 2 ? wire::wire_end::bad_fcs : wire::wire_end::good, 0, cut});
    }
    sender.start();
    while (sender.busy()) simulate(millisecond);
    simulate(20 * millisecond);
    for (unsigned n = 0; n < frames; ++n) demand(seen.count[first_id + n] == 1, "each frame ends exactly once");
    return 0;
}
