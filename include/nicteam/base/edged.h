// A value that an edge sees only if it was set strictly before that edge.
#pragma once

#include "nicteam/base/time.h"

namespace nicteam {

template <class T>
class edged {
public:
    explicit edged(T v = T{}) : value_(v), before_(v) {}

    void set(ps at, T v) {
        if (at != since_) before_ = value_;
        since_ = at;
        value_ = v;
    }
    T seen(ps at) const { return since_ < at ? value_ : before_; }
    T latest() const { return value_; }

private:
    T value_, before_;
    ps since_ = -1;
};

}  // namespace nicteam
