// Other people's load on the bus: a disk controller or a video grabber, seen only by the bursts that it makes.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/metrics.h"
#include "nicteam/base/random_stream.h"
#include "nicteam/pci/device.h"
#include "nicteam/sim/agenda.h"

namespace nicteam::pci {

enum class load_kind : std::uint8_t { disk, video };
enum class arrivals : std::uint8_t { random, regular };

struct background_master_config {
    load_kind kind = load_kind::disk;         // class code; "disk" steps through the window at random, "video" in order
    ps interval = 40'960'000;                 // mean time from burst to burst
    std::uint32_t burst = 512;                // bytes asked for at a time
    std::int64_t write_share = 500'000'000'000'000'000;   // of 10^18: bursts that write to memory
    arrivals arrive = arrivals::random;
    std::uint64_t window_address = 0;         // where in host memory
    std::uint64_t window_size = 65'536;       // bytes, a multiple of `burst`
    unsigned width = 0;                       // choices "32|64": REQ64#
    bool back_to_back = false;                // the next burst follows a write without an idle clock
    std::uint32_t backlog = 16;               // bursts that may wait; more are lost and counted
};
extern const block_info background_master_info;    // kind "background_master"

// Needs its bus master bit, which firmware sets, as it does the latency timer.
class background_master : public device, private function, private sim::agenda_user {
public:
    background_master(sc_core::sc_module_name, const background_master_config&, bus&, int slot, interrupt_sink* = nullptr);
    ~background_master() override;

private:
    std::uint32_t read(unsigned bar, std::uint32_t offset, unsigned size, ps at) override { return 0; }
    void write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) override {}
    void ended(transfer&, transfer_result, ps at) override;
    void reset(reset_kind, ps at) override;
    void due(unsigned slot, ps at) override;
    void start_of_simulation() override;
    void begin(ps act);
    void plan_next(ps from);

    background_master_config config_;
    counter& bursts_;
    counter& octets_;
    counter& lost_;
    counter& aborted_;
    histogram& delay_;
    random_stream random_;
    sim::agenda agenda_;
    std::vector<std::uint8_t> data_;
    struct wish {
        ps arrival;
        bool write;
        std::uint64_t address;
    };
    std::vector<wish> waiting_;               // oldest first; the first is under way
    ps left_ = -1;                            // when the latest one left
    transfer transfer_;
    std::uint64_t next_ = 0;                  // burst number in the window, for "video"
};

}  // namespace nicteam::pci
