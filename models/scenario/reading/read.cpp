#include "nicteam/scenario/read.h"

#include <filesystem>

#include "scenario/language/tree.h"
#include "scenario/reading/steps.h"
#include "scenario/relations/inputs.h"

namespace nicteam::scenario {

namespace {

// A file is looked for from the file in which it is written; from a --set, from where the command runs.
void locate_files(resolved& r, const problems& found) {
    for (component& c : r.components) {
        if (setting* s = input_of(c); s && s->from == origin::file)
            s->value.text = (std::filesystem::path(found.source(s->at.file)).parent_path() / s->value.text).string();
    }
}

}  // namespace

reading read(const std::string& file, const read_options& options) {
    reading out;
    out.what = std::make_unique<resolved>();
    resolved& r = *out.what;
    r.file = file;
    r.directory = std::filesystem::path(file).parent_path().string();
    node tree;
    if (!read_extended(file, out.found, tree)) return out;  // half a file would only bring errors that are none
    walk(tree, r, out.found);
    if (setting* name = const_cast<setting*>(r.top.find("name")); name->value.text.empty()) {
        name->value.text = std::filesystem::path(file).stem().string();
        name->written = name->value.text;
        name->from = origin::made;
    }
    place(r, out.found);
    apply_sets(options.environment, origin::environment, r, out.found);
    apply_sets(options.sets, origin::command_line, r, out.found);
    apply_options(options, r, out.found);
    locate_files(r, out.found);
    check_texts(r, out.found);
    check_engine_names(r, out.found);
    assign(r, out.found);
    require(r, out.found);
    check_references(r, out.found);
    check_topology(r, out.found);
    check_bus_clock(r, out.found);
    check_observers(r, out.found);
    check_link_rates(r, out.found);
    check_rooms(r, out.found);
    check_loops(r, out.found);
    check_switches(r, out.found);
    check_lacking(r, out.found);
    check_priorities(r, out.found);
    check_flow_control(r, out.found);
    check_checksum_offload(r, out.found);
    check_security(r, out.found);
    check_services(r, out.found);
    if (out.found.none()) check_memory(r, out.found);  // it takes sizes at their word
    if (out.found.none() && r.of_kind("host").empty() && r.of_kind("link").empty())
        out.found.add({0, 1, 1},
                      "the scenario is empty: it wants at least a [[host]] with a [[cpu]], a [[bus]] and a [[nic]], or a [[link]] with "
                      "what is at its ends; `extends` takes them from another file (nicteam list shows complete ones)");
    return out;
}

}  // namespace nicteam::scenario
