#include "nicteam/base/frame.h"

namespace nicteam {

struct frame_pool {
    std::vector<frame*> free;
    ~frame_pool() {
        for (frame* f : free) delete f;
    }
    static frame_pool& instance() {
        static frame_pool pool;
        return pool;
    }
};

ref<frame> frame::make() {
    auto& free = frame_pool::instance().free;
    if (free.empty()) return ref<frame>(new frame);
    frame* f = free.back();
    free.pop_back();
    return ref<frame>(f);
}

void frame::recycle() {
    data.clear();
    id = parent = 0;
    fcs_known = true;
    preamble_octets = usual_preamble;
    frame_pool::instance().free.push_back(this);
}

}  // namespace nicteam
