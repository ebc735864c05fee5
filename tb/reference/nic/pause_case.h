// One random full-duplex link of the PAUSE comparison (docs/pause.md), and the text in which stamps are compared.
// Standard library only: the clocked reference may read it as well.
//
// run_pause() prints lines in order of time, then of station, then of kind:
//   <t> station <i> begins data <n>           the first preamble octet of a frame of n octets, destination address … FCS
//   <t> station <i> begins pause <q>          the same of a PAUSE frame of q quanta
//   <t> station <i> takes pause <q>           the last octet of one that arrives
//   <t> station <i> receives data <n>         the last octet of a frame that arrives
//   <t> station <i> stores <b>                the drain is done with a frame, of which b bytes had entered; "stores <b> overrun" if not all
// and behind these one line a station: station <i> pauses <sent> overruns <n>
//
// A NIC drains one frame at a time, whole: from the first PCI edge n >= after(EOF, 2) on at which the frame before is done and no stall
// lasts (from <= n < until), its bytes leave by fours at n + 2 T, n + (2 + w) T and so on; the frame is done one T behind the last of them.
// A frame of which nothing entered is lost and not drained. A frame to send lies in the transmit FIFO, whole, from max(offered, end of the one before) on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nicteam::test {

struct pause_case {
    static constexpr std::int64_t step = 10'000;     // ps: all times are multiples
    std::int64_t octet_period = 80'000;
    std::int64_t delay = 0;                          // of the cable
    struct frame {
        std::int64_t offered = 0;                    // ps, never falling
        unsigned octets = 64;
    };
    struct stall {
        std::int64_t from = 0, until = 0;
    };
    struct station {
        bool peer = false;                           // ideal: takes PAUSE one octet behind its end, never sends one, stores nothing
        std::int64_t pci_period = 30'000;
        unsigned fifo_bytes = 3072;
        unsigned threshold = 5;                      // bits 2:0 of register 19h
        unsigned left = 2048;                        // the free bytes that these mean
        unsigned delay = 0x4000;                     // slots in bytes 16 and 17
        bool restop = false, restart = false, ignores = false;
        unsigned word_clocks = 1;                    // w
        std::vector<stall> stalls;
        std::vector<frame> frames;
    };
    station stations[2];
    std::int64_t until = 0;                          // ps: of the run
};

}  // namespace nicteam::test
