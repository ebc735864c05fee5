// A whole system under load, checkers on, no traces. A packet is one transmit or one receive at one of its NICs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace nicteam::bench {

class whole_system {
public:
    // Of a scenario's text that extends a file "%/scenarios/...", % being the project; its NICs are nic0, nic1 ... on server.pci0, each on a cable lan0, lan1 ...
    // Ends the program if it is refused.
    whole_system(const char* program, std::string text, int nics = 1);
    ~whole_system();
    whole_system(const whole_system&) = delete;
    whole_system& operator=(const whole_system&) = delete;

    struct measured {
        std::uint64_t packets;
        double seconds;     // of the host
        double simulated;   // s
    };
    // A warm-up, then a window: 1 s, or 30 ms where instructions are counted, under this name.
    measured run(const char* name);

    // A metric's value, by its path. Ends the program if there is none.
    std::uint64_t value(const std::string& path) const;
    // 0, or 1 with the reason told if a checker stopped the run.
    int finish();

private:
    struct parts;
    std::string program_;
    int nics_;
    std::unique_ptr<parts> parts_;
};

}  // namespace nicteam::bench
