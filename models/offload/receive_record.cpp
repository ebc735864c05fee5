#include "nicteam/offload/receive_record.h"

namespace nicteam::offload {
namespace {

void put(bytes& out, std::uint64_t v, unsigned octets) {
    for (unsigned i = 0; i < octets; ++i) out.push_back(static_cast<std::uint8_t>(v >> 8 * i));
}

}  // namespace

void receive_record::append_to(bytes& out) const {
    for (const taken_off& t : associations) {
        put(out, t.association.index, 4);
        put(out, t.association.generation, 4);
        put(out, t.sequence, 8);
    }
    out.insert(out.end(), {static_cast<std::uint8_t>(verdict), reason, flags, static_cast<std::uint8_t>(associations.size())});
}

}  // namespace nicteam::offload
