#include "nicteam/sweep/verdict.h"

namespace nicteam::sweep {
namespace {

const cell* cell_of(const table& t, const std::vector<cell>& row, const char* column) {
    for (std::size_t n = 0; n < t.columns.size(); ++n)
        if (t.columns[n].name == column) return &row[n];
    return nullptr;
}

}  // namespace

verdict verdict_of(const table& runs, const table& breaches) {
    verdict v;
    for (const auto& row : runs.rows) {
        const cell* status = cell_of(runs, row, "status");
        const auto* is = status ? std::get_if<std::string>(status) : nullptr;
        ++(!is ? v.missing : *is == "held" ? v.held : *is == "broken" ? v.broken : *is == "failed" ? v.failed : v.missing);
    }
    for (const auto& row : breaches.rows) {
        const cell* point = cell_of(breaches, row, "point");
        ++(point && point->index() ? v.beyond : v.nowhere);
    }
    return v;
}

}  // namespace nicteam::sweep
