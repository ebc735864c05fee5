#include "scenario/notes/start_notes.h"

#include <fmt/format.h>

#include "nicteam/nic/eeprom.h"
#include "nicteam/nic/nic.h"

namespace nicteam::scenario {
namespace {

constexpr const char* wrong_sum = "the sum of its EEPROM's words is wrong";

class start {
public:
    start(const component& nic, sim::session& s) : nic_(nic), session_(s) {}

    bool ready() const { return total(".driver.ready_at") != 0; }

    std::string why_not() const {
        if (total(".driver.failed_self_test")) return "its self-test failed";
        if (total(".driver.bad_eeprom")) return wrong_sum;
        if (total(".driver.no_phy")) return "no PHY answered";
        if (total(".driver.failed_start")) return "it did not answer its driver";
        return "";
    }

    std::string told() const {
        const std::string up = at(".link_at"), seen = at(".driver.link_at"), why = why_not();
        return fmt::format("{}; {}{}", ready() ? "ready at " + at(".driver.ready_at") : "never became ready" + (why.empty() ? why : ": " + why),
                           up.empty() ? "its link never came up" : "link up at " + up,
                           up.empty() ? "" : seen.empty() ? ", which its driver has not seen" : ", seen by its driver at " + seen);
    }

    // Of a run that started ready: what would have kept it from starting cold.
    std::string unseen() const {
        if (nic_.text("eeprom").empty() || nic::checksum_right(nic::eeprom_of(nic_.configure<nic::nic_config>(nic::nic_info)))) return "";
        return fmt::format("{}: a driver that starts in full refuses it; this one has not read it", wrong_sum);
    }

private:
    std::uint64_t total(const char* of) const {
        for (const sim::bound_metric& m : session_.metrics())
            if (m.path == nic_.path + of && m.as_counter) return m.as_counter->value();
        return 0;
    }
    std::string at(const char* of) const {
        const auto t = static_cast<ps>(total(of));
        return t ? format_quantity(quantity::time, t / microsecond * microsecond) : "";
    }

    const component& nic_;
    sim::session& session_;
};

}  // namespace

std::vector<std::string> start_notes(const resolved& r, sim::session& s) {
    std::vector<std::string> notes;
    for (const component* c : r.of_kind("nic")) {
        const start nic(*c, s);
        std::string told;
        if (r.top.text("start") == "cold") told = nic.told();
        else if (const std::string why = nic.why_not(); !why.empty()) told = (nic.ready() ? "a start failed: " : "never became ready: ") + why;
        else told = nic.unseen();
        if (!told.empty()) notes.push_back(c->path + ": " + told);
    }
    return notes;
}

}  // namespace nicteam::scenario
