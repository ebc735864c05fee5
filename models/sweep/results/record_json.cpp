#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sweep/results/record.h"

namespace nicteam::sweep {
namespace {

using json = nlohmann::ordered_json;
constexpr const char* format_name = "nicteam sweep record 1";
constexpr const char* statuses[] = {"held", "broken", "failed"};

}  // namespace

std::string to_json(const record& r) {
    json j{{"format", format_name}, {"identity", r.identity}, {"status", statuses[r.status]}, {"exit", r.exit}, {"why", r.why}, {"limited_by", r.limited_by}};
    json& answers = j["answers"] = json::object();
    for (const auto& [q, all] : r.answers) {
        json& one = answers[to_string(q)] = json::array();
        for (const answer& a : all) {
            one.push_back({{"path", a.path}, {"unit", a.unit}, {"value", a.value ? json(*a.value) : json(nullptr)}});
            if (!a.why.empty()) one.back()["why"] = a.why;
        }
    }
    j["wall_seconds"] = r.wall_seconds;
    return j.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

record read_record(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file));
    try {
        const json j = json::parse(in);
        if (j.at("format") != format_name)
            throw std::runtime_error(fmt::format("{}: is a \"{}\", not a \"{}\"", file, j.at("format").get<std::string>(), format_name));
        record r;
        r.identity = j.at("identity").get<std::string>();
        const std::string status = j.at("status").get<std::string>();
        r.status = status == statuses[record::held] ? record::held : status == statuses[record::broken] ? record::broken : record::failed;
        r.exit = j.at("exit").get<int>();
        r.why = j.at("why").get<std::string>();
        r.limited_by = j.at("limited_by").get<std::string>();
        r.wall_seconds = j.at("wall_seconds").get<double>();
        for (const auto& [text, all] : j.at("answers").items()) {
            std::vector<answer> answers;
            for (const json& a : all) {
                answers.push_back({a.at("path").get<std::string>(), a.at("unit").get<std::string>(), {}});
                answers.back().why = a.value("why", "");
                if (!a.at("value").is_null()) answers.back().value = a.at("value").get<double>();
            }
            r.answers.emplace_back(question_of(text), std::move(answers));
        }
        return r;
    } catch (const json::exception& why) {
        throw std::runtime_error(fmt::format("{}: is no record of a run: {}", file, why.what()));
    }
}

}  // namespace nicteam::sweep
