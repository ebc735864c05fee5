// Numbers of the pcapng format, draft-ietf-opsawg-pcapng sections 3.5 and 4.
#pragma once

#include <cstdint>

namespace nicteam::packet::pcapng {

constexpr std::uint32_t section_header = 0x0A0D0D0A, interface_description = 1, obsolete_packet = 2, simple_packet = 3,
                        interface_statistics = 5, enhanced_packet = 6;
constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr unsigned end_of_options = 0, opt_comment = 1;
constexpr unsigned shb_userappl = 4;
constexpr unsigned if_name = 2, if_description = 3, if_speed = 8, if_tsresol = 9, if_fcslen = 13, if_tsoffset = 14;
constexpr unsigned epb_flags = 2;
constexpr unsigned isb_ifrecv = 4, isb_ifdrop = 5;

}  // namespace nicteam::packet::pcapng
