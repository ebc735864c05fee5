// What the tables promise of a scenario is what the built model has: the same paths everywhere.
#include <set>

#include <catch2/catch.hpp>

#include "nicteam/sim/session.h"
#include "scenario/relations/parts.h"
#include "nicteam/scenario/pattern.h"
#include "scenario/building/system.h"
#include "unit/fresh_kernel.h"
#include "unit/scenario/all_kinds.h"
#include "unit/scenario/text_scenario.h"

using namespace nicteam;
using nicteam::test::all_kinds;
using nicteam::test::small;
using nicteam::test::text_scenario;

namespace {

template <class Bound>
std::set<std::string> paths(const Bound& all) {
    std::set<std::string> out;
    for (const auto& b : all) out.insert(b.path);
    return out;
}

std::string missing(const std::set<std::string>& of, const std::set<std::string>& in) {
    std::string out;
    for (const std::string& s : of)
        if (!in.count(s)) out += s + " ";
    return out;
}

}  // namespace

TEST_CASE("metrics and probes and captures and faults are where the tables say and nowhere else") {
    text_scenario s;
    const auto r = s.read(all_kinds());
    REQUIRE(r.found.to_string() == "");
    const auto parts = scenario::parts_of(*r.what);
    test::fresh_kernel kernel;
    sim::session& session = kernel.session();
    scenario::system system(*r.what, false);

    const auto promised = [&](auto rows) {
        auto all = paths(scenario::rows_at(parts, rows));
        for (auto it = all.begin(); it != all.end();) it = it->rfind("check.", 0) == 0 ? all.erase(it) : std::next(it);
        return all;
    };
    CHECK(missing(promised(&block_info::metrics), paths(session.metrics())) == "");
    CHECK(missing(paths(session.metrics()), promised(&block_info::metrics)) == "");
    CHECK(missing(promised(&block_info::probes), paths(session.probes())) == "");
    CHECK(missing(paths(session.probes()), promised(&block_info::probes)) == "");
    CHECK(missing(promised(&block_info::captures), paths(session.captures())) == "");
    CHECK(missing(paths(session.captures()), promised(&block_info::captures)) == "");

    std::set<std::string> faults, bound;
    for (const scenario::part& p : parts)
        for (const fault_info& f : p.block->faults) faults.insert(p.path + "." + f.name);
    for (const sim::fault_port& f : session.faults()) {  // the target of a nic is its half "pci"
        const scenario::component* owner = r.what->owner_of(f.path);
        const bool within = owner && std::string(owner->kind->name) == "nic" && f.path == owner->path + ".pci";
        bound.insert((within ? owner->path : f.path) + "." + f.info->name);
    }
    CHECK(missing(faults, bound) == "");
    CHECK(missing(bound, faults) == "");
}

TEST_CASE("keys of a part are set by the path that its metrics have") {
    text_scenario s;
    for (const char* set : {"server.pci0.bridge.read_wait=3", "server.pci0.*.read_wait=3", "bus.bridge.read_wait=3"}) {
        const auto r = s.read(small, {{}, {set}});
        CHECK(r.found.to_string() == "");
        CHECK(r.what->find("server.pci0")->integer("bridge.read_wait") == 3);
    }
    for (const char* metric : {"server.pci0.bridge.dma_reads", "bus.bridge.dma_reads", "*.*.bridge.dma_reads"})
        CHECK(s.errors(std::string(small) + "[[expect]]\nmetric = \"" + metric + "\"\nat_least = 0\n") == "");
}

TEST_CASE("no name of a component is that of an object of the kernel already") {
    text_scenario s;
    const auto r = s.read(all_kinds());
    test::fresh_kernel kernel;
    scenario::system system(*r.what, false);
    // Each child of a component's module is a component or a name that a scenario cannot take.
    for (const scenario::component& c : r.what->components) {
        const sc_core::sc_object* module = sc_core::sc_find_object(c.path.c_str());
        if (!module) continue;
        bool parent = false;  // only below a parent can names meet
        for (const scenario::kind_info& k : scenario::kinds())
            for (const scenario::reference_info& ref : k.references)
                parent = parent || (ref.parent && std::string(ref.kinds).find(c.kind->name) != std::string::npos);
        if (!parent) continue;
        for (const sc_core::sc_object* child : module->get_child_objects()) {
            const std::string path = child->name();
            if (r.what->find(path)) continue;
            INFO(path);
            bool taken = false;
            for (const auto* some : {&c.kind->sections, &c.kind->inside})
                for (const scenario::section& sec : *some)
                    taken = taken || (*sec.name && scenario::match_step(sec.name, child->basename()));
            for (const char* name : c.kind->taken) taken = taken || scenario::match_step(name, child->basename());
            CHECK(taken);
        }
    }
}
