// The machine's own speed: one timed notification with its SC_METHOD, the unit to which all rates are scaled (25 ns).
// Prints `timed_notification <ns> ns 25`.
#include <chrono>
#include <cstdio>

#include <systemc>

namespace {

struct ticker : sc_core::sc_module {
    sc_core::sc_event event;
    long left;
    SC_HAS_PROCESS(ticker);
    ticker(sc_core::sc_module_name name, long steps) : sc_module(name), left(steps) {
        SC_METHOD(step);
        sensitive << event;
    }
    void step() {
        if (--left > 0) event.notify(30, sc_core::SC_NS);
    }
};

}  // namespace

int sc_main(int, char**) {
    constexpr long steps = 2'000'000;
    ticker t("ticker", steps);
    const auto start = std::chrono::steady_clock::now();
    sc_core::sc_start();
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    std::printf("timed_notification %.1f ns 25\n", spent.count() / static_cast<double>(steps));
    return 0;
}
