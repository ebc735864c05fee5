#include "nicteam/bounds/feedback_loop.h"

#include <algorithm>

namespace nicteam::bounds {
namespace {
constexpr std::int64_t ipv4_header = 20, esp_front = 8, esp_trailer = 2;      // octets
constexpr std::int64_t ps_per_second = 1'000'000'000'000;
}  // namespace

std::int64_t octets_at_124(std::int64_t datagram, std::int64_t pieces, std::int64_t framing) {
    const std::int64_t whole = datagram + framing;
    return pieces < 2 ? whole : datagram + ipv4_header * (pieces - 1) + framing * pieces + whole;
}

fraction share_of_124(fraction cut, std::int64_t datagram, std::int64_t pieces, std::int64_t framing) {
    const std::int64_t whole = octets_at_124(datagram, 1, framing), round = octets_at_124(datagram, pieces, framing);
    return {cut.denominator * whole, (cut.denominator - cut.numerator) * whole + cut.numerator * round};
}

std::int64_t buffer_142(std::int64_t datagrams, std::int64_t datagram, std::int64_t frame, fraction wire, fraction block, bool feedback_first) {
    const __int128 passing = static_cast<__int128>(feedback_first ? datagrams : 1) * datagram;
    const __int128 above = passing * wire.numerator * block.denominator, below = wire.denominator * block.numerator;
    return static_cast<std::int64_t>((above + below - 1) / below) + frame;
}

bool keeps_up(fraction wire, fraction block, fraction cut, std::int64_t datagram, std::int64_t pieces, std::int64_t framing) {
    const fraction share = share_of_124(cut, datagram, pieces, framing);
    return static_cast<__int128>(wire.numerator) * block.denominator * share.denominator < static_cast<__int128>(block.numerator) * wire.denominator * share.numerator;
}

fraction engine_packet_rate(std::int64_t cipher_clocks, std::int64_t authentication_clocks, bool chained, std::int64_t period_ps) {
    return {ps_per_second, (chained ? std::max(cipher_clocks, authentication_clocks) : cipher_clocks + authentication_clocks) * period_ps};
}

std::int64_t largest_in_tunnel(std::int64_t mtu, std::int64_t iv, std::int64_t block, std::int64_t icv) {
    return (mtu - ipv4_header - esp_front - iv - icv) / block * block - esp_trailer;
}

}  // namespace nicteam::bounds
