#include "nicteam/ipsec/drops.h"

#include <algorithm>
#include <numeric>

namespace nicteam::ipsec {
namespace {

constexpr auto first_passage = static_cast<std::size_t>(passage::discarded), refused = static_cast<std::size_t>(passage::refused);
constexpr std::size_t passages = refused - first_passage, outcomes = static_cast<std::size_t>(outcome::congestion);
static_assert(passages + outcomes == drop_rows);

// In the order of the two enumerations.
constexpr metric_info rows[] = {
    {"discarded", "packets", "dropped by a policy that says discard (RFC 4301, 4.4.1)"},
    {"no_policy", "packets", "selected by no policy (RFC 4301, 5.1)"},
    {"plaintext", "packets", "inbound without the protection that policy asks for (RFC 4301, 5.2); audited"},
    {"no_association", "packets",
     "inbound: no association of this SPI, destination and protocol; outbound: none of the policy's name; audited"},
    {"exhausted", "packets", "the association's sequence numbers are used up (RFC 4303, 3.3.3); audited"},
    {"no_lease", "packets", "the sequence numbers lent are used up and no others have come"},
    {"expired", "packets", "the association's hard lifetime is over (RFC 4301, 4.4.2.1)"},
    {"over_path_mtu", "packets", "longer than the path MTU once protected, and not to be cut (RFC 4301, 8.2)"},
    {"too_deep", "packets", "more associations on one packet than are taken off"},
    {"keepalive", "packets", "kept a translator's mapping alive (RFC 3948, 2.3)"},
    {"malformed", "packets", "no IP, or a chain of headers that does not end"},
    {"fragment", "packets", "a fragment offered to an association (RFC 4303, 3.3.4 and 3.4.1); audited"},
    {"too_big", "packets", "longer than an IP datagram can be, once protected"},
    {"not_ours", "packets", "not of the association's SPI or protocol"},
    {"short_packet", "packets", "cannot hold header, IV, trailer and ICV"},
    {"misaligned", "packets", "text that is no multiple of the cipher's block, or an AH of another length than its algorithm's"},
    {"sequence_zero", "packets", "sequence number 0 (RFC 4303, 3.4.3); audited"},
    {"replayed", "packets", "a sequence number that came before (RFC 4303, 3.4.3); audited"},
    {"too_old", "packets", "a sequence number below the window (RFC 4303, 3.4.3); audited"},
    {"bad_icv", "packets", "a wrong integrity check value (RFC 4303, 3.4.4); audited"},
    {"bad_padding", "packets", "padding that is not 1, 2, 3 … or longer than the text (RFC 4303, 2.4); audited"},
    {"dummy", "packets", "next header 59, thrown away silently (RFC 4303, 2.6)"},
    {"bad_inner", "packets", "a tunnel with no IP inside, or longer than the text"},
    {"selector_mismatch", "packets", "not what the association carries, or between other ends (RFC 4301, 5.2); audited"},
    {"congestion", "packets", "marked outside, not capable inside (RFC 6040, 4.2)"},
};

}  // namespace

const table<metric_info> drop_metrics = rows;

std::size_t drop_row(const passed& p) {
    if (!p.dropped()) return drop_rows;
    if (p.how != passage::refused) return static_cast<std::size_t>(p.how) - first_passage;
    return passages + static_cast<std::size_t>(p.why) - 1;      // the first outcome is `done`
}

void drop_counts::count(const passed& p) {
    const std::size_t row = drop_row(p);
    if (row == drop_rows) return;
    ++counts_[row];
    audited_ += p.auditable();
}

std::uint64_t drop_counts::of(std::string_view name) const {
    const auto* at = std::find_if(drop_metrics.begin(), drop_metrics.end(), [&](const metric_info& m) { return name == m.name; });
    return at == drop_metrics.end() ? 0 : counts_[static_cast<std::size_t>(at - drop_metrics.begin())];
}

std::uint64_t drop_counts::all() const { return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0}); }

}  // namespace nicteam::ipsec
