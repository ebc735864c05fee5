// What a sweep is to do, free of files: parameters and how they vary, which points of all count, how often each is run.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sweep/expressions/expression.h"
#include "sweep/points/range.h"

namespace nicteam::sweep {

enum class method { grid, zip, list, random, latin_hypercube, sobol };

using assignment = std::pair<std::string, std::string>;  // key and value, as behind --set

// One parameter that varies: by listed values, or (random, latin_hypercube, sobol) anywhere in a range.
struct varied {
    std::string key;
    std::vector<std::string> values;
    std::optional<range> over;
    bool free = false;                            // a name of the sweep alone, which expressions know and no run is given
};

struct derived {
    std::string key;
    expression as;
    bool free = false;
};

// A point of method list.
struct listed_point {
    std::string name;
    std::vector<assignment> set;
};

struct plan {
    method how = method::grid;
    std::vector<varied> parameters;
    std::vector<listed_point> points;             // method list
    std::size_t samples = 0;                      // of random, latin_hypercube and sobol
    std::uint64_t design_seed = 1;
    std::vector<derived> follows;                 // in this order, each from those before it
    std::vector<expression> constraints;          // a point counts when all hold
    std::vector<assignment> baseline;             // a point of its own when not empty, the first one
    std::size_t replicates = 1;
    bool common_seeds = true;
    std::uint64_t seed = 1;                       // of the scenario: that of the first replicate
    std::map<std::string, std::string> called;    // names that parameters have in expressions besides their keys

    bool is_free(const std::string& key) const;
    std::vector<std::string> own_names() const;   // all that expressions know besides the scenario
};

struct point {
    std::vector<assignment> set;  // varied ones in order, then derived ones
    bool baseline = false;
    std::string name{};           // of a listed one
};

// What a name in an expression stands for where no parameter of the sweep has that name: of the scenario; std::invalid_argument says why nothing.
// And how a derived amount is written for a key ("64 KiB"); the same.
struct scenario_keys {
    std::function<expression_value(const std::string& name)> value;
    std::function<std::string(const std::string& key, const expression_value&)> written;
    std::function<bool(const std::string& key, const std::string& name)> covers;  // setting the key sets all that the name stands for
    std::function<expression_value(const std::string& name, expression_value)> as_told;  // a value that a point gives it: clocks are frequencies
    std::function<std::string(const std::string& key, const std::string& text)> same;    // one text for all texts of one value: "30 ns" of "33 MHz"
    std::function<std::string(const std::string& key, const std::string& text)> refusal{};  // why it is no value of the key, whatever else there is; or ""
};

// What names mean at a point: its own parameters first.
class names_at {
public:
    names_at(const plan& p, const scenario_keys& keys) : plan_(p), keys_(keys) {}  // both have to outlive it
    expression_value value(const std::vector<assignment>& set, const std::string& name) const;  // throws std::invalid_argument
    const assignment* find(const std::vector<assignment>& set, const std::string& name) const;  // null: none of the point's own

private:
    const plan& plan_;
    const scenario_keys& keys_;
    mutable std::map<std::pair<std::string, std::string>, bool> covers_;
};

// An expression that is wrong at some points, which are none then.
struct wrong_at {
    wrong_expression why;         // at the first of them
    std::vector<assignment> set;  // which has these parameters
    std::size_t points = 1;       // how many
};

struct drawn {
    std::vector<point> points;   // each once, in order
    std::size_t refused = 0;     // by constraints
    std::size_t doubled = 0;     // the same as one before: the same values, however written and in whichever order
    std::vector<wrong_at> wrong{};  // each expression once
    std::size_t tried = 0;       // of all of these, how many
};
// Throws std::invalid_argument with the reason: nothing to vary, a design that does not go with the parameters, more than `most` points, none left.
inline constexpr std::uint64_t most_points = 1'000'000;
drawn points_of(const plan&, const scenario_keys&);

// Some point as it would be drawn, before constraints: the first values, or ends of ranges. Empty of a list without points.
std::vector<assignment> first_values(const plan&);
// With what follows from it added. Throws std::invalid_argument, wrong_expression where one is to blame.
std::vector<assignment> completed(const plan&, const scenario_keys&, std::vector<assignment>);
// Each expression of the plan at one point: what is wrong with it, as wrong_expression. What follows from a wrong one is not told.
void check_expressions(const plan&, const scenario_keys&, std::vector<assignment>, const std::function<void(const wrong_expression&)>& tell);

// Seeds of the replicates of a point: the scenario's own, then others drawn from it. Common to all points, or each point's own.
std::uint64_t seed_of(const plan&, const point&, std::size_t replicate);

}  // namespace nicteam::sweep
