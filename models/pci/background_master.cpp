#include "nicteam/pci/background_master.h"

#include <algorithm>
#include <stdexcept>

#include "nicteam/pci/fault_gate.h"
#include "nicteam/sim/session.h"

namespace nicteam::pci {
namespace {

constexpr parameter_info parameters[] = {
    {"kind", quantity::choice, "disk", nullptr, nullptr, "disk|video",
     "disk: bursts anywhere in the window; video: one after the other, wrapping", "own choice", store<&background_master_config::kind>},
    {"interval", quantity::time, "40960 ns", "1 ns", "1 s", nullptr, "mean time from burst to burst",
     "512 B each 40.96 us are 12.5 MB/s: a disk of the time", store<&background_master_config::interval>},
    {"burst", quantity::size, "512 B", "4 B", "64 KiB", nullptr, "bytes of a burst", "one disk sector",
     store<&background_master_config::burst>},
    {"write_share", quantity::ratio, "0.5", "0", "1", nullptr, "share of the bursts that write to memory", "own choice",
     store<&background_master_config::write_share>},
    {"arrivals", quantity::choice, "random", nullptr, nullptr, "random|regular", "exponentially distributed intervals, or equal ones",
     "own choice", store<&background_master_config::arrive>},
    {"window_address", quantity::count, "0", "0", nullptr, nullptr, "first bus address of the bursts", "own choice",
     store<&background_master_config::window_address>},
    {"window_size", quantity::size, "64 KiB", "4 B", "1 GiB", nullptr, "bytes of the window, a multiple of burst", "own choice",
     store<&background_master_config::window_size>},
    {"backlog", quantity::count, "16", "1", "4096", nullptr, "bursts that may wait for the bus; more are lost", "own choice",
     store<&background_master_config::backlog>},
    {"width", quantity::choice, "32", nullptr, nullptr, "32|64", "bits of AD that it uses, on a bus that has them", "PCI 2.2, 3.8: REQ64#",
     store<&background_master_config::width>},
    {"back_to_back", quantity::flag, "false", nullptr, nullptr, nullptr,
     "a burst that waits follows a write without an idle clock, to the same target or as command bit 9 says", "PCI 2.2, 3.4.2",
     store<&background_master_config::back_to_back>},
};
constexpr metric_info metrics[] = {
    {"bursts", "bursts", "bursts carried out", metric_info::counter},
    {"octets", "B", "bytes carried", metric_info::counter},
    {"lost", "bursts", "bursts given up because the backlog was full", metric_info::counter},
    {"aborted", "bursts", "bursts that ended in a master or target abort", metric_info::counter},
    {"delay", "ps", "from the wish for a burst to its last word", metric_info::histogram},
};

configuration_space header(load_kind kind, bool follows) {
    configuration_space c;
    c.declare(0x00, 2, 0x1AF4);                                            // a vendor identity that virtual devices use
    c.declare(0x02, 2, kind == load_kind::disk ? 0x0D15 : 0x071D);
    c.declare(0x04, 2, 0, follows ? 0x0344 : 0x0144);                      // bus master, parity response, SERR#, fast back-to-back
    c.declare(0x06, 2, 0x02A0, 0, 0xF900);                                 // 66 MHz, fast back-to-back, DEVSEL# medium
    c.declare(0x09, 3, kind == load_kind::disk ? 0x018000 : 0x040000);     // PCI 2.2, appendix D
    c.declare(0x0C, 1, 0, 0xFF);
    c.declare(0x0D, 1, 0, 0xFF);
    return c;
}

}  // namespace

const block_info background_master_info = {
    "background_master", "bus load of a disk controller or a video grabber", parameters, metrics, {}, device_faults, {}, {}, {}};

background_master::background_master(sc_core::sc_module_name name, const background_master_config& c, bus& b, int slot, interrupt_sink* s)
    : device(name, b, slot, header(c.kind, c.back_to_back), s),
      config_(c),
      bursts_(sim::bind_counter(*this, metrics[0])),
      octets_(sim::bind_counter(*this, metrics[1])),
      lost_(sim::bind_counter(*this, metrics[2])),
      aborted_(sim::bind_counter(*this, metrics[3])),
      delay_(sim::bind_histogram(*this, metrics[4])),
      random_(sim::stream_of(*this, "bursts")),
      agenda_("agenda", *this, 1),
      data_(c.burst) {
    if (c.burst == 0 || c.window_size < c.burst || c.window_size % c.burst != 0)
        throw std::invalid_argument(std::string(this->name()) + ": window_size must be a multiple of burst");
    attach(*this);
    set_wide(c.width == 1);
    set_back_to_back(c.back_to_back);
}
background_master::~background_master() = default;

void background_master::start_of_simulation() { plan_next(0); }

void background_master::plan_next(ps from) {
    const ps gap = config_.arrive == arrivals::regular ? config_.interval : std::max<ps>(1, random_.exponential(config_.interval));
    agenda_.set(0, from + gap);
}

// All that is random about a burst is drawn when it arrives, whatever else happens at that instant.
void background_master::due(unsigned, ps at) {
    const std::uint64_t places = config_.window_size / config_.burst;
    const std::uint64_t place = config_.kind == load_kind::video ? next_++ % places : random_.below(places);
    const bool write = random_.chance(config_.write_share);
    plan_next(at);
    // One that leaves at this very instant still counts as waiting.
    if (waiting_.size() + (left_ == at ? 1 : 0) >= config_.backlog + std::size_t{1}) {
        lost_.add();
        return;
    }
    waiting_.push_back({at, write, config_.window_address + place * config_.burst});
    if (waiting_.size() == 1) begin(clock().at_or_after(at));
}

void background_master::begin(ps act) {
    transfer_ = transfer{};
    transfer_.address = waiting_.front().address;
    transfer_.bytes = config_.burst;
    transfer_.data = data_.data();
    transfer_.command = waiting_.front().write ? command::memory_write
                                               : read_command(transfer_.address, transfer_.bytes, configuration().cache_line_bytes());
    start(transfer_, act);
}

void background_master::ended(transfer& t, transfer_result r, ps at) {
    if (r == transfer_result::done) {
        bursts_.add();
        octets_.add(t.bytes);
        delay_.add(at - waiting_.front().arrival);
    } else {
        aborted_.add();
    }
    waiting_.erase(waiting_.begin());
    left_ = at;
    if (!waiting_.empty()) begin(config_.back_to_back ? at : clock().after(at));
}

void background_master::reset(reset_kind, ps at) {
    abandon(at);
    waiting_.clear();
}

}  // namespace nicteam::pci
