#include "scenario/checks/objections.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/ipsec/refusal.h"
#include "scenario/relations/contradiction.h"
#include "scenario/language/text_forms.h"
#include "scenario/language/values.h"
#include "scenario/relations/security.h"

namespace nicteam::scenario {
namespace {

std::string with_value(const component& sa, const setting& s) {
    const bool text = s.row->kind == quantity::text || s.row->kind == quantity::choice;
    return fmt::format("sa.{} of {} = {}", s.row->name, sa.path, text ? quoted(s.written) : to_toml(*s.row, s.value));
}

void tell(const component& sa, const ipsec::objection& o, problems& found) {
    const setting *s = sa.find(o.key), *beside = *o.beside ? sa.find(o.beside) : nullptr;
    if (s->refused || (beside && beside->refused)) return;                              // told already, and not what was meant
    if (!s->given() && beside && beside->given()) std::swap(s, beside);
    if (!s->given()) return found.add(sa.at, fmt::format("sa: {}: {}", sa.path, o.why));
    found.add(beside ? blamed(*s, *beside) : s->at, fmt::format("{}{}: {}", with_value(sa, *s), beside ? and_where(*s, *beside, found) : "", o.why));
}

}  // namespace

bool check_objections(const component& sa, const resolved& r, problems& found) {
    auto config = sa.configure<ipsec::association_config>(ipsec::association_info);
    std::vector<std::string> wrong;
    for (const auto& [key, text] : {std::pair("key", &config.key), std::pair("authentication_key", &config.authentication_key)}) {
        bytes out;
        if (ipsec::parse_key(*text, out)) continue;
        const setting& s = *sa.find(key);
        found.add(s.at, fmt::format("sa.{} = {}: is no key; allowed: \"0x\" and an even number of hexadecimal digits", key, quoted(s.written)));
        wrong.emplace_back(key);
        text->clear();
    }
    for (const auto& [key, text] : {std::pair("inner_source", &config.inner_source), std::pair("inner_destination", &config.inner_destination)})
        if (!text->empty() && !form_of(key)->holds(*text)) wrong.emplace_back(key), text->clear();              // told already
    const auto against = ipsec::objections(ipsec::parameters_of(config, sa.path, end_of(sa, "from", r), end_of(sa, "to", r)));
    for (const ipsec::objection& o : against)
        if (std::find(wrong.begin(), wrong.end(), o.key) == wrong.end()) tell(sa, o, found);
    return wrong.empty() && against.empty();
}

}  // namespace nicteam::scenario
