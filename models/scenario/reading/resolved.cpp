#include "nicteam/scenario/resolved.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include "scenario/language/values.h"
#include "scenario/relations/bus_clock.h"
#include "scenario/relations/inputs.h"

namespace nicteam::scenario {
namespace {

const setting& must_find(const component& c, std::string_view key) {
    const setting* s = c.find(key);
    if (!s) throw std::logic_error(fmt::format("{} has no key {}", c.kind->name, key));
    return *s;
}

// What a frequency lost when its period was rounded to whole picoseconds, in femtoseconds, or "".
std::string rounding(const setting& s) {
    std::string hertz = s.written;
    if (s.row->kind != quantity::period || hertz.size() < 2 || hertz.substr(hertz.size() - 2) != "Hz") return "";
    hertz.replace(hertz.size() - 2, 2, "bps");
    value f;
    std::string why;
    if (!parse_quantity(quantity::rate, hertz, f, why) || f.integer <= 0) return fmt::format("; {} rounded to whole ps", s.written);
    const __int128 exact = (2 * static_cast<__int128>(1'000'000'000'000'000) + f.integer) / (2 * static_cast<__int128>(f.integer));  // fs
    // "33 MHz" and "66 MHz" are names of 30 ns and 15 ns on PCI (base/units.h).
    if ((f.integer == 33'000'000 && s.value.integer == 30'000) || (f.integer == 66'000'000 && s.value.integer == 15'000))
        return fmt::format("; {}: the name of this period", s.written);
    const auto error = static_cast<std::int64_t>(static_cast<__int128>(s.value.integer) * 1000 - exact);
    return fmt::format("; {}: period {}, error {}{}.{:03} ps", s.written, format_quantity(quantity::period, s.value.integer),
                       error < 0 ? "-" : "", (error < 0 ? -error : error) / 1000, (error < 0 ? -error : error) % 1000);
}

class writer {
public:
    writer(const resolved& r, const problems* sources) : r_(r), sources_(sources) {}

    std::string write() {
        out_ = fmt::format("# {}, every value{}. It can be run as it is.\n", r_.name(), sources_ ? " and where it came from" : "");
        rows(r_.top, "");
        for (const component& c : r_.components) {
            if (c.kind->for_sweeps) continue;
            out_ += c.kind->form == shape::table ? fmt::format("\n[{}]\n", c.kind->name) : fmt::format("\n[[{}]]", c.kind->name);
            if (c.kind->form != shape::table) out_ += fmt::format("  # {}\n", c.path);
            rows(c, "");
            std::string last;
            for (const section& s : c.kind->sections) {
                if (!*s.name || s.name == last || !s.info->parameters.count || not_its_own(c, s)) continue;
                last = s.name;
                out_ += fmt::format("[{}.{}]\n", c.kind->name, s.name);
                rows(c, last);
            }
        }
        return out_;
    }

private:
    // A bus behind a PCI-to-PCI bridge has none to the host.
    static bool not_its_own(const component& c, const section& s) {
        return c.kind->name == std::string_view("bus") && s.name == std::string_view("bridge") && c.given("behind") &&
               !c.text("behind").empty();
    }

    void rows(const component& c, const std::string& section) {
        for (const setting& s : c.settings) {
            if (s.section->name != section || s.row->name == std::string_view("extends")) continue;  // merged already
            const char* made = s.from == origin::fallback ? made_value(*c.kind, {s.section, s.row, nullptr}) : nullptr;
            if (made || (!s.given() && s.written.empty())) {    // what is made while the model is built is made again
                out_ += made ? fmt::format("# {} is made: {}\n", s.row->name, made) : fmt::format("# {} is not given\n", s.row->name);
                continue;
            }
            if (!sources_) {
                out_ += fmt::format("{} = {}\n", s.row->name, to_toml(*s.row, &s == input_of(c) ? whole_path(s.value) : s.value));
                continue;
            }
            out_ += fmt::format("{} = {}  # {}{}{}\n", s.row->name, to_toml(*s.row, s.value), from(s), rounding(s), clock_of(c, s));
        }
    }

    static value whole_path(value v) {
        v.text = std::filesystem::absolute(v.text).lexically_normal().string();
        return v;
    }

    std::string clock_of(const component& c, const setting& s) const {
        if (c.kind->name != std::string_view("bus") || s.row->name != std::string_view("period") || *s.section->name) return "";
        const std::string by = m66en_pulled_low_by(c, r_);
        return by.empty() ? "" : fmt::format("; runs at 33 MHz: {} pulls M66EN low", by);
    }

    std::string from(const setting& s) {
        switch (s.from) {
            case origin::fallback:
                return "default";
            case origin::made:
                return "made";
            case origin::environment:
            case origin::command_line:  // "--set nic.slot=3"
                return sources_->source(s.at.file).substr(0, sources_->source(s.at.file).find(' '));
            case origin::file:
                break;
        }
        const std::filesystem::path file = sources_->source(s.at.file);
        const auto relative = file.lexically_relative(r_.directory);  // empty: one is absolute and the other is not
        return fmt::format("{}:{}", (relative.empty() ? file : relative).generic_string(), s.at.line);
    }

    const resolved& r_;
    const problems* sources_;  // null: not told
    std::string out_;
};

}  // namespace

const setting* component::find(std::string_view key) const {
    const std::size_t dot = key.find('.');
    const std::string_view section = dot == std::string_view::npos ? std::string_view{} : key.substr(0, dot);
    const std::string_view name = dot == std::string_view::npos ? key : key.substr(dot + 1);
    for (const setting& s : settings)
        if (s.row->name == name && s.section->name == section) return &s;
    return nullptr;
}

const std::string& component::text(std::string_view key) const { return must_find(*this, key).value.text; }
std::int64_t component::integer(std::string_view key) const { return must_find(*this, key).value.integer; }
const std::vector<std::string>& component::list(std::string_view key) const { return must_find(*this, key).value.list; }

// A path that may be left out and is "" leads nowhere: left out.
bool component::given(std::string_view key) const {
    const setting& s = must_find(*this, key);
    const auto refers = [&](const reference_info& ref) { return &s == find(ref.key); };
    const bool nowhere = s.row->kind == quantity::text && s.value.text.empty() && s.row->fallback;
    return s.given() && !(nowhere && std::any_of(kind->references.begin(), kind->references.end(), refers));
}

void component::store_into(const block_info& info, const char* section, void* config) const {
    for (const setting& s : settings) {
        if (s.section->info != &info || (section && std::string_view(s.section->name) != section)) continue;
        const bool optional = s.row->fallback && !*s.row->fallback;
        const bool left_out = s.given() ? s.refused && optional : s.written.empty();
        if (!s.row->store || left_out) continue;  // the field keeps its default
        s.row->store(config, s.value);
    }
}

const component* resolved::find(std::string_view path) const {
    for (const component& c : components)
        if (c.path == path) return &c;
    return nullptr;
}

// Not by its path: a named component may be called like it.
const component& resolved::table(std::string_view kind) const { return *of_kind(kind).at(0); }

std::vector<const component*> resolved::of_kind(std::string_view kind) const {
    std::vector<const component*> all;
    for (const component& c : components)
        if (c.kind->name == kind) all.push_back(&c);
    return all;
}

const component* resolved::owner_of(std::string_view path) const {
    const component* best = nullptr;
    for (const component& c : components) {
        const bool within =
            path == c.path || (path.size() > c.path.size() && path.substr(0, c.path.size()) == c.path && path[c.path.size()] == '.');
        if (within && (!best || c.path.size() > best->path.size())) best = &c;
    }
    return best;
}

std::string to_toml(const resolved& r, const problems& sources) { return writer(r, &sources).write(); }
std::string to_toml(const resolved& r) { return writer(r, nullptr).write(); }

}  // namespace nicteam::scenario
