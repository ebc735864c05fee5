#include "nicteam/scenario/host_work.h"

#include <charconv>
#include <fstream>
#include <string>

#include <sched.h>

namespace nicteam::scenario {

std::optional<crypto_worker> crypto_worker_named(std::string_view name) {
    if (name == "auto") return crypto_worker::automatic;
    if (name == "on") return crypto_worker::on;
    if (name == "off") return crypto_worker::off;
    return std::nullopt;
}

ipsec::transform_options transforms_for(const host_work& w, unsigned free_cores) {
    ipsec::transform_options o;
    o.cache = w.transform_cache;
    o.threads = w.worker == crypto_worker::on || (w.worker == crypto_worker::automatic && free_cores != 0);
    return o;
}

host_work beside_others(host_work w) {
    if (w.worker == crypto_worker::automatic) w.worker = crypto_worker::off;
    return w;
}

// "0.33 1.15 2.02 2/345 6789": the fourth is how many run, or could, of how many there are; this process is one of them.
unsigned free_cores(unsigned allowed, std::string_view loadavg) {
    unsigned running = 1;
    if (const std::size_t slash = loadavg.find('/'); slash != std::string_view::npos) {
        const std::size_t blank = loadavg.rfind(' ', slash), begin = blank == std::string_view::npos ? 0 : blank + 1;
        std::from_chars(loadavg.data() + begin, loadavg.data() + slash, running);
    }
    if (running == 0) running = 1;
    return allowed > running ? allowed - running : 0;
}

unsigned free_cores() {
    cpu_set_t mine;
    CPU_ZERO(&mine);
    const unsigned allowed = sched_getaffinity(0, sizeof mine, &mine) == 0 ? static_cast<unsigned>(CPU_COUNT(&mine)) : 1;
    std::ifstream file("/proc/loadavg");
    std::string line;
    std::getline(file, line);
    return free_cores(allowed, line);
}

}  // namespace nicteam::scenario
