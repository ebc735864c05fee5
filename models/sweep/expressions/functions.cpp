#include "sweep/expressions/functions.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace nicteam::sweep {
namespace {

using value = expression_value;
using values = std::vector<value>;

constexpr std::size_t any = 64;

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument(why); }

const value& number(const char* name, const value& v) {
    if (v.kind != value::number) refuse(fmt::format("{} is for numbers, not for {}", name, kind_of(v)));
    return v;
}

double plain(const char* name, const value& v) {
    if (number(name, v).of != dimension{}) refuse(fmt::format("{} is for plain numbers, not for {}; divide by a unit first", name, name_of(v.of)));
    return v.amount;
}

const value& list(const char* name, const value& v) {
    if (v.kind != value::list) refuse(fmt::format("{} is for lists, not for {}", name, kind_of(v)));
    return v;
}

template <bool greatest>
value extreme(const char* name, const values& all) {
    const value* found = &number(name, all[0]);
    for (const value& other : all) {
        if (number(name, other).of != found->of)
            refuse(fmt::format("{} takes values of one kind, and here is {} and {}", name, name_of(found->of), name_of(other.of)));
        if (greatest ? other.amount > found->amount : other.amount < found->amount) found = &other;
    }
    return *found;
}

template <double (*of)(double)>
value plainly(const char* name, const values& all) {
    return number_of(of(plain(name, all[0])));
}

value absolute(const char* name, const values& all) {
    return number_of(std::abs(number(name, all[0]).amount), all[0].of);
}

value power(const char* name, const values& all) {
    return number_of(std::pow(plain(name, all[0]), plain(name, all[1])));
}

value count(const char* name, const values& all) {
    return number_of(static_cast<double>(list(name, all[0]).items.size()));
}

value first(const char* name, const values& all) {
    const auto& items = list(name, all[0]).items;
    const double wanted = plain(name, all[1]);
    if (!(wanted >= 0 && wanted <= static_cast<double>(items.size())) || wanted != std::floor(wanted))
        refuse(fmt::format("{} takes 0 to {} of this list, not {:g}", name, items.size(), wanted));
    return list_of({items.begin(), items.begin() + static_cast<std::ptrdiff_t>(wanted)});
}

constexpr function_info functions[] = {
    {"min", 1, any, extreme<false>},      {"max", 1, any, extreme<true>},       {"floor", 1, 1, plainly<std::floor>}, {"ceil", 1, 1, plainly<std::ceil>},
    {"round", 1, 1, plainly<std::round>}, {"abs", 1, 1, absolute},              {"sqrt", 1, 1, plainly<std::sqrt>},   {"log2", 1, 1, plainly<std::log2>},
    {"ln", 1, 1, plainly<std::log>},      {"exp", 1, 1, plainly<std::exp>},     {"pow", 2, 2, power},                 {"count", 1, 1, count},
    {"first", 2, 2, first},
};

}  // namespace

const function_info* find_function(std::string_view name) {
    for (const function_info& f : functions)
        if (name == f.name) return &f;
    return nullptr;
}

std::string function_names() {
    std::string all;
    for (const function_info& f : functions) all += (all.empty() ? "" : ", ") + std::string(f.name);
    return all;
}

}  // namespace nicteam::sweep
