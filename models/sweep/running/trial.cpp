#include "sweep/running/trial.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <fmt/format.h>

#include "sweep/running/pool.h"

namespace nicteam::sweep {
namespace fs = std::filesystem;
namespace {

constexpr int seconds_of_a_trial = 1;
constexpr double most_seconds = 30;  // for one that does not listen, while it builds its system

volatile std::sig_atomic_t time_is_over = 0;

class passing_directory {
public:
    passing_directory() : name_((fs::temp_directory_path() / "nicteam-trial-XXXXXX").string()) {
        if (!mkdtemp(name_.data())) throw std::system_error(errno, std::generic_category(), name_);
    }
    ~passing_directory() {
        std::error_code ignored;
        fs::remove_all(name_, ignored);
    }
    passing_directory(const passing_directory&) = delete;
    passing_directory& operator=(const passing_directory&) = delete;
    const std::string& name() const { return name_; }

    std::uint64_t octets() const {
        std::uint64_t all = 0;
        std::error_code ignored;
        for (const auto& entry : fs::recursive_directory_iterator(name_, ignored)) {
            struct stat there;
            if (entry.is_regular_file(ignored) && stat(entry.path().c_str(), &there) == 0) all += static_cast<std::uint64_t>(there.st_blocks) * 512;
        }
        return all;
    }

private:
    std::string name_;
};

// What the process of a trial tells.
struct told {
    double part, seconds;
};

class shared_page {
public:
    shared_page() : at_(mmap(nullptr, sizeof(told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (at_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    }
    ~shared_page() { munmap(at_, sizeof(told)); }
    shared_page(const shared_page&) = delete;
    shared_page& operator=(const shared_page&) = delete;
    told& what() const { return *static_cast<told*>(at_); }

private:
    void* at_;
};

double cpu_seconds() {
    rusage used;
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

std::string seconds_text(double s) {
    if (s < 10) return fmt::format("{:.1f} s", std::max(s, 0.1));
    if (s < 120) return fmt::format("{:.0f} s", s);
    if (s < 7200) return fmt::format("{:.0f} min", s / 60);
    return s < 48 * 3600 ? fmt::format("{:.1f} h", s / 3600) : fmt::format("{:.1f} days", s / 86400);
}

std::string octets_text(double n) {
    const char* unit = "KiB";
    n /= 1024;
    for (const char* greater : {"MiB", "GiB", "TiB"}) {
        if (n < 1024) break;
        n /= 1024, unit = greater;
    }
    return fmt::format("{:.{}f} {}", n, n < 10 ? 1 : 0, unit);
}

}  // namespace

std::vector<std::size_t> some_of(std::size_t runs) {
    std::vector<std::size_t> some{0, runs / 2, runs - 1};
    if (!runs) some.clear();
    some.erase(std::unique(some.begin(), some.end()), some.end());
    return some;
}

trial try_run(std::size_t run, const std::function<tried(const std::string&, const volatile std::sig_atomic_t&)>& work) {
    const passing_directory directory;
    const shared_page page;
    pool processes(1, most_seconds);
    processes.start(run, [&] {
        std::signal(SIGALRM, [](int) { time_is_over = 1; });
        const itimerval soon{{0, 0}, {seconds_of_a_trial, 0}};
        setitimer(ITIMER_REAL, &soon, nullptr);
        const tried t = work(directory.name(), time_is_over);
        page.what() = {t.part, cpu_seconds()};
        return t.exit;
    });
    std::optional<pool::ended> ended;
    while (!processes.empty()) ended = processes.wait();
    trial t{run, page.what().part, page.what().seconds, directory.octets()};
    if (!ended || ended->exit != 0 || t.part <= 0)
        t.why = ended && ended->exit != 0 && !ended->said.empty() ? ended->said.substr(0, ended->said.find('\n')) : "nothing was simulated within its time";
    return t;
}

std::string outlook(const std::vector<trial>& trials, std::size_t runs, unsigned at_a_time, const std::string& where) {
    double seconds = 0, octets = 0;
    std::size_t good = 0, cut = 0;
    std::string which;
    for (const trial& t : trials) {
        if (!t.why.empty()) continue;
        ++good, cut += t.part < 1;
        seconds += t.seconds / t.part, octets += static_cast<double>(t.octets) / t.part;
        which += fmt::format("{}{}", which.empty() ? "" : ", ", t.run);
    }
    if (!good) return "no estimate: none of the runs that were tried ended or came forward";
    const double all = static_cast<double>(runs) / static_cast<double>(good), times = std::min<double>(at_a_time, static_cast<double>(runs));
    std::string text = fmt::format("about {} of CPU, {} with -j {}, and {} in {} beside the tables: {} times the mean of {} {}", seconds_text(seconds * all),
                                   seconds_text(seconds * all / times), at_a_time, octets_text(octets * all), where, runs, good == 1 ? "run" : "runs", which);
    if (cut) text += fmt::format(", of which {} went on for longer than a second and {} scaled by simulated time", cut, cut == 1 ? "is" : "are");
    return text;
}

}  // namespace nicteam::sweep
