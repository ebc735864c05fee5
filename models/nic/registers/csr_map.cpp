#include "nic/registers/csr_map.h"

namespace nicteam::nic {
namespace {

constexpr csr rows[] = {
    {0x00, 1, "scb_status", 0, access::live, 0xFC, "CUS 7:6, RUS 5:2"},
    {0x01, 1, "stat_ack", 0, access::live, 0xFF, "interrupt causes; writing 1 acknowledges"},
    {0x02, 1, "scb_command", 0, access::live, 0xF7, "CUC 7:4, RUC 2:0; reads 0 again when accepted"},
    {0x03, 1, "interrupt_control", 0, access::live, 0xFF, "masks 7:2, SI 1, M 0"},
    {0x04, 4, "scb_general_pointer", 0, access::stored, 0xFFFFFFFF, "argument of SCB commands"},
    {0x08, 4, "port", 0, access::action, 0xFFFFFFFF, "function 3:0 with pointer 31:4; latched with byte 0Bh"},
    {0x0C, 2, "flash_control", 0, access::refused, 0, "flash memory"},
    {0x0E, 2, "eeprom_control", 0, access::live, 0x000F, "pins of the serial EEPROM: clock 0, select 1, data in 2, data out 3 (read only)"},
    {0x10, 4, "mdi_control", 0x10000000, access::live, 0x3FFFFFFF, "PHY registers: 29 IE, 28 ready, 27:26 operation, 25:21 PHY, 20:16 register, 15:0 data"},
    {0x14, 4, "rx_dma_byte_count", 0, access::live, 0x000007F8, "bytes of the present receive buffer that are still to be filled, 10:3", 1},
    {0x18, 1, "early_receive_threshold", 0, access::stored, 0xFF, "bytes before a frame's end that request the early receive interrupt, 8 bytes a unit; 0: off", 1},
    {0x19, 1, "flow_control_threshold", 0, access::stored, 0x07, "2:0: free bytes of the receive FIFO at which the other end is paused: 512, 1024, 1280 … 2560", 1},
    {0x1A, 1, "flow_control_command", 0, access::live, 0x1F, "XON 0 (write 1), XOFF 1, FIFO full 2, paused 3, low priority queue paused 4", 1},
    {0x1B, 1, "pmdr", 0, access::live, 0xC1, "why a power event came, writing 1 clears: link changed 7, magic packet 6, PME status 0; the rest reads 0", 1},
    {0x1C, 1, "general_control", 0, access::refused, 0, "CLKRUN and deep power down", 2},
    {0x1D, 1, "general_status", 0, access::live, 0x07, "link 0, 100 Mb/s 1, full duplex 2", 2},
    {0x1E, 2, "link_rate", 0, access::refused, 0xFFFF, "extended only, of our own design: rate of the link, 11:0 times 10^15:12 bit/s, rounded down; an 82559 reads 0"},
    {0x20, 16, "reserved_20", 0, access::refused, 0, "82550 and later"},
    {0x30, 16, "cardbus", 0, access::refused, 0, "CardBus function registers"},
};

}  // namespace

const table<csr> csr_map = rows;

const csr* csr_at(unsigned offset, unsigned generation) {
    for (const csr& r : rows)
        if (offset >= r.offset && offset < r.offset + r.bytes) return r.since <= generation ? &r : nullptr;
    return nullptr;
}

}  // namespace nicteam::nic
