// One maker a mode, in the order of mode_choices.
#pragma once

#include "nicteam/team/mode_config.h"

namespace nicteam::team {

std::unique_ptr<mode> make_aft(const mode_config&, random_stream);
std::unique_ptr<mode> make_alb(const mode_config&, random_stream);
std::unique_ptr<mode> make_active_backup(const mode_config&, random_stream);
std::unique_ptr<mode> make_balance_rr(const mode_config&, random_stream);
std::unique_ptr<mode> make_balance_xor(const mode_config&, random_stream);
std::unique_ptr<mode> make_broadcast(const mode_config&, random_stream);
std::unique_ptr<mode> make_802_3ad(const mode_config&, random_stream);
std::unique_ptr<mode> make_balance_tlb(const mode_config&, random_stream);
std::unique_ptr<mode> make_balance_alb(const mode_config&, random_stream);

}  // namespace nicteam::team
