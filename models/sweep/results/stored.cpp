#include "nicteam/sweep/stored.h"

#include <filesystem>
#include <iterator>
#include <memory>

#include <fmt/format.h>
#include <sqlite3.h>

#include "sweep/results/layout.h"

namespace nicteam::sweep {
namespace {

namespace fs = std::filesystem;

struct closer {
    void operator()(sqlite3* d) const { sqlite3_close(d); }
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};

class stored_database {
public:
    explicit stored_database(const std::string& file) : file_(file) {
        sqlite3* opened = nullptr;
        const int status = sqlite3_open_v2(("file:" + escaped(file) + "?immutable=1").c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
        open_.reset(opened);
        check(status);
    }

    table read(const std::string& name) const {
        table t{name, {}, {}};
        each(fmt::format("SELECT u.\"column\", u.unit, u.meaning, u.role, t.type FROM units u JOIN pragma_table_info('{0}') t ON t.name = u.\"column\" "
                         "WHERE u.\"table\" = '{0}' ORDER BY t.cid", name),
             [&](sqlite3_stmt* s) {
                 const std::string role = text(s, 3), kind = text(s, 4);
                 column c{kind == "INTEGER" ? column::integer : kind == "REAL" ? column::real : column::text, text(s, 0), text(s, 1), text(s, 2)};
                 for (std::size_t n = 0; n < std::size(column_roles); ++n)
                     if (role == column_roles[n]) c.role = static_cast<column::role_type>(n);
                 t.columns.push_back(std::move(c));
             });
        if (t.columns.empty()) throw report::unreadable(fmt::format("{}: has no table {}; was it made by another version?", file_, name));
        each(fmt::format("SELECT * FROM \"{}\" ORDER BY rowid", name), [&](sqlite3_stmt* s) {
            std::vector<cell> row;
            for (int n = 0; n < sqlite3_column_count(s); ++n) row.push_back(value(s, n));
            t.rows.push_back(std::move(row));
        });
        return t;
    }

private:
    static std::string escaped(const std::string& path) {
        std::string out;
        for (const char c : path) out += c == '?' || c == '#' || c == '%' ? fmt::format("%{:02X}", static_cast<unsigned>(c)) : std::string(1, c);
        return out;
    }
    static std::string text(sqlite3_stmt* s, int n) {
        const auto* t = reinterpret_cast<const char*>(sqlite3_column_text(s, n));
        return t ? std::string(t, static_cast<std::size_t>(sqlite3_column_bytes(s, n))) : "";
    }
    static cell value(sqlite3_stmt* s, int n) {
        switch (sqlite3_column_type(s, n)) {
            case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(s, n));
            case SQLITE_FLOAT: return sqlite3_column_double(s, n);
            case SQLITE_TEXT: return text(s, n);
            default: return {};
        }
    }
    template <class Take>
    void each(const std::string& sql, Take take) const {
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v2(open_.get(), sql.c_str(), -1, &made, nullptr));
        const std::unique_ptr<sqlite3_stmt, closer> statement(made);
        int status;
        while ((status = sqlite3_step(statement.get())) == SQLITE_ROW) take(statement.get());
        if (status != SQLITE_DONE) check(status);
    }
    void check(int status) const {
        if (status != SQLITE_OK) throw report::unreadable(fmt::format("{}: {}", file_, open_ ? sqlite3_errmsg(open_.get()) : sqlite3_errstr(status)));
    }

    std::string file_;
    std::unique_ptr<sqlite3, closer> open_;
};

}  // namespace

const std::string& stored_sweep::fact(const std::string& key) const {
    static const std::string none;
    const auto found = facts.find(key);
    return found == facts.end() ? none : found->second;
}

bool is_sweep(const std::string& directory) {
    std::error_code failed;
    return fs::exists(fs::path(directory) / "sweep.json", failed) || fs::exists(fs::path(directory) / results_name, failed);
}

stored_sweep read_results(const std::string& directory) {
    const fs::path file = fs::path(directory) / results_name;
    std::error_code failed;
    if (!fs::exists(file, failed)) throw report::unreadable(fmt::format("{}: no {} yet: the sweep has not ended, or its shards wait for `nicteam sweep merge`",
            directory, results_name));
    const stored_database d(file.string());
    stored_sweep s;
    s.runs = d.read("runs"), s.points = d.read("points"), s.figures = d.read("figures"), s.effects = d.read("effects"), s.breaches = d.read("breaches");
    s.notes = d.read("notes");
    for (const auto& row : d.read("sweep").rows) {
        const auto text = [&](std::size_t n) { return n < row.size() ? std::get_if<std::string>(&row[n]) : nullptr; };
        if (text(0) && text(1)) s.facts[*text(0)] = *text(1);
    }
    for (const auto& row : d.read("configuration_lines").rows)
        if (const auto* line = row.size() > 1 ? std::get_if<std::string>(&row[1]) : nullptr) s.configuration.push_back(*line);
    check_layout(file.string(), s);
    return s;
}

}  // namespace nicteam::sweep
