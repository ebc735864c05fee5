#include <algorithm>

#include <fmt/format.h>

#include "nicteam/report/lifelines.h"

namespace nicteam::report {

std::string lifelines::csv() const {
    // Stages of the tables in their order, then others by name.
    std::vector<std::uint16_t> columns(stages_.size());
    for (std::uint16_t i = 0; i < columns.size(); ++i) columns[i] = i;
    std::sort(columns.begin() + static_cast<std::ptrdiff_t>(options_.stages.size()), columns.end(),
              [this](std::uint16_t a, std::uint16_t b) { return std::string(stages_[a]->name) < stages_[b]->name; });
    std::vector<std::size_t> column_of(columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c) column_of[columns[c]] = c;

    std::vector<const row*> order;
    order.reserve(rows_.size());
    for (const row& r : rows_) order.push_back(&r);
    std::sort(order.begin(), order.end(), [](const row* a, const row* b) { return a->born != b->born ? a->born < b->born : a->id < b->id; });

    const auto id_text = [](trace_id id) { return id ? fmt::format("{}:{}", id >> 40, id & ((1ull << 40) - 1)) : std::string(); };
    std::string s = "id,parent,from,to,length,born_ps";
    for (std::uint16_t c : columns) s += fmt::format(",{}_ps", stages_[c]->name);
    s += ",ended_ps,outcome,fate\n";
    std::vector<ps> times(columns.size());
    for (const row* r : order) {
        std::fill(times.begin(), times.end(), never);
        for (std::size_t p = r->first; p < r->first + r->passes; ++p) {
            ps& t = times[column_of[passes_[p].stage]];
            t = std::min(t, passes_[p].at);
        }
        const std::uint16_t last = r->passes ? passes_[r->first + r->passes - 1].where : r->birthplace;
        s += fmt::format("{},{},{},{},{},{}", id_text(r->id), id_text(r->parent), places_[r->birthplace],
                         places_[r->outcome ? r->endplace : last], r->octets, r->born);
        for (ps t : times) {
            s += ',';
            if (t != never) fmt::format_to(std::back_inserter(s), "{}", t);
        }
        if (r->outcome) s += fmt::format(",{},{}", r->end, r->outcome->name);
        else s += ",,held";
        s += fmt::format(",{}\n", r->fate);
    }
    return s;
}

}  // namespace nicteam::report
