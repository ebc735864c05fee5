#include "nicteam/team/mode_config.h"
#include "team/modes/modes.h"

namespace nicteam::team {

std::unique_ptr<mode> make_mode(const mode_config& c, random_stream random) {
    using maker = std::unique_ptr<mode> (*)(const mode_config&, random_stream);
    static constexpr maker makers[] = {make_aft, make_alb, make_active_backup, make_balance_rr, make_balance_xor, make_broadcast, make_802_3ad, make_balance_tlb, make_balance_alb};
    static_assert(sizeof makers / sizeof *makers == mode_kinds);
    return makers[static_cast<unsigned>(c.mode)](c, random);
}

}  // namespace nicteam::team
