#include <filesystem>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <sqlite3.h>

#include "sweep/results/table.h"
#include "nicteam/sweep/whole_file.h"

namespace nicteam::sweep {
namespace {

struct closer {
    void operator()(sqlite3* d) const { sqlite3_close(d); }
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};

class database {
public:
    database(const std::string& file, const std::string& name) : name_(name) {
        sqlite3* opened = nullptr;
        const int status = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
        open_.reset(opened);
        check(status);
    }

    void run(const std::string& sql) { check(sqlite3_exec(open_.get(), sql.c_str(), nullptr, nullptr, nullptr)); }

    void insert(const std::string& name, std::size_t columns, const std::vector<std::vector<cell>>& rows) {
        std::string marks;
        for (std::size_t n = 0; n < columns; ++n) marks += n ? ",?" : "?";
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v2(open_.get(), fmt::format("INSERT INTO {} VALUES ({})", name, marks).c_str(), -1, &made, nullptr));
        const std::unique_ptr<sqlite3_stmt, closer> statement(made);
        for (const auto& row : rows) {
            for (std::size_t n = 0; n < row.size(); ++n) bind(statement.get(), static_cast<int>(n) + 1, row[n]);
            if (sqlite3_step(statement.get()) != SQLITE_DONE) check(sqlite3_errcode(open_.get()));
            sqlite3_reset(statement.get());
        }
    }

private:
    void bind(sqlite3_stmt* s, int at, const cell& c) {
        if (const auto* text = std::get_if<std::string>(&c)) check(sqlite3_bind_text(s, at, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT));
        else if (const auto* n = std::get_if<std::int64_t>(&c)) check(sqlite3_bind_int64(s, at, *n));
        else if (const auto* x = std::get_if<double>(&c)) check(sqlite3_bind_double(s, at, *x));
        else check(sqlite3_bind_null(s, at));
    }

    void check(int status) const {
        if (status != SQLITE_OK) throw std::runtime_error(fmt::format("{}: {}", name_, open_ ? sqlite3_errmsg(open_.get()) : sqlite3_errstr(status)));
    }

    std::string name_;  // of the file that is to be
    std::unique_ptr<sqlite3, closer> open_;
};

std::string quoted(const std::string& name) {
    std::string out = "\"";
    for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

constexpr const char* types[] = {"TEXT", "INTEGER", "REAL"};

}  // namespace

// Written beside and renamed: who reads finds the old file or the new one, and two that write at once do not meet.
void write_database(const std::string& file, const std::vector<const table*>& tables, const std::vector<std::string>& last) {
    const std::string part = beside(file);
    try {
        database d(part, file);
        d.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
        std::vector<std::vector<cell>> units;
        for (const table* t : tables) {
            std::string columns;
            for (const column& c : t->columns) {
                columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", quoted(c.name), types[c.kind]);
                units.push_back({t->name, c.name, c.unit, c.meaning, std::string(column_roles[c.role])});
            }
            d.run(fmt::format("CREATE TABLE {} ({})", quoted(t->name), columns));
            d.insert(quoted(t->name), t->columns.size(), t->rows);
        }
        d.run("CREATE TABLE units (\"table\" TEXT, \"column\" TEXT, unit TEXT, meaning TEXT, role TEXT)");
        d.insert("units", 5, units);
        for (const std::string& sql : last) d.run(sql);
        d.run("COMMIT");
    } catch (...) {
        give_up(part);
        throw;
    }
    put_in_place(part, file);
}

}  // namespace nicteam::sweep
