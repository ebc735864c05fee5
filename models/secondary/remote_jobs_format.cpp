#include "nicteam/secondary/remote_jobs_format.h"

namespace nicteam::secondary {
namespace {

enum : std::size_t { version_at = 0, kind_at = 1, work_at = 2, status_at = 3, number_at = 4, session_at = 8, length_at = 10, value_at = 12 };

std::uint64_t big_endian(packet::octets d, std::size_t at, unsigned octets) {
    std::uint64_t v = 0;
    for (unsigned n = 0; n < octets; ++n) v = v << 8 | d[at + n];
    return v;
}

void append(bytes& out, std::uint64_t v, unsigned octets) {
    for (unsigned n = octets; n-- > 0;) out.push_back(static_cast<std::uint8_t>(v >> 8 * n));
}

}  // namespace

void append_remote(bytes& out, const remote_message& m) {
    append(out, remote_version, 1);
    append(out, static_cast<std::uint8_t>(m.kind), 1);
    append(out, static_cast<std::uint8_t>(m.work), 1);
    append(out, static_cast<std::uint8_t>(m.status), 1);
    append(out, m.number, 4);
    append(out, m.session, 2);
    append(out, m.data.size, 2);
    append(out, m.value, 8);
    out.insert(out.end(), m.data.data, m.data.data + m.data.size);
}

std::optional<remote_message> read_remote(packet::octets d) {
    if (d.size < remote_header || d[version_at] != remote_version) return {};
    remote_message m;
    m.kind = static_cast<remote_kind>(d[kind_at]);
    m.work = static_cast<remote_work>(d[work_at]);
    m.status = static_cast<remote_status>(d[status_at]);
    m.number = static_cast<std::uint32_t>(big_endian(d, number_at, 4));
    m.session = static_cast<std::uint16_t>(big_endian(d, session_at, 2));
    m.value = big_endian(d, value_at, 8);
    m.data = d.from(remote_header);
    const bool request = m.kind == remote_kind::request, done = m.status == remote_status::done;
    if ((!request && m.kind != remote_kind::reply) || m.work < remote_work::encrypt || m.work > remote_work::crc32c) return {};
    if (d[status_at] >= remote_statuses || big_endian(d, length_at, 2) != m.data.size) return {};
    if (request && (!done || m.value || !m.data.size)) return {};
    if (!done && (m.value || m.data.size)) return {};
    return m;
}

std::optional<std::uint32_t> number_of_malformed(packet::octets d) {
    if (d.size < number_at + 4 || d[kind_at] != static_cast<std::uint8_t>(remote_kind::request)) return {};
    return static_cast<std::uint32_t>(big_endian(d, number_at, 4));
}

}  // namespace nicteam::secondary
