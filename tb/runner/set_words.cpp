#include "set_words.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>

#include "nicteam/scenario/language.h"
#include "nicteam/scenario/pattern.h"
#include "nicteam/scenario/read.h"
#include "places.h"

namespace nicteam::runner {
namespace {

using scenario::key_info;
using scenario::kind_info;

std::vector<key_info> keys_to_set(const kind_info& kind) {
    std::vector<key_info> all = scenario::keys_of(kind);
    all.erase(std::remove_if(all.begin(), all.end(), [](const key_info& k) { return k.name() == "name" || k.name() == "extends"; }), all.end());
    return all;
}

// The files among the words; what stands behind an option is none, unless it does without.
std::vector<std::string> scenarios_in(const std::vector<std::string>& line) {
    const std::set<std::string> alone{"-q", "--quiet"};
    std::vector<std::string> all;
    for (std::size_t n = 0; n < line.size(); ++n) {
        if (line[n].empty()) continue;
        if (line[n][0] != '-') all.push_back(line[n]);
        else if (!alone.count(line[n]) && line[n].find('=') == std::string::npos) ++n;
    }
    return all;
}

class words {
public:
    words(const std::string& typed, const std::vector<std::string>& line) : typed_(typed) {
        for (const std::string& given : scenarios_in(line)) {
            std::string ignored;
            read_.push_back(scenario::read(find_scenario(given, ignored)).what);
            if (!read_.back()) read_.pop_back();
        }
    }

    std::vector<std::string> all() {
        const std::size_t equals = typed_.find('=');
        if (equals == std::string::npos) keys();
        else values(typed_.substr(0, equals));
        return {found_.begin(), found_.end()};
    }

private:
    void offer(const std::string& word) {
        if (word.compare(0, typed_.size(), typed_) == 0) found_.insert(word);
    }

    void keys() {
        for (const kind_info& kind : scenario::kinds())
            for (const key_info& key : keys_to_set(kind)) offer((kind.form == scenario::shape::top ? "" : std::string(kind.name) + ".") + key.name() + "=");
        for (const auto& r : read_)
            for (const scenario::component& c : r->components) {
                if (c.path.empty() || c.path == c.kind->name) continue;
                const std::string inside = c.path + ".";
                offer(inside);
                if (typed_.compare(0, inside.size(), inside) == 0)
                    for (const key_info& key : keys_to_set(*c.kind)) offer(inside + key.name() + "=");
            }
    }

    void values(const std::string& key) {
        for (const kind_info& kind : scenario::kinds())
            for (const key_info& k : keys_to_set(kind))
                if (stands_for(kind, k.name(), key)) values_of(k, key + "=");
    }

    // "nic.identity", or the same of a component or a pattern.
    bool stands_for(const kind_info& kind, const std::string& name, const std::string& key) const {
        if (kind.form == scenario::shape::top) return key == name;
        if (key.size() <= name.size() || key.compare(key.size() - name.size(), name.size(), name) != 0 ||
            key[key.size() - name.size() - 1] != '.')
            return false;
        const std::string owner = key.substr(0, key.size() - name.size() - 1);
        if (owner == kind.name) return true;
        for (const auto& r : read_) {
            const scenario::path_pattern pattern(owner, *r);
            for (const scenario::component* c : r->of_kind(kind.name))
                if (pattern.matches(c->path)) return true;
        }
        return false;
    }

    void values_of(const key_info& key, const std::string& before) {
        if (key.row->kind == quantity::flag)
            for (const char* v : {"true", "false"}) offer(before + v);
        if (key.row->kind == quantity::choice) each(key.row->choices, [&](std::string_view v) { offer(before + std::string(v)); });
        if (key.reference)
            each(key.reference->kinds, [&](std::string_view kind) {
                for (const auto& r : read_)
                    for (const scenario::component* c : r->of_kind(kind)) offer(before + c->path);
            });
    }

    template <class Take>
    static void each(std::string_view choices, Take take) {
        for (std::size_t bar; (bar = choices.find('|')) != std::string_view::npos; choices.remove_prefix(bar + 1)) take(choices.substr(0, bar));
        take(choices);
    }

    std::string typed_;
    std::vector<std::unique_ptr<scenario::resolved>> read_;
    std::set<std::string> found_;
};

}  // namespace

std::vector<std::string> set_words(const std::string& typed, const std::vector<std::string>& line) { return words(typed, line).all(); }

}  // namespace nicteam::runner
