// When engines work, for who draws it: spans of work that are known before they begin.
#pragma once

#include <algorithm>
#include <vector>

#include "nicteam/base/time.h"
#include "nicteam/base/frame.h"

namespace nicteam::offload {

class engine_watch {
public:
    void add(ps started, ps done, trace_id id) { all_.push_back({started, done, id}); }
    void clear() { all_.clear(); }

    struct view {
        bool works = false;
        trace_id began = 0;              // of what works, the one that began last
        ps next = never;                 // when to look again
    };
    view look(ps at) {
        all_.erase(std::remove_if(all_.begin(), all_.end(), [at](const work& w) { return w.done <= at; }), all_.end());
        view v;
        for (const work& w : all_) {
            const bool now = w.started <= at;
            v.next = std::min(v.next, now ? w.done : w.started);
            if (!now) continue;
            v.works = true;
            v.began = w.id;
        }
        return v;
    }

private:
    struct work {
        ps started, done;
        trace_id id;
    };
    std::vector<work> all_;
};

}  // namespace nicteam::offload
