#include "completion.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "nicteam/scenario/language.h"

namespace nicteam::runner {
namespace {

struct option {
    std::string shorter, longer, meaning;
    bool takes_value;
};

std::vector<option> options_of(const CLI::App& app) {
    std::vector<option> all;
    for (const CLI::Option* o : app.get_options()) {
        if (o->get_lnames().empty() || o->get_group().empty()) continue;      // positional, or hidden
        all.push_back({o->get_snames().empty() ? "" : "-" + o->get_snames()[0], "--" + o->get_lnames()[0], o->get_description(), o->get_items_expected_max() > 0});
    }
    return all;
}

std::string words_of(const CLI::App& app) {
    std::string out;
    for (const option& o : options_of(app)) out += (out.empty() ? "" : " ") + o.longer;
    return out;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) { return app.get_subcommands([](const CLI::App*) { return true; }); }

// What --set takes: keys of the scenario itself, and of each table by its kind.
std::string keys(const char* between) {
    std::string all;
    for (const scenario::kind_info& kind : scenario::kinds())
        for (const scenario::key_info& key : scenario::keys_of(kind))
            if (key.name() != "name" && key.name() != "extends")
                all += fmt::format("{}{}{}", all.empty() ? "" : between, kind.form == scenario::shape::top ? "" : std::string(kind.name) + ".", key.name());
    return all;
}

std::string bash(const CLI::App& app) {
    std::string names, cases;
    for (const CLI::App* c : commands_of(app)) {
        names += (names.empty() ? "" : " ") + c->get_name();
        cases += fmt::format("        {}) options=\"{}\" ;;\n", c->get_name(), words_of(*c));
    }
    return fmt::format(R"bash(_nicteam_names() {{
    "${{COMP_WORDS[0]}}" list 2>/dev/null | sed 's/ .*//; s/\.toml$//; s/.*\///'
}}
_nicteam_keys="{}"
_nicteam() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} options
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{} {}" -- "$word"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{}        *) return ;;
    esac
    case $before in
        -s | --set)
            compopt +o filenames -o nospace 2>/dev/null
            COMPREPLY=($(compgen -W "$_nicteam_keys" -S = -- "$word"))
            return ;;
        --trace) COMPREPLY=($(compgen -W "wave pcap txn packets report all none" -- "$word")); return ;;
        --format) COMPREPLY=($(compgen -W "text json" -- "$word")); return ;;
        -o | --out) COMPREPLY=($(compgen -d -- "$word")); return ;;
        --seed | --until | =) return ;;
    esac
    case ${{COMP_WORDS[1]}}:$word in
        *:-*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
        run:* | validate:*) COMPREPLY=($(compgen -W "$(_nicteam_names)" -- "$word") $(compgen -f -X '!*.toml' -- "$word") $(compgen -d -- "$word")) ;;
        explain:*) COMPREPLY=($(compgen -W "$_nicteam_keys" -- "$word")) ;;
        completion:*) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
        *) COMPREPLY=($(compgen -d -- "$word")) ;;
    esac
}}
complete -o filenames -F _nicteam nicteam
)bash",
                       keys(" "), names, words_of(app), cases);
}

// In single quotes for fish.
std::string quoted(const std::string& s) {
    std::string out;
    for (const char c : s) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return "'" + out + "'";
}

std::string fish(const CLI::App& app) {
    std::string out = fmt::format(
        "function __nicteam_keys\n    printf '%s\\n' {}\nend\n"
        "function __nicteam_names\n    nicteam list 2>/dev/null | string replace -r ' .*' '' | string replace -r '\\.toml$' '' | string replace -r '.*/' ''\nend\n"
        "complete -c nicteam -f\n", keys(" "));
    for (const CLI::App* c : commands_of(app)) {
        out += fmt::format("complete -c nicteam -n __fish_use_subcommand -a {} -d {}\n", c->get_name(), quoted(c->get_description()));
        const std::string inside = fmt::format("complete -c nicteam -n '__fish_seen_subcommand_from {}'", c->get_name());
        const std::string& name = c->get_name();
        if (name == "run" || name == "validate") out += inside + " -a '(__fish_complete_suffix .toml)'\n" + inside + " -a '(__nicteam_names)'\n";
        else if (name == "explain") out += inside + " -a '(__nicteam_keys)'\n";
        else if (name == "completion") out += inside + " -a 'bash zsh fish'\n";
        else out += inside + " -a '(__fish_complete_directories)'\n";
        for (const option& o : options_of(*c))
            out += fmt::format("{} -l {}{}{}{} -d {}\n", inside, o.longer.substr(2), o.shorter.empty() ? "" : " -s " + o.shorter.substr(1), o.takes_value ? " -r" : "",
                               o.longer == "--set" ? " -a '(__nicteam_keys | string replace -r \\$ =)'" : "", quoted(o.meaning));
    }
    return out;
}

}  // namespace

std::string completion(const CLI::App& app, const std::string& shell) {
    if (shell == "fish") return fish(app);
    return (shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "") + bash(app);
}

}  // namespace nicteam::runner
