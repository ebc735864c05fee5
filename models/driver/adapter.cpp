#include "nicteam/driver/adapter.h"

namespace nicteam::driver {

const char* name_of(status s) {
    constexpr const char* names[] = {"done", "not_done", "refused", "failed", "no_room"};
    return names[static_cast<unsigned>(s)];
}

}  // namespace nicteam::driver
