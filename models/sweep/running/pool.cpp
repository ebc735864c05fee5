#include "sweep/running/pool.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nicteam::sweep {
namespace {

constexpr std::size_t most_said = 8192;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

[[noreturn]] void be(int said, pid_t parent, const std::function<int()>& work) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(128 + SIGKILL);  // it had gone before
    dup2(said, 2);
    if (const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0) dup2(nowhere, 1);
    int status = 3;
    try {
        status = work();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "nicteam: %s\n", e.what());
    }
    std::fflush(nullptr);
    _exit(status);
}

}  // namespace

pool::pool(std::size_t at_once, std::optional<double> seconds) : at_once_(at_once), seconds_(seconds) {}

pool::~pool() { stop(std::chrono::milliseconds(0)); }

void pool::start(std::size_t task, const std::function<int()>& work) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
    std::fflush(nullptr);
    const pid_t parent = getpid(), id = fork();
    if (id < 0) {
        close(ends[0]), close(ends[1]);
        fail("fork");
    }
    if (id == 0) be(ends[1], parent, work);
    close(ends[1]);
    running_.push_back({id, ends[0], task, clock::now()});
}

// A signal may have come just before it would wait, and the progress line is to move.
int pool::milliseconds_to_deadline() const {
    double soonest = 0.2;
    for (const process& p : running_)
        if (seconds_ && !p.late) soonest = std::min(soonest, *seconds_ - std::chrono::duration<double>(clock::now() - p.began).count());
    return std::max(0, static_cast<int>(soonest * 1000) + 1);
}

void pool::end_late_ones() {
    if (!seconds_) return;
    for (process& p : running_)
        if (!p.late && std::chrono::duration<double>(clock::now() - p.began).count() >= *seconds_) {
            p.late = true;
            kill(p.id, SIGKILL);
        }
}

bool pool::read(process& p) {
    char some[4096];
    const ssize_t n = ::read(p.said, some, sizeof some);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (n <= 0) return false;
    if (p.text.size() < most_said) p.text.append(some, std::min(static_cast<std::size_t>(n), most_said - p.text.size()));
    return true;
}

pool::ended pool::reap(process& p) {
    close(p.said);
    int status = 0;
    while (waitpid(p.id, &status, 0) < 0 && errno == EINTR) {
    }
    return {p.task, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), p.late,
            std::chrono::duration<double>(clock::now() - p.began).count(), std::move(p.text)};
}

std::optional<pool::ended> pool::wait() {
    while (!running_.empty()) {
        std::vector<pollfd> all;
        for (const process& p : running_) all.push_back({p.said, POLLIN, 0});
        const int ready = poll(all.data(), all.size(), milliseconds_to_deadline());
        if (ready < 0 && errno == EINTR) return {};
        if (ready < 0) fail("poll");
        end_late_ones();
        if (ready == 0) return {};
        for (std::size_t n = 0; n < all.size(); ++n) {
            if (!all[n].revents || read(running_[n])) continue;
            ended e = reap(running_[n]);
            running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(n));
            return e;
        }
    }
    return {};
}

void pool::stop(std::chrono::milliseconds grace) {
    for (const process& p : running_) kill(p.id, SIGINT);
    const auto until = clock::now() + grace;
    while (!running_.empty()) {
        for (std::size_t n = running_.size(); n-- > 0;) {
            int status = 0;
            if (clock::now() >= until) kill(running_[n].id, SIGKILL);
            if (waitpid(running_[n].id, &status, clock::now() >= until ? 0 : WNOHANG) != running_[n].id) continue;
            close(running_[n].said);
            running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(n));
        }
        if (!running_.empty()) usleep(5000);
    }
}

}  // namespace nicteam::sweep
