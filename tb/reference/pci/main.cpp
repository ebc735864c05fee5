// reference_pci WORKLOAD [WAVE.vcd]: runs a text workload (tb/reference/pci/setup.h) on the clocked bus, prints the tenures.
#include <cstdio>
#include <fstream>
#include <iostream>

#include <systemc>

#include "reference/pci/setup.h"

int sc_main(int argc, char** argv) {
    if (argc < 2 || argc > 3) {
        std::fprintf(stderr, "usage: reference_pci WORKLOAD [WAVE.vcd]\n");
        return 2;
    }
    std::ifstream in(argv[1]);
    if (!in) {
        std::fprintf(stderr, "reference_pci: cannot read %s\n", argv[1]);
        return 2;
    }
    try {
        const reference::pci::setup s = reference::pci::read(in);
        std::ofstream wave;
        if (argc == 3) wave.open(argv[2]);
        std::cout << reference::pci::run(s, argc == 3 ? &wave : nullptr);
        if (argc == 3 && !wave.flush()) {
            std::fprintf(stderr, "reference_pci: cannot write %s\n", argv[2]);
            return 1;
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "reference_pci: %s: %s\n", argv[1], e.what());
        return 2;
    }
    return 0;
}
