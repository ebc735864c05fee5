// Patterns over paths: "server.pci0.nic0.rx_frames", "*" for one step or part of one, "nic.x" for every nic.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nicteam::scenario {

struct resolved;

std::vector<std::string> split_path(std::string_view);             // at the dots
bool match_step(std::string_view pattern, std::string_view step);  // `*` stands for any characters but a dot
bool match_path(std::string_view pattern, std::string_view path);  // step by step

// The same with kinds: a first step that names a kind stands for the path of each component of that kind.
class path_pattern {
public:
    path_pattern(std::string_view pattern, const resolved&);
    bool matches(std::string_view path) const;
    bool matches_beginning(std::string_view path) const;  // the path, or that of something it lies in
    const std::vector<std::string>& alternatives() const { return alternatives_; }

private:
    std::vector<std::string> alternatives_;
};

}  // namespace nicteam::scenario
