// `extends`: a scenario is merged over its bases.
#include <filesystem>

#include <fmt/format.h>

#include "nicteam/scenario/language.h"
#include "scenario/language/tree.h"

namespace nicteam::scenario {
namespace {

bool named_tables(const node& n) {
    if (n.kind != node::array) return false;
    for (const node& item : n.items)
        if (item.kind != node::table) return false;
    return true;
}

const std::string* name_in(const node& n) {
    const node::entry* e = n.find("name");
    return e && e->value.kind == node::string ? &e->value.text : nullptr;
}

// The second of a name in one file lies over nothing: it stands beside the first, as in a file without a base, and is told as what is there twice.
void merge_arrays(node& base, node&& over) {
    std::vector<bool> open(base.items.size(), true);
    for (node& item : over.items) {
        std::size_t same = open.size();
        if (const std::string* name = name_in(item))
            for (std::size_t i = 0; i < open.size() && same == open.size(); ++i)
                if (const std::string* other = name_in(base.items[i]); other && open[i] && *other == *name) same = i;
        if (same < open.size())
            open[same] = false, merge(base.items[same], std::move(item));
        else
            base.items.push_back(std::move(item));
    }
    base.at = over.at;
}

// Before files are laid over each other, so that one key stands for one thing.
void use_own_names(node& table, const kind_info& kind) {
    for (const key_info& key : keys_of(kind)) {
        const std::string_view other = *key.in->name ? "" : other_name(kind.name, key.row->name);
        if (other.empty() || table.find(key.row->name)) continue;  // both: told when keys are looked at
        if (node::entry* e = table.find(std::string(other))) e->key = key.row->name;
    }
}

void use_own_names(node& tree) {
    for (node::entry& e : tree.entries) {
        const kind_info* kind = find_kind(e.key);
        if (!kind) continue;
        if (e.value.kind == node::table) use_own_names(e.value, *kind);
        for (node& item : e.value.items)
            if (item.kind == node::table) use_own_names(item, *kind);
    }
}

class chain {
public:
    explicit chain(problems& found) : found_(found) {}

    bool read(const std::string& file, node& out, position from) {
        std::error_code ignored;
        const std::string identity = std::filesystem::weakly_canonical(file, ignored).string();
        for (const std::string& open : open_) {
            if (open != identity) continue;
            std::string way;
            for (const std::string& step : open_) way += std::filesystem::path(step).filename().string() + " -> ";
            found_.add(from,
                       fmt::format("extends: goes round in a circle: {}{}", way, std::filesystem::path(identity).filename().string()));
            return false;
        }
        node own;
        if (!read_toml(file, found_, own, from)) return false;
        use_own_names(own);
        bool good = true;
        node all;
        all.at = own.at;
        open_.push_back(identity);
        for (std::size_t i = 0; i < own.entries.size(); ++i) {
            if (own.entries[i].key != "extends") continue;
            const node value = std::move(own.entries[i].value);
            own.entries.erase(own.entries.begin() + static_cast<std::ptrdiff_t>(i));
            good = read_bases(file, value, all);
            break;
        }
        open_.pop_back();
        // Name, title and description are each file's own.
        for (const char* own_key : {"name", "title", "description"})
            for (std::size_t i = 0; i < all.entries.size(); ++i)
                if (all.entries[i].key == own_key) all.entries.erase(all.entries.begin() + static_cast<std::ptrdiff_t>(i--));
        merge(all, std::move(own));
        out = std::move(all);
        return good;
    }

private:
    bool read_bases(const std::string& file, const node& value, node& all) {
        std::vector<const node*> names;
        if (value.kind == node::string)
            names.push_back(&value);
        else if (value.kind == node::array)
            for (const node& item : value.items) names.push_back(&item);
        else
            names.push_back(&value);
        bool good = true;
        for (const node* name : names) {
            if (name->kind != node::string) {
                found_.add(name->at, fmt::format("extends: is {}; allowed: a file name or a list of them", name_of(name->kind)));
                good = false;
                continue;
            }
            node base;
            const auto path = std::filesystem::path(file).parent_path() / name->text;
            if (read(path.string(), base, name->at))
                merge(all, std::move(base));
            else
                good = false;
        }
        return good;
    }

    problems& found_;
    std::vector<std::string> open_;
};

}  // namespace

void merge(node& base, node&& over) {
    for (node::entry& e : over.entries) {
        node::entry* same = base.find(e.key);
        if (!same)
            base.entries.push_back(std::move(e));
        else if (same->value.kind == node::table && e.value.kind == node::table)
            merge(same->value, std::move(e.value));
        else if (named_tables(same->value) && named_tables(e.value))
            merge_arrays(same->value, std::move(e.value));
        else
            *same = std::move(e);
    }
    base.at = over.at;
}

bool read_extended(const std::string& file, problems& found, node& out) { return chain(found).read(file, out, {}); }

}  // namespace nicteam::scenario
