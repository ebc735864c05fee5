// Who follows jobs of a service on their way through its engines, for books of its own. No model decision depends on it.
#pragma once

#include "nicteam/base/time.h"

namespace nicteam::secondary {

class crypto_service;
struct task;

class job_watcher {
public:
    virtual ~job_watcher() = default;
    virtual void given(const crypto_service&, const task&, bool to_software) = 0;
    // From that engine. `done`: it did it, whatever the verdict; else it did not, or nobody knows. The task holds what came of it.
    virtual void back(const crypto_service&, const task&, unsigned engine, bool done, ps at) = 0;
};

}  // namespace nicteam::secondary
