// Prints points of a design, a line each, exactly: design_points uniform|latin_hypercube|sobol COUNT AXES SEED
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <systemc>

#include "sweep/designs/design.h"

int sc_main(int argc, char** argv) {
    using namespace nicteam::sweep;
    if (argc != 5) return 2;
    const std::string which = argv[1];
    const std::uint64_t seed = std::stoull(argv[4]);
    const auto design = which == "sobol" ? sobol() : which == "uniform" ? uniform(seed) : latin_hypercube(seed);
    for (const coordinates& p : design->points(std::stoull(argv[2]), std::stoull(argv[3]))) {
        std::string line;
        for (const double x : p) line += fmt::format("{:.17g} ", x);
        fmt::print("{}\n", line);
    }
    return 0;
}
