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

    // The octets that cross the bus, little endian, each format with its version in the first two octets. Keys are written by
    // whoever makes an object and are never saved again: a CONST part that is read back has none.
    virtual void save(part, bytes& out) const = 0;
    // false: octets that are no such part, or do not fit this object; nothing has changed.
    virtual bool load(part, const std::uint8_t* from, std::size_t n) = 0;

    handle self, below;      // `below`: the object of the layer beneath that this one depends on (002, ¶85)
};

}  // namespace nicteam::state
