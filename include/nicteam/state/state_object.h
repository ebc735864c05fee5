// State that can be handed from one owner to another: host, NIC, another NIC (source document 002, ¶46-55). A state object has three
// parts: CONST never changes, CACHED is changed by the host alone, DELEGATED by whoever owns it.
#pragma once

#include <cstdint>

#include "nicteam/base/frame.h"
#include "nicteam/state/handle.h"

namespace nicteam::state {

enum class part : std::uint8_t { constant, cached, delegated };

enum class layer : std::uint8_t { security, path, neighbor, connection, opaque };

class state_object {
public:
    virtual ~state_object() = default;
    virtual state::layer layer() const = 0;

    // Appends the octets that cross the bus, as part_format.h has them. Keys are written by whoever makes an object and are never
    // saved again: a CONST part that is read back has none.
    virtual void save(part, bytes& out) const = 0;
    // false: octets that are no such part, do not fit this object, or would take it back to what it was before; nothing has
    // changed. A CONST part fits an object that has the same one.
    virtual bool load(part, const std::uint8_t* from, std::size_t n) = 0;

    handle self, below;      // `below`: the object of the layer beneath that this one depends on (002, ¶85)
};

}  // namespace nicteam::state
