// make_docs [--check] DOCS: rewrites what lies between `<!-- generated: NAME -->` and `<!-- end -->` in the pages of DOCS,
// or only says whether it would.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>

#include <systemc>

#include "pages.h"

namespace {

std::filesystem::path docs;

std::string scenarios() { return nicteam::docs::scenarios((docs.parent_path() / "scenarios").string()); }

const std::map<std::string, std::function<std::string()>> parts{{"timing", nicteam::docs::timing},
                                                                {"costs", nicteam::docs::costs},
                                                                {"offload_costs", nicteam::docs::offload_costs},
                                                                {"engines", nicteam::docs::engines},
                                                                {"qemu", nicteam::docs::qemu},
                                                                {"language", nicteam::docs::language},
                                                                {"scenarios", scenarios},
                                                                {"observables", nicteam::docs::observables}};

std::string renewed(const std::string& page) {
    static const std::string begin = "<!-- generated: ", end = "<!-- end -->";
    std::string out;
    std::size_t done = 0;
    for (std::size_t at; (at = page.find(begin, done)) != std::string::npos;) {
        const std::size_t name_at = at + begin.size(), name_end = page.find(" -->", name_at), stop = page.find(end, name_end);
        if (name_end == std::string::npos || stop == std::string::npos) break;
        out += page.substr(done, name_end + 5 - done);
        out += parts.at(page.substr(name_at, name_end - name_at))();
        done = stop;
    }
    return out + page.substr(done);
}

}  // namespace

int sc_main(int, char**) { return 0; }

int main(int argc, char** argv) {
    const bool check = argc > 1 && std::string(argv[1]) == "--check";
    if (argc != (check ? 3 : 2)) {
        std::fprintf(stderr, "usage: make_docs [--check] DOCS\n");
        return 2;
    }
    int status = 0;
    docs = std::filesystem::weakly_canonical(argv[argc - 1]);
    for (const auto& entry : std::filesystem::directory_iterator(argv[argc - 1])) {
        if (entry.path().extension() != ".md") continue;
        std::ifstream in(entry.path());
        const std::string page{std::istreambuf_iterator<char>(in), {}}, fresh = renewed(page);
        if (page == fresh) continue;
        if (check) {
            std::fprintf(stderr, "%s is not up to date: run scripts/make-docs\n", entry.path().c_str());
            status = 1;
        } else {
            std::ofstream(entry.path()) << fresh;
            std::printf("%s\n", entry.path().c_str());
        }
    }
    return status;
}
