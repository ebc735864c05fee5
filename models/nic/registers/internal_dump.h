// The internal state that the Dump command and PORT dump write to memory (SDM 6.4.2.7, tables 50 and 51).
#pragma once

#include <cstdint>

#include "nic/mac/address_filter.h"
#include "nic/registers/configure_bytes.h"

namespace nicteam::nic {

constexpr unsigned internal_dump_bytes = 596;
constexpr std::uint32_t port_dumped = 0xA006;            // PORT dump only: in the dword behind

// The latest frames, as the MAC told of them.
struct latest_frames { std::uint16_t tx_status = 0, rx_status = 0, rx_length = 0; };

// `to`: internal_dump_bytes. CRC registers and the register file (dwords 30 on) read 0: what they hold is not published.
void internal_dump(std::uint8_t* to, const configuration&, const address_filter&, const latest_frames&);

}  // namespace nicteam::nic
