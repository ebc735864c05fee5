#include "completion.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

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

std::string bash(const CLI::App& app) {
    std::string names, cases;
    for (const CLI::App* c : commands_of(app)) {
        names += (names.empty() ? "" : " ") + c->get_name();
        cases += fmt::format("        {}) options=\"{}\" ;;\n", c->get_name(), words_of(*c));
    }
    return fmt::format(R"(_nicteam() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} options
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{} {}" -- "$word"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{}        *) return ;;
    esac
    case $word in
        -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -X '!*.toml' -- "$word") $(compgen -d -- "$word")) ;;
    esac
}}
complete -o filenames -F _nicteam nicteam
)",
                       names, words_of(app), cases);
}

// In single quotes for fish.
std::string quoted(const std::string& s) {
    std::string out;
    for (const char c : s) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return "'" + out + "'";
}

std::string fish(const CLI::App& app) {
    std::string out = "complete -c nicteam -f\n";
    for (const CLI::App* c : commands_of(app)) {
        out += fmt::format("complete -c nicteam -n __fish_use_subcommand -a {} -d {}\n", c->get_name(), quoted(c->get_description()));
        const std::string inside = fmt::format("complete -c nicteam -n '__fish_seen_subcommand_from {}'", c->get_name());
        out += inside + " -a '(__fish_complete_suffix .toml)'\n";
        for (const option& o : options_of(*c))
            out += fmt::format("{} -l {}{}{} -d {}\n", inside, o.longer.substr(2), o.shorter.empty() ? "" : " -s " + o.shorter.substr(1), o.takes_value ? " -r" : "",
                               quoted(o.meaning));
    }
    return out;
}

}  // namespace

std::string completion(const CLI::App& app, const std::string& shell) {
    if (shell == "fish") return fish(app);
    return (shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "") + bash(app);
}

}  // namespace nicteam::runner
