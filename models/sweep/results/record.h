// What is kept of one run of a sweep.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nicteam/scenario/measure.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::sweep {

// What is asked of a metric: "p99(client.up.delay)", "use(server.pci0)"; a path alone asks for its total.
struct question {
    std::string of, pattern;
    bool operator==(const question& o) const { return of == o.of && pattern == o.pattern; }
};
question question_of(const std::string& text);
// Of what `metrics` names: without a property the total of a counter, the mean of what has levels or samples: answers "x" and "mean(x)".
question question_of_metrics(const std::string& text);
std::string to_string(const question&);  // "total(x)"

// An answer, in the unit in which tables tell it: s, B, bps, a plain number, or what is counted.
struct answer {
    std::string path, unit;
    std::optional<double> value;  // none: a property of samples, and there were none
    std::string why{};            // then, if there is more to say
};

struct record {
    enum status_type {
        held,      // run to its end, every expectation held
        broken,    // run to its end, an expectation did not hold
        failed,    // the scenario refused, the model failed, out of time, killed
    };
    std::string identity;
    status_type status = failed;
    int exit = 0;                         // status of the run; 128 and the signal that ended it
    std::string why;                      // of one that failed: its first message; of a broken one the expectations
    std::string limited_by;               // paths "a, b" of resources; "nothing": none was full; "": it did not end
    std::vector<std::pair<question, std::vector<answer>>> answers;
    double wall_seconds = 0;              // not deterministic; in no table

    const std::vector<answer>* find(const question&) const;
};

// Half of the SHA-256 of all that decides a run: its settings with the seed, version and build of the model. 32 hexadecimal digits.
std::string identity_of(const scenario::resolved&, const std::string& version);

// What a run of this scenario would answer, without an amount. Throws std::invalid_argument when it would not, with what may have been meant.
answer answer_before(const scenario::resolved&, const question&);
std::vector<std::pair<question, std::vector<answer>>> answers_of(const report::run_result&, const scenario::resolved&, const std::vector<question>&);

std::string to_json(const record&);
record read_record(const std::string& file);  // throws std::runtime_error: cannot be read, is none, is of another format

}  // namespace nicteam::sweep
