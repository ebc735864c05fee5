#include "nicteam/report/temporary_files.h"

#include <atomic>
#include <csignal>

#include <unistd.h>

namespace nicteam::report {
namespace {

struct place {
    volatile std::sig_atomic_t taken;  // the path is whole
    char path[4096];
};
place places[16];

}  // namespace

void begin_temporary(const std::string& path) {
    for (place& p : places) {
        if (p.taken || path.size() >= sizeof p.path) continue;
        p.path[path.copy(p.path, path.size())] = 0;
        std::atomic_signal_fence(std::memory_order_release);
        p.taken = 1;
        return;
    }
}

void end_temporary(const std::string& path) {
    for (place& p : places)
        if (p.taken && path == p.path) p.taken = 0;
}

void remove_temporaries() noexcept {
    for (const place& p : places)
        if (p.taken) unlink(p.path);
}

}  // namespace nicteam::report
