#include "nicteam/wire/link.h"

namespace nicteam::wire {

void plan_octets(span& out, ps first, std::uint32_t octets, std::int64_t bits_per_second) {
    out.clear();
    if (octets == 0) return;
    const ps whole = octets_time(octets - 1, bits_per_second);
    const ps stride = octets > 1 ? whole / (octets - 1) : 0;
    if (stride * (octets - 1) == whole) {
        out.append({first, stride, octets});
        return;
    }
    out.append({first, stride, octets - 1});
    out.append({first + whole, 0, 1});
}

span octet_plan(ps first, std::uint32_t octets, std::int64_t bits_per_second) {
    span plan;
    plan_octets(plan, first, octets, bits_per_second);
    return plan;
}

void shift_plan(span& out, const span& in, ps by) {
    out.clear();
    for (run r : in.runs()) {
        r.first += by;
        out.append(r);
    }
}

unsigned missing_preamble(const frame& f) { return f.preamble_octets < preamble_octets ? preamble_octets - f.preamble_octets : 0; }

void regenerate_plan(span& out, const span& in, ps by, unsigned missing, ps octet) {
    if (missing == 0 || in.empty()) return shift_plan(out, in, by);
    out.clear();
    out.append({in.first() + by, octet, missing});
    for (run r : in.runs()) {
        r.first += by + missing * octet;
        out.append(r);
    }
}

}  // namespace nicteam::wire
