// Without libFuzzer: plays the inputs that are named, files or directories of them.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include "fuzz/target.h"

int main(int n, char** names) {
    std::set<std::filesystem::path> inputs;
    for (int i = 1; i < n; ++i) {
        if (!std::filesystem::is_directory(names[i])) inputs.insert(names[i]);
        else for (const auto& e : std::filesystem::directory_iterator(names[i])) inputs.insert(e.path());
    }
    for (const auto& path : inputs) {
        std::ifstream file(path, std::ios::binary);
        const std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        if (!file) {
            std::cerr << "cannot read " << path << "\n";
            return EXIT_FAILURE;
        }
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
    }
    std::cout << inputs.size() << " inputs played\n";
    return inputs.empty() ? EXIT_FAILURE : EXIT_SUCCESS;
}
