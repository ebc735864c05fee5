// One random configuration of the FIFO and MAC comparison (docs/nic-fifos.md), and the text in which stamps are compared.
// Standard library only: the clocked reference may read it as well.
//
// run_transmit() prints, in this order:
//   burst <i> frame <f> request <n> address <A> bytes <x> first <t> last <t> idle <t>      one line a burst, i = 0, 1, …
//   start <f> <S>                                  for each transmission in order of time: first preamble octet
//   underrun <f> <u> byte <j>                      first jam octet instead of data byte j (0 = first of the destination address)
//   end <f> <E> good|retry|given_up                the transmission's last octet
// run_receive() prints, in this order:
//   burst <i> frame <f> request <n> address <A> bytes <x> first <t> last <t> idle <t>
//   frame <f> eof <t> bytes <b>                    b: bytes that went through the FIFO to the bus
//   frame <f> eof <t> bytes <b> overrun <j> <t>    data byte j was the first that found the FIFO full, at t
// `request` is the edge of the decision (n), `address` = n + g(i) clocks; first, last: data edges. Times in ps.
// The receive `frame` lines are in order of f, for every frame. `eof`: edge of the last octet. A frame that does not match or is to
// be discarded has bytes 0 and never an overrun.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nicteam::test {

// Burst i: address edge g(i) clocks after the request's decision, w(i) wait states between words; used cyclically.
struct bus_gaps {
    std::vector<unsigned> grant{1};
    std::vector<unsigned> wait{0};
};

struct transmit_case {
    std::int64_t pci_period = 30'000, pci_phase = 0;
    std::int64_t octet_period = 80'000;
    unsigned fifo_bytes = 3072;
    unsigned threshold = 8;          // of 8 bytes; 0: the whole frame
    unsigned limit = 0;              // v: configure byte 1 bits 6:4, 0 … 7
    unsigned retry = 0;              // configure byte 7 bits 2:1
    bool two_frames = true;          // configure byte 7 bit 6
    bool padding = true;             // to 60 bytes
    unsigned gap_octets = 12;
    unsigned preamble = 8;           // octets before the data, delimiter included: 2, 4, 8 or 16
    struct frame {
        std::int64_t offered = 0;            // ps, never falling
        std::vector<unsigned> pieces;        // bytes of each buffer, at least 1
    };
    std::vector<frame> frames;
    bus_gaps bus;
};

struct receive_case {
    std::int64_t pci_period = 30'000, pci_phase = 0;
    std::int64_t octet_period = 80'000;
    unsigned fifo_bytes = 3072;
    unsigned limit = 8;              // v: configure byte 1 bits 3:0, 0 … 15
    bool discard_short = true;       // configure byte 7 bit 0
    bool fcs_to_memory = false;      // configure byte 18 bit 2
    bool checksum_word = false;      // configure byte 9 bit 0: two bytes more, with the last octet
    bool crc16 = false;              // configure byte 15 bit 5: two octets instead of four are stripped
    bool whole_frame = false;        // rx_burst = frame
    struct frame {
        std::int64_t first = 0;      // edge of the first preamble octet: a multiple of octet_period
        unsigned octets = 64;        // destination address … FCS
        unsigned preamble = 8;       // octets before these, delimiter included
        bool match = true;           // by the address filter
    };
    std::vector<frame> frames;       // never overlapping
    bus_gaps bus;
};

}  // namespace nicteam::test
