// What a crypto block says of a received frame, in a record behind it (docs/crypto-block.md): little endian, its length at its end.
#include "driver/base_driver/machinery.h"

namespace nicteam::driver {
using namespace i82559;

bool base_driver::machinery::take_record(receive_place& p, unsigned& bytes, ps at) {
    if (!config.receive_records) return true;
    security_status& s = p.frame.security;
    s.associations.clear();
    std::uint8_t raw[most_record];
    if (bytes < record_tail) return false;
    std::uint8_t* tail = raw + most_record - record_tail;
    read_frame(p, bytes - record_tail, tail, record_tail, at);
    const unsigned entries = tail[3], length = record_tail + record_entry * entries;
    if (entries > record_entries || bytes < length) return false;
    s.verdict = static_cast<security_verdict>(tail[0]);
    s.reason = tail[1];
    s.flags = tail[2];
    if (entries) read_frame(p, bytes - length, raw, length - record_tail, at);
    for (const std::uint8_t* entry = raw; entry != raw + length - record_tail; entry += record_entry) {
        const auto number = [entry](unsigned from, unsigned octets) {
            std::uint64_t v = 0;
            for (unsigned i = octets; i-- > 0;) v = v << 8 | entry[from + i];
            return v;
        };
        s.associations.push_back({{static_cast<std::uint32_t>(number(0, 4)), static_cast<std::uint32_t>(number(4, 4))}, number(8, 8)});
    }
    if (associations) translate(s);
    if (s.flags & record_checked) p.frame.checksums = s.flags & record_good ? checksum_verdict::good : checksum_verdict::bad;
    bytes -= length;
    return true;
}

}  // namespace nicteam::driver
