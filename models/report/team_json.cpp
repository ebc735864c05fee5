#include "report/team_json.h"

namespace nicteam::report {
namespace {

void time(json_text& j, const char* key, ps at) {
    if (at != never) j.time(key, at);
}

void list(json_text& j, const char* key, const std::vector<std::string>& all) {
    j.open_list(key);
    for (const std::string& s : all) j.string(nullptr, s);
    j.close_list();
}

void write(json_text& j, const char* key, const failover::good_frame& g) {
    if (g.at == never) return;
    j.open_object(key);
    j.string("member", g.member);
    j.string("from", g.from);
    j.string("to", g.to);
    j.time("at_ps", g.at);
    j.close_object();
}

void write(json_text& j, const gap& g) {
    j.open_object();
    j.string("from", g.from);
    j.string("to", g.to);
    j.time("last_ps", g.last);
    time(j, "first_ps", g.first);
    time(j, "length_ps", g.length());
    j.time("usual_ps", g.usual);
    j.number("lost", g.lost);
    if (g.told_elsewhere) j.number("told_elsewhere", g.told_elsewhere);
    j.open_list("causes");
    for (const gap::cause& c : g.causes) {
        j.open_object();
        j.string("reason", c.reason);
        j.string("where", c.where);
        j.number("packets", c.packets);
        j.close_object();
    }
    j.close_list();
    j.number("out_of_order", g.out_of_order);
    j.open_list("octets");
    for (const std::uint64_t o : g.octets) j.number(nullptr, o);
    j.close_list();
    j.close_object();
}

void write(json_text& j, const failover& f) {
    j.open_object();
    j.string("team", f.team);
    if (f.fault_at != never) {
        j.open_object("fault");
        j.string("name", f.fault);
        j.string("what", f.what);
        j.string("where", f.where);
        j.flag("ends", f.fault_ends);
        j.time("at_ps", f.fault_at);
        j.close_object();
    }
    j.open_list("noticed");
    for (const failover::notice& n : f.noticed) {
        j.open_object();
        j.string("by", n.by);
        j.string("member", n.member);
        j.flag("good", n.good);
        j.time("at_ps", n.at);
        j.close_object();
    }
    j.close_list();
    time(j, "decided_ps", f.decided);
    list(j, "lost", f.lost);
    list(j, "found", f.found);
    j.string("before", f.before);
    j.string("after", f.after);
    if (!f.announced_by.empty()) j.string("announced_by", f.announced_by);
    time(j, "announced_ps", f.announced);
    time(j, "announced_on_wire_ps", f.announced_on_wire);
    write(j, "first_sent", f.sent);
    write(j, "first_received", f.received);
    j.open_list("gaps");
    for (const gap& g : f.gaps) write(j, g);
    j.close_list();
    if (f.around.step) {
        j.open_object("around");
        j.time("from_ps", f.around.from);
        j.time("step_ps", f.around.step);
        j.close_object();
    }
    j.close_object();
}

}  // namespace

void write_of_teams(json_text& j, const run_result& r) {
    if (!r.crossings.empty()) {
        j.open_list("crossings");
        for (const path_crossings& x : r.crossings) {
            j.open_object();
            j.string("path", x.path);
            j.number("packets", x.packets);
            j.number("crossings", x.crossings);
            j.number("by_the_table", x.table);
            j.close_object();
        }
        j.close_list();
    }
    if (r.failovers.empty() && r.reordered.empty()) return;
    j.open_list("failovers");
    for (const failover& f : r.failovers) write(j, f);
    j.close_list();
    j.open_list("reordering");
    for (const reordering& o : r.reordered) {
        j.open_object();
        j.string("from", o.from);
        j.string("to", o.to);
        j.number("packets", o.packets);
        j.number("out_of_order", o.out_of_order);
        j.time("latest_ps", o.latest);
        j.close_object();
    }
    j.close_list();
}

}  // namespace nicteam::report
