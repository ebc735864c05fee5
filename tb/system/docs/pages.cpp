#include "pages.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/base/since_power_on.h"
#include "nicteam/host/cpu.h"
#include "nicteam/offload/engine_timing.h"
#include "nicteam/rings/offload_costs.h"
#include "nicteam/scenario/language.h"
#include "system/qemu_oracle/differences.h"

namespace nicteam::docs {
namespace {

// What would end a cell or begin markup.
std::string cell(const char* text) {
    std::string out;
    for (const char* c = text ? text : ""; *c; ++c) {
        if (*c == '|' || *c == '*' || *c == '<') out += '\\';
        out += *c == '\n' ? ' ' : *c;
    }
    return out;
}

std::string row_default(const parameter_info& p) {
    if (!p.fallback) return "must be given";
    return *p.fallback ? fmt::format("`{}`", p.fallback) : "";
}

std::string row_range(const parameter_info& p) {
    if (p.choices) return cell(p.choices);
    if (p.kind == quantity::flag) return "true, false";
    if (p.low && p.high) return fmt::format("{} … {}", p.low, p.high);
    if (p.low) return fmt::format("≥ {}", p.low);
    if (p.high) return fmt::format("≤ {}", p.high);
    return "";
}

std::string heading(const scenario::table_entry& t) { return fmt::format("\n### {}\n\n{}\n\n", t.path, cell(t.info->meaning)); }

std::string shape_of(const scenario::kind_info& k) {
    switch (k.form) {
        case scenario::shape::top: return "top level";
        case scenario::shape::table: return fmt::format("`[{}]`", k.name);
        case scenario::shape::named: return fmt::format("`[[{}]]`, each with a `name`", k.name);
        case scenario::shape::numbered: return fmt::format("`[[{}]]`", k.name);
    }
    return "";
}

}  // namespace

std::string timing() {
    std::string out;
    for (const auto& t : scenario::all_tables()) {
        if (!t.info->parameters.count) continue;
        out += heading(t) + "| parameter | default | range | meaning | source |\n|---|---|---|---|---|\n";
        for (const auto& p : t.info->parameters)
            out += fmt::format("| `{}` | {} | {} | {} | {} |\n", p.name, row_default(p), row_range(p), cell(p.meaning), cell(p.source));
    }
    return out;
}

std::string costs() {
    std::string out = "\n| operation | cycles | meaning | source |\n|---|---|---|---|\n";
    for (const auto* o : scenario::all_operations()) out += fmt::format("| `{}` | {} | {} | {} |\n", o->name, o->cycles, cell(o->meaning), cell(o->source));
    return out;
}

std::string offload_costs() {
    std::string out = "\n| step | of | microcontroller | state machine | meaning | source |\n|---|---|---|---|---|---|\n";
    for (const auto& c : rings::offload_costs())
        out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", c.name, c.unit, c.microcontroller, c.state_machine, cell(c.meaning), cell(c.source));
    return out;
}

std::string engines() {
    using namespace offload;
    const auto clocks = [](const block_rate& r) { return r.interval ? fmt::format("{} / {}", r.interval, r.latency) : std::string("no"); };
    std::string out = "\n| core | key, block | interval / latency | CBC encryption | CBC decryption | key set-up | tag | source |\n|---|---|---|---|---|---|---|---|\n";
    for (const engine_core& c : engine_cores)
        out += fmt::format("| `{}` | {}{} B | {} | {} | {} | {} | {} | {} |\n", c.name, c.key ? fmt::format("{} B, ", c.key) : "", c.block, clocks(c.forward),
                           c.chained ? fmt::format("{} / {}", c.chained, c.forward.latency) : "no", c.key && c.kind != core_kind::aes_gcm ? clocks(c.backward) : "no",
                           std::max(c.forward.key_setup, c.backward.key_setup), c.tag ? fmt::format("{}", c.tag) : "", cell(c.source));

    struct suite {
        const char *cipher, *hash;
        ipsec::algorithms what;
    };
    using ipsec::authentication_kind;
    using ipsec::cipher_kind;
    constexpr suite suites[] = {{"3des-area", "sha1", {cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96}},
                                {"3des-cascade", "sha1", {cipher_kind::des3_cbc, authentication_kind::hmac_sha1_96}},
                                {"3des-pipelined", "md5", {cipher_kind::des3_cbc, authentication_kind::hmac_md5_96}},
                                {"aes-128-iterative", "sha1", {cipher_kind::aes_cbc, authentication_kind::hmac_sha1_96}},
                                {"aes-128-round", "sha256", {cipher_kind::aes_cbc, authentication_kind::hmac_sha2_256_128}},
                                {"aes-128-pipelined", "ghash", {cipher_kind::aes_gcm_16, authentication_kind::null}}};
    out += "\nWhat a packet of ESP in tunnel mode takes, in clocks, key set-up apart: cipher, hash, and both chained.\n\n"
           "| cipher, hash | inner packet | ESP text | out: cipher | hash | both | in: cipher | hash | both |\n|---|---|---|---|---|---|---|---|---|\n";
    for (const suite& s : suites)
        for (const std::size_t inner : {64, 512, 1446}) {
            const offload::engines e{core_named(s.cipher), core_named(s.hash), coupling::chained};
            const std::size_t text = esp_text(s.what, inner);
            out += fmt::format("| `{}`, `{}` | {} B | {} B |", s.cipher, s.hash, inner, text);
            for (const way w : {way::out, way::in}) {
                if (!refusal(e, s.what, e.cipher->key, w).empty()) {
                    out += " no | no | no |";
                    continue;
                }
                const engine_clocks t = esp_clocks(e, s.what, w, text);
                out += fmt::format(" {} | {} | {} |", t.cipher, t.authentication, t.total);
            }
            out += '\n';
        }
    return out;
}

std::string language() {
    std::string out;
    for (const auto& k : scenario::kinds()) {
        out += fmt::format("\n### {}\n\n{}: {}\n\n| key | kind | default | allowed | meaning |\n|---|---|---|---|---|\n", k.name, shape_of(k), cell(k.meaning()));
        for (const auto& key : scenario::keys_of(k)) {
            const parameter_info& p = *key.row;
            const char* made = scenario::made_value(k, key);
            out += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.name(), key.reference ? "path" : name_of(p.kind), made ? cell(made) : row_default(p),
                               key.reference ? cell(key.reference->kinds) : row_range(p), cell(p.meaning));
        }
    }
    return out;
}

std::string observables() {
    std::string out;
    for (const auto& t : scenario::all_tables()) {
        const block_info& b = *t.info;
        if (!(b.metrics.count + b.probes.count + b.faults.count + b.captures.count + b.stages.count + b.outcomes.count)) continue;
        out += heading(t) + "| name | what | unit | meaning |\n|---|---|---|---|\n";
        static constexpr const char* kinds[] = {"counter", "level", "samples"};
        for (const auto& m : b.metrics) out += fmt::format("| `{}` | {} | {} | {} |\n", m.name, kinds[m.kind], m.unit, cell(m.meaning) + (since_power_on(m) ? "; counted since power-on, whatever the measuring window" : ""));
        for (const auto& p : b.probes) out += fmt::format("| `{}` | probe | {} | {} |\n", p.name, p.bits ? fmt::format("{} bit", p.bits) : "text", cell(p.meaning));
        for (const auto& f : b.faults) out += fmt::format("| `{}` | fault | {} | {} |\n", f.name, f.unit, cell(f.meaning));
        for (const auto& c : b.captures) out += fmt::format("| `{}` | capture point | | {} |\n", c.name, cell(c.meaning));
        for (const auto& s : b.stages) out += fmt::format("| `{}` | stage | | {} |\n", s.name, cell(s.meaning));
        for (const auto& o : b.outcomes) out += fmt::format("| `{}` | {} | | {} |\n", o.name, o.no_room ? "end, lost for want of room" : o.lost ? "end, lost" : "end", cell(o.meaning));
    }
    return out;
}

std::string qemu() {
    std::string out = "\n| rule | where they differ, and why |\n|---|---|\n";
    for (const auto& d : qemu_oracle::differences) out += fmt::format("| `{}` | {} |\n", d.name, cell(d.reason));
    out += "\nLeft out of the sequences, because QEMU's way would hide what follows:\n\n| case | why |\n|---|---|\n";
    for (const auto& d : qemu_oracle::not_generated) out += fmt::format("| `{}` | {} |\n", d.name, cell(d.reason));
    return out;
}

}  // namespace nicteam::docs
