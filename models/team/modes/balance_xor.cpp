// balance-xor of Linux bonding: a hash of the frame's flow chooses among the good members.
#include "team/modes/all_active.h"
#include "team/modes/modes.h"
#include "team/modes/spread.h"

namespace nicteam::team {
namespace {

class balance_xor : public all_active {
public:
    explicit balance_xor(aggregation::hash_policy p) : all_active(mode_kind::balance_xor), spread_(p) {}
    void choose(const frame_view& f, const members& all, ps, route& out) override {
        if (!usable().empty()) out.add(usable()[spread_.pick(f, usable(), all)]);
    }

private:
    spread_by_hash spread_;
};

}  // namespace

std::unique_ptr<mode> make_balance_xor(const mode_config& c, random_stream) { return std::make_unique<balance_xor>(c.xmit_hash_policy); }

}  // namespace nicteam::team
