// A PCI device that is no NIC: a DMA master that copies a block of memory. Shows that bus, bridge and host know no NIC.
//
// BAR 0, 32 bytes of memory, dword access, little endian:
//   00h source        address of the first byte                     read/write while idle
//   04h destination   address of the first byte                     read/write while idle
//   08h length        bytes, 1 … buffer                             read/write while idle
//   0Ch go            any write starts the copy; ignored while busy
//   10h status        0 busy, 1 done (1 clears), 2 aborted (1 clears), 3 refused: go with a bad length (1 clears)
// INTA# is asserted while bit 1, 2 or 3 is set.
#pragma once

#include <cstdint>
#include <vector>

#include "nicteam/base/metrics.h"
#include "nicteam/pci/device.h"

namespace nicteam::pci {

struct copy_engine_config {
    std::uint32_t buffer = 4096;     // bytes between the reading and the writing half; the longest copy
};
extern const block_info copy_engine_info;      // kind "copy_engine"

class copy_engine : public device, private function {
public:
    copy_engine(sc_core::sc_module_name, const copy_engine_config&, bus&, int slot, interrupt_sink* = nullptr);
    ~copy_engine() override;

    static constexpr std::uint32_t source = 0x00, destination = 0x04, length = 0x08, go = 0x0C, status = 0x10;

private:
    std::uint32_t read(unsigned bar, std::uint32_t offset, unsigned size, ps at) override;
    void write(unsigned bar, std::uint32_t offset, unsigned size, std::uint32_t v, ps at) override;
    void ended(transfer&, transfer_result, ps at) override;
    void reset(reset_kind, ps at) override;
    void finish(std::uint32_t bit, ps at);
    void set_status(std::uint32_t v, ps at);

    copy_engine_config config_;
    counter& copies_;
    counter& octets_;
    std::vector<std::uint8_t> buffer_;
    transfer fetch_, store_;
    std::uint32_t source_ = 0, destination_ = 0, length_ = 0;
    std::uint32_t status_ = 0, status_before_ = 0;    // `before`: as seen at status_changed_ itself
    ps status_changed_ = -1;
};

}  // namespace nicteam::pci
