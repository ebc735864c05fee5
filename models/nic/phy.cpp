#include "nic/phy.h"

namespace nicteam::nic {
namespace {

constexpr unsigned read_operation = 2, address = 1;

struct phy_register {
    unsigned number;
    std::uint16_t value;             // always
    std::uint16_t with_link;         // and these bits while the link is up
    std::uint16_t with_fast_link;    // and these at 100 Mb/s
    const char* meaning;
    const char* source;
};
constexpr phy_register rows[] = {
    {0, 0x3000, 0, 0, "control: autonegotiation on, 100 Mb/s", "IEEE 802.3 22.2.4.1; 82555 reset value"},
    {1, 0x7809, 0x0024, 0, "status: 10 and 100 Mb/s in both duplex modes; autonegotiation complete 5, link 2 (as of now, not latched)",
     "IEEE 802.3 22.2.4.2; 82555"},
    {2, 0x02A8, 0, 0, "identifier, upper half", "82555"},
    {3, 0x0154, 0, 0, "identifier, lower half", "82555"},
    {4, 0x05E1, 0, 0, "advertisement: 10 and 100 Mb/s in both duplex modes, pause", "IEEE 802.3 28.2.4.1.3; 82559 reset value"},
    {5, 0, 0x41E1, 0, "link partner: acknowledges 10 and 100 Mb/s in both duplex modes", "choice: a partner that can do everything but pause"},
    {16, 0, 0x0001, 0x0002, "status: full duplex 0, 100 Mb/s 1", "82555"},
};

const phy_register* row_of(unsigned number) {
    for (const phy_register& r : rows)
        if (r.number == number) return &r;
    return nullptr;
}

unsigned operation_of(std::uint32_t w) { return w >> 26 & 3; }
unsigned address_of(std::uint32_t w) { return w >> 21 & 31; }
unsigned number_of(std::uint32_t w) { return w >> 16 & 31; }

}  // namespace

bool mdi_possible(std::uint32_t w) {
    return operation_of(w) == read_operation && (address_of(w) != address || row_of(number_of(w)));
}

std::uint32_t mdi_cycle(std::uint32_t w, phy_status s) {
    constexpr std::uint32_t data = 0xFFFF, kept = 0x2FFF0000;
    if (operation_of(w) != read_operation) return (w & (kept | data)) | mdi_ready;
    if (address_of(w) != address) return (w & kept) | mdi_ready | data;
    const phy_register* r = row_of(number_of(w));
    const unsigned v = r ? r->value | (s.link ? r->with_link : 0u) | (s.link && s.fast ? r->with_fast_link : 0u) : 0u;
    return (w & kept) | mdi_ready | v;
}

}  // namespace nicteam::nic
