// What comes in at a port from outside, at random: frames of any length and addressee, a station that goes and comes again.
#pragma once

#include <algorithm>
#include <string>

#include "nicteam/base/random_stream.h"
#include "nicteam/wire/port_record.h"

namespace nicteam::test {

inline void write_random_record(std::uint64_t seed, const std::string& path) {
    random_stream r(seed, "random", "record");
    wire::port_record_writer record(path);
    ps at = static_cast<ps>(r.next() % 2) * microsecond;
    record.write({at, wire::happening::attached, 1, {}});
    for (std::uint64_t n = r.next() % 40; n; --n) {
        at += static_cast<ps>(r.next() % 200) * microsecond;
        if (r.next() % 20 == 0) {
            record.write({at, wire::happening::detached, 1, {}});
            at += static_cast<ps>(r.next() % 500) * microsecond;
            record.write({at, wire::happening::attached, 1, {}});
        }
        bytes frame(r.next() % 3 ? 60 + r.next() % 100 : 14 + r.next() % 1501);
        for (auto& octet : frame) octet = static_cast<std::uint8_t>(r.next());
        // To everybody, to one of the first stations of the scenario, or to nobody.
        const std::uint8_t to[] = {0x02, 0, 0, 0, 0, static_cast<std::uint8_t>(1 + r.next() % 4)};
        if (r.next() % 3 == 0) std::fill_n(frame.begin(), 6, std::uint8_t{0xFF});
        else if (r.next() % 2) std::copy_n(to, 6, frame.begin());
        record.write({at, wire::happening::frame, 1, frame});
    }
    record.commit();
}

}  // namespace nicteam::test
