// Any octets as a scenario file: it is read or refused with a place for each error. One that begins with "# run" and is without
// errors is run, too, for a short time: it ends with a status that the manual names. "# run all": and leaves its files.
#include <atomic>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>

#include "fuzz/target.h"
#include "nicteam/scenario/run.h"
#include "unit/fresh_kernel.h"
#include "unit/scenario/text_scenario.h"

using namespace nicteam;
using nicteam::fuzz::demand;

namespace {

volatile std::sig_atomic_t enough = 0;

// A run may be as long as its traffic is fast: after this real time it is interrupted, as by a person.
class patience {
public:
    patience() : thread_([this] {
        for (int n = 0; n < 40 && !over_; ++n) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        enough = 1;
    }) {}
    ~patience() {
        over_ = true;
        thread_.join();
    }

private:
    std::atomic<bool> over_{false};
    std::thread thread_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    if (octets > 16384) return 0;
    static test::text_scenario place;
    const std::string text(reinterpret_cast<const char*>(input), octets);
    const bool run = text.rfind("# run", 0) == 0;
    scenario::read_options o;
    if (run) o.until = "200 us";
    const auto r = place.read(text, o);
    const std::string said = r.found.to_string();
    demand(r.found.none() == said.empty(), "what is refused is told");
    if (!run || !r.found.none()) return 0;
    enough = 0;
    patience limit;
    test::fresh_kernel k;
    scenario::run_options options;
    options.quiet = true;
    options.interrupted = &enough;
    if (text.rfind("# run all", 0) == 0) options.out = (place.directory() / "out").string();
    const int status = scenario::run(*r.what, r.found, options);
    demand(status == 0 || status == 1 || status == 130, "a valid scenario runs, and no checker stops it");
    return 0;
}
