// A whole system, one NIC full duplex at line rate, checkers on, no traces. A packet is one transmit or one receive at the NIC.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace nicteam::bench {

class one_nic {
public:
    // Of a scenario's text that extends "%/scenarios/parts/one-nic.toml", % being the project. Ends the program if it is refused.
    one_nic(const char* program, std::string text);
    ~one_nic();
    one_nic(const one_nic&) = delete;
    one_nic& operator=(const one_nic&) = delete;

    struct measured {
        std::uint64_t packets;
        double seconds;   // of the host
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
    std::unique_ptr<parts> parts_;
};

}  // namespace nicteam::bench
