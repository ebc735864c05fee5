#include "sweep/results/layout.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace nicteam::sweep {
namespace {

struct needed {
    const char* name;
    column::kind_type kind;
};
constexpr needed of_runs[] = {{"point", column::integer}, {"replicate", column::integer}, {"seed", column::integer}, {"identity", column::text},
                              {"status", column::text}, {"why", column::text}, {"limited_by", column::text}};
constexpr needed of_points[] = {{"point", column::integer}, {"baseline", column::integer}, {"runs", column::integer}, {"broken", column::integer},
                                {"failed", column::integer}, {"limited_by", column::text}};
constexpr needed of_figures[] = {{"figure", column::text}, {"unit", column::text}, {"as", column::text}, {"aim", column::text}, {"at_most", column::text},
                                 {"at_least", column::text}, {"equals", column::text}, {"held_where", column::text}, {"within", column::real}, {"close_where", column::text},
                                 {"ended", column::integer}, {"held_at_most", column::integer}, {"held_at_least", column::integer},
                                 {"held_near", column::integer}};
constexpr needed of_effects[] = {{"figure", column::text}, {"parameter", column::text}, {"level", column::text}, {"points", column::integer},
                                 {"mean", column::real}, {"swing", column::real}};
constexpr needed of_breaches[] = {{"breach", column::text}, {"point", column::integer}};
constexpr needed of_notes[] = {{"note", column::text}, {"runs", column::integer}};
constexpr const char* words[] = {"version", "scenario", "method", "seeds"};
constexpr const char* numbers[] = {"replicates", "confidence", "constraints"};
constexpr const char* kinds[] = {"text", "whole numbers", "numbers"};

class layout {
public:
    layout(std::string file, const stored_sweep& s) : file_(std::move(file)), s_(s) {}

    void check() const {
        check_facts();
        check(s_.runs, of_runs, false), check(s_.points, of_points, false), check(s_.figures, of_figures, true), check(s_.effects, of_effects, true);
        check(s_.breaches, of_breaches, true), check(s_.notes, of_notes, true);
        for (const auto& row : s_.figures.rows) check_figure(row);
    }

private:
    [[noreturn]] void complain(const std::string& what) const {
        throw report::unreadable(fmt::format("{}: {}; was it made by another version? The sweep has to run again, into another directory", file_, what));
    }

    void check_facts() const {
        if (const std::string& format = s_.fact("format"); format != results_format)
            complain(format.empty() ? "does not say its format" : fmt::format("has format {}, this version reads {}", format, results_format));
        for (const char* word : words)
            if (s_.fact(word).empty()) complain(fmt::format("does not say `{}` of the sweep", word));
        for (const char* number : numbers) {
            char* end = nullptr;
            const std::string& text = s_.fact(number);
            if (std::strtod(text.c_str(), &end); text.empty() || *end) complain(fmt::format("`{}` of the sweep is \"{}\", no number", number, text));
        }
    }

    static const column* find(const table& t, const std::string& name) {
        const auto is = [&](const column& c) { return c.name == name; };
        const auto found = std::find_if(t.columns.begin(), t.columns.end(), is);
        return found == t.columns.end() ? nullptr : &*found;
    }
    void need(const table& t, const std::string& name, column::kind_type kind) const {
        const column* found = find(t, name);
        if (!found) complain(fmt::format("table {} has no column {}", t.name, name));
        if (found->kind != kind) complain(fmt::format("column {} of table {} has {}, not {}", name, t.name, kinds[found->kind], kinds[kind]));
    }

    // `in_order`: readers find them by their place; else the first alone.
    template <std::size_t count>
    void check(const table& t, const needed (&all)[count], bool in_order) const {
        for (const needed& n : all) need(t, n.name, n.kind);
        for (std::size_t n = 0; n < (in_order ? count : 1); ++n)
            if (t.columns[n].name != all[n].name) complain(fmt::format("column {} of table {} is {}, not {}", n + 1, t.name, t.columns[n].name, all[n].name));
        for (const auto& row : t.rows) {
            if (row.size() != t.columns.size()) complain(fmt::format("table {} has columns that `units` does not know", t.name));
            for (std::size_t n = 0; n < row.size(); ++n) check(t, t.columns[n], row[n]);
        }
    }
    void check(const table& t, const column& c, const cell& value) const {
        const bool known = value.index(), right = c.kind == column::text      ? std::holds_alternative<std::string>(value)
                                                  : c.kind == column::integer ? std::holds_alternative<std::int64_t>(value)
                                                                              : std::holds_alternative<double>(value);
        if (known && !right) complain(fmt::format("column {} of table {} has a value that is no {}", c.name, t.name, c.kind ? "number" : "text"));
        if (!known && (c.name == "point" || c.name == "seed" || c.name == "status") && &t != &s_.breaches)
            complain(fmt::format("column {} of table {} is empty in some row", c.name, t.name));
    }

    // What is said of a figure is there in both tables.
    void check_figure(const std::vector<cell>& row) const {
        const auto* name = std::get_if<std::string>(&row[0]);
        if (!name) complain("a figure has no name");
        bool form = false;
        for (const table* t : {&s_.runs, &s_.points}) {
            need(*t, *name, column::real);
            for (const std::size_t which : {4, 5, 6})
                if (row[which].index()) need(*t, *name + "_" + of_figures[which].name, column::real), form = true;
        }
        if (s_.fact("replicates") != "1") need(s_.points, *name + "_half_width", column::real);
        if (form) need(s_.points, *name + "_counts", column::integer);
    }

    std::string file_;
    const stored_sweep& s_;
};

}  // namespace

void check_layout(const std::string& file, const stored_sweep& s) { layout(file, s).check(); }

}  // namespace nicteam::sweep
