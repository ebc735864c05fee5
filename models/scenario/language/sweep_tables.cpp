// What a sweep varies and what it keeps; read by room `sweep`, without meaning for a single run.
#include "scenario/language/structure.h"

#include "nicteam/scenario/language.h"

namespace nicteam::scenario {
namespace {

constexpr const char* ours = "the scenario language (docs/sweeps.md)";
constexpr const char* author = "given by the author of the sweep";

const parameter_info sweep_rows[] = {
    {"method", quantity::choice, "grid", nullptr, nullptr, "grid|zip|list|random|latin_hypercube|sobol",
     "which points: every combination of the values, the last [[vary]] changing first; their first values, then their second ones; those of [[point]]; or so "
     "many of all that is possible as `points` says",
     ours, nullptr},
    {"points", quantity::count, "", "1", "1000000", nullptr, "how many points random, latin_hypercube and sobol take", author, nullptr},
    {"design_seed", quantity::count, "1", "0", nullptr, nullptr, "seed of the points of random and latin_hypercube", ours, nullptr},
    {"constraints", quantity::list, "", nullptr, nullptr, nullptr,
     "expressions over parameters, as in \"count(nic.crypto.engines) <= 2 || server.pci0.clock >= 66 MHz\": a point counts when all of them hold",
     author, nullptr},
    {"baseline", quantity::list, "", nullptr, nullptr, nullptr,
     "settings KEY=VALUE of the point with which all others are compared; it comes first, whatever the constraints say", author, nullptr},
    {"replicates", quantity::count, "1", "1", "10000", nullptr, "runs of each point, with different seeds", author, nullptr},
    {"seeds", quantity::choice, "common", nullptr, nullptr, "common|own",
     "common: the n-th run of every point has the same seed, so that chance does not tell points apart; own: each point has seeds of its own", ours, nullptr},
    {"confidence", quantity::ratio, "95 %", "1 %", "99.99 %", nullptr, "of the intervals about means over replicates", ours, nullptr},
    {"metrics", quantity::list, "", nullptr, nullptr, nullptr,
     "what is kept of each run besides its figures: paths or patterns of metrics, with `of` in front as in \"p99(client.*.delay)\"; without it the total of "
     "what is counted, the mean of levels and of samples",
     author, nullptr},
    {"time_limit", quantity::time, "", "1 ms", "1000000 s", nullptr, "of the wall clock, for one run: it fails when it takes longer; left out: none", author, nullptr},
    {"keep", quantity::choice, "figures", nullptr, nullptr, "figures|files", "what is kept of each run: figures and metrics, or all its files as well", ours, nullptr},
};
const parameter_info vary_rows[] = {
    {"name", quantity::text, "", nullptr, nullptr, nullptr, "heading of its column; left out: the key. Without a key: a variable that expressions of the sweep know by this name", author, nullptr},
    {"key", quantity::text, "", nullptr, nullptr, nullptr, "parameter, as behind --set: path or pattern, or nic.x for every nic; left out: a variable of the sweep alone", author, nullptr},
    {"values", quantity::list, "", nullptr, nullptr, nullptr, "its values", author, nullptr},
    {"from", quantity::text, "", nullptr, nullptr, or_integer, "instead of values: the least one, with its unit", author, nullptr},
    {"to", quantity::text, "", nullptr, nullptr, or_integer, "the greatest one", author, nullptr},
    {"steps", quantity::count, "", "1", "1000000", nullptr,
     "how many values from the least to the greatest; left out, for random, latin_hypercube and sobol: any in between", author, nullptr},
    {"scale", quantity::choice, "linear", nullptr, nullptr, "linear|logarithmic", "whether steps are differences or ratios", ours, nullptr},
};
const parameter_info derive_rows[] = {
    {"name", quantity::text, "", nullptr, nullptr, nullptr, "heading of its column; left out: the key. Without a key: a variable that expressions of the sweep know by this name", author, nullptr},
    {"key", quantity::text, "", nullptr, nullptr, nullptr, "parameter, as behind --set; left out: a variable of the sweep alone", author, nullptr},
    {"as", quantity::text, nullptr, nullptr, nullptr, nullptr, "expression over other parameters, as in \"2 * nic.tx_fifo\"", author, nullptr},
};
const parameter_info point_rows[] = {
    {"name", quantity::text, "", nullptr, nullptr, nullptr, "name of the point", author, nullptr},
    {"set", quantity::list, nullptr, nullptr, nullptr, nullptr, "its settings, each KEY=VALUE", author, nullptr},
};
const parameter_info figure_rows[] = {
    {"name", quantity::text, "", nullptr, nullptr, nullptr, "name of the figure", author, nullptr},
    {"as", quantity::text, nullptr, nullptr, nullptr, nullptr,
     "expression over metrics and parameters, as in \"rate(client.opened_octets) / 8\" or \"p99(client.up.delay)\"", author, nullptr},
    {"unit", quantity::text, "", nullptr, nullptr, nullptr, "in which it is told, as in \"Mbps\"; left out: one that suits", author, nullptr},
    {"aim", quantity::choice, "none", nullptr, nullptr, "none|minimise|maximise", "what is wanted of it: the trade-off front is made of those with an aim", ours, nullptr},
    {"at_most", quantity::text, "", nullptr, nullptr, nullptr, "closed form that it never exceeds: an expression over parameters; the sweep fails where it does", author, nullptr},
    {"at_least", quantity::text, "", nullptr, nullptr, nullptr, "closed form below which it never is", author, nullptr},
    {"equals", quantity::text, "", nullptr, nullptr, nullptr, "closed form that the mean of a point's runs meets: as far from it as `within` says, with the whole interval", author, nullptr},
    {"where", quantity::text, "", nullptr, nullptr, nullptr, "expression over parameters and metrics: where the figure is held to its closed forms; left out: everywhere", author, nullptr},
    {"within", quantity::ratio, "", "0", "100 %", nullptr, "how close to its closed form it has to be, wherever `close_where` holds", author, nullptr},
    {"close_where", quantity::text, "", nullptr, nullptr, nullptr, "expression over parameters: where `within` counts; left out: everywhere", author, nullptr},
};

}  // namespace

const block_info sweep_keys{"sweep", "many runs of one scenario, with other parameters each", sweep_rows, {}, {}, {}, {}, {}, {}};
const block_info vary_keys{"vary", "a parameter that a sweep varies", vary_rows, {}, {}, {}, {}, {}, {}};
const block_info derive_keys{"derive", "a parameter that follows from others at each point of a sweep", derive_rows, {}, {}, {}, {}, {}, {}};
const block_info point_keys{"point", "one point of a sweep by list", point_rows, {}, {}, {}, {}, {}, {}};
const block_info figure_keys{"figure", "what a sweep tells of each run", figure_rows, {}, {}, {}, {}, {}, {}};

}  // namespace nicteam::scenario
