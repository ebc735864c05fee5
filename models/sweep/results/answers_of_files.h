// What a run that has ended answers to questions that were asked since, from the files that it left.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sweep/results/record.h"

namespace nicteam::sweep {

// The answers that the run itself would have given, to the last digit. None: there is no result.json in the directory, or it has one of them rounded (means of
// levels, uses of resources) or not at all (times between two stages).
std::optional<std::vector<std::pair<question, std::vector<answer>>>> answers_of_files(const std::string& directory, const scenario::resolved&,
                                                                                      const std::vector<question>&);

}  // namespace nicteam::sweep
