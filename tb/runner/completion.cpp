#include "completion.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "nicteam/scenario/explain.h"

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
        all.push_back({o->get_snames().empty() ? "" : "-" + o->get_snames()[0], "--" + o->get_lnames()[0], o->get_description(),
                       o->get_items_expected_max() > 0});
    }
    return all;
}

std::string words_of(const CLI::App& app) {
    std::string out;
    for (const option& o : options_of(app)) out += (out.empty() ? "" : " ") + o.longer;
    return out;
}

// Those that --help shows.
std::vector<const CLI::App*> commands_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App* c) { return !c->get_group().empty(); });
}

// What `explain` takes.
std::string keys() {
    std::string all;
    for (const std::string& name : scenario::explainable()) all += (all.empty() ? "" : " ") + name;
    return all;
}

// The word is taken from the line: bash parts it at each "=", zsh does not, and what is offered must be what the shell calls the word.
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
_nicteam_set() {{
    local typed=$1 word=$2 before= all
    all=$("${{COMP_WORDS[0]}}" set-words -- "=$typed" "${{COMP_WORDS[@]:2}}" 2>/dev/null)
    case $word in
        ?*=*) ;;
        *) case $typed in *=*) before=${{typed%%=*}}= ;; esac ;;
    esac
    case $all in *=?*) ;; ?*) compopt +o filenames -o nospace 2>/dev/null ;; esac
    compopt +o filenames 2>/dev/null
    COMPREPLY=($(compgen -W "$(printf '%s\n' "$all" | sed "s/^$(printf '%s' "$before" | sed 's/[.*]/\\&/g')//")"))
}}
_nicteam() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} options part
    local line=${{COMP_LINE:0:$COMP_POINT}}
    local typed=${{line##*[[:space:]]}} had=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{} {}" -- "$word"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{}        *) return ;;
    esac
    line=${{line%"$typed"}}
    line=${{line%"${{line##*[![:space:]]}}"}}
    case $typed:${{line##*[[:space:]]}} in
        --set=*) _nicteam_set "${{typed#--set=}}" "$word"; return ;;
        *:-s | *:--set) _nicteam_set "$typed" "$word"; return ;;
        *:--trace)
            case $word in *,*) had=${{word%,*}}, ;; esac
            options=
            for part in wave pcap txn packets report; do
                case ,$had in *,$part,*) ;; *) options="$options $part" ;; esac
            done
            [ -n "$had" ] || options="$options all none"
            COMPREPLY=($(compgen -P "$had" -W "$options" -- "${{word##*,}}"))
            return ;;
        *:--format) COMPREPLY=($(compgen -W "text json" -- "$word")); return ;;
        *:--crypto-worker) COMPREPLY=($(compgen -W "auto on off" -- "$word")); return ;;
        *:--transform-cache) COMPREPLY=($(compgen -W "on off" -- "$word")); return ;;
        *:-o | *:--out) COMPREPLY=($(compgen -d -- "$word")); return ;;
        *:--seed | *:--until | -*=*) return ;;
    esac
    case ${{COMP_WORDS[1]}}:$word in
        *:-*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
        sweep:*)
            case "$line " in *" merge "*) COMPREPLY=($(compgen -d -- "$word")); return ;; esac
            COMPREPLY=($(compgen -W "merge $(_nicteam_names)" -- "$word") $(compgen -f -X '!*.toml' -- "$word") $(compgen -d -- "$word")) ;;
        run:* | validate:*) COMPREPLY=($(compgen -W "$(_nicteam_names)" -- "$word") $(compgen -f -X '!*.toml' -- "$word") $(compgen -d -- "$word")) ;;
        explain:*) COMPREPLY=($(compgen -W "$_nicteam_keys" -- "$word")) ;;
        completion:*) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
        *) COMPREPLY=($(compgen -d -- "$word")) ;;
    esac
}}
)bash",
                       keys(), names, words_of(app), cases);
}

// Without a blank behind keys and paths, which go on.
constexpr const char zsh_begin[] = "autoload -U +X bashcompinit && bashcompinit\n";
constexpr const char zsh_end[] = R"zsh(_nicteam_zsh() {
    case ${words[CURRENT-1]}:${words[CURRENT]} in
        (-s:*=* | --set:*=*) _bash_complete -F _nicteam ;;
        (-s:* | --set:*) _bash_complete -o nospace -F _nicteam ;;
        (*) _bash_complete -o filenames -F _nicteam ;;
    esac
}
compdef _nicteam_zsh nicteam
)zsh";

// In single quotes for fish.
std::string quoted(const std::string& s) {
    std::string out;
    for (const char c : s) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return "'" + out + "'";
}

const char* values_in_fish(const std::string& option) {
    if (option == "--set") return " -a '(__nicteam_set)'";
    if (option == "--trace") return " -a '(__nicteam_traces)'";
    if (option == "--format") return " -a 'text json'";
    if (option == "--crypto-worker") return " -a 'auto on off'";
    if (option == "--transform-cache") return " -a 'on off'";
    return option == "--out" ? " -a '(__fish_complete_directories)'" : "";
}

std::string fish(const CLI::App& app) {
    std::string out = fmt::format(
        "function __nicteam_keys\n    printf '%s\\n' {}\nend\n"
        "function __nicteam_set\n    set -l words (commandline -opc)\n"
        "    $words[1] set-words -- =(commandline -ct | string replace -r '^--set=' '') $words[3..] 2>/dev/null\nend\n"
        "function __nicteam_traces\n    set -l done (string match -r '^(?:--trace=)?(.*,)' -- (commandline -ct))[2]\n"
        "    for part in wave pcap txn packets report\n        string match -q -- \"*,$part,*\" \",$done\"; or echo \"$done$part\"\n    end\n"
        "    test -n \"$done\"; or printf '%s\\n' all none\nend\n"
        "function __nicteam_names\n    nicteam list 2>/dev/null | string replace -r ' .*' '' | string replace -r '\\.toml$' '' | string "
        "replace -r '.*/' ''\nend\n"
        "complete -c nicteam -f\n",
        keys());
    for (const CLI::App* c : commands_of(app)) {
        out += fmt::format("complete -c nicteam -n __fish_use_subcommand -a {} -d {}\n", c->get_name(), quoted(c->get_description()));
        const std::string inside = fmt::format("complete -c nicteam -n '__fish_seen_subcommand_from {}'", c->get_name());
        const std::string& name = c->get_name();
        if (name == "run" || name == "validate") out += inside + " -a '(__fish_complete_suffix .toml)'\n" + inside + " -a '(__nicteam_names)'\n";
        else if (name == "sweep") out += inside + " -a '(__fish_complete_suffix .toml)'\n" + inside + " -a '(__nicteam_names)'\n" + inside +
                                         " -a merge\n" + inside + " -a '(__fish_complete_directories)'\n";
        else if (name == "explain") out += inside + " -a '(__nicteam_keys)'\n";
        else if (name == "completion") out += inside + " -a 'bash zsh fish'\n";
        else out += inside + " -a '(__fish_complete_directories)'\n";
        for (const option& o : options_of(*c))
            out += fmt::format("{} -l {}{}{}{} -d {}\n", inside, o.longer.substr(2), o.shorter.empty() ? "" : " -s " + o.shorter.substr(1),
                               o.takes_value ? " -x" : "", values_in_fish(o.longer), quoted(o.meaning));
    }
    return out;
}

}  // namespace

std::string completion(const CLI::App& app, const std::string& shell) {
    if (shell == "fish") return fish(app);
    if (shell == "zsh") return zsh_begin + bash(app) + zsh_end;
    return bash(app) + "complete -o filenames -F _nicteam nicteam\n";
}

}  // namespace nicteam::runner
