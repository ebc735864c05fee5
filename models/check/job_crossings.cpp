#include "check/job_crossings.h"

#include <algorithm>

#include <fmt/format.h>

#include "nicteam/ipsec/process.h"
#include "nicteam/secondary/crypto_service.h"

namespace nicteam::check {
namespace {

// The crossing table, for paths with a service of engines. Source documents 000/001, 30-32 and 37-40: what comes back goes out again as regular data.
struct row { const char* path; unsigned crossings; };
constexpr row table[job_crossings::paths] = {
    {"sent or received as it is, or protected by its own nic", 1},
    {"sent by one nic and received by another of the same host", 2},
    {"job of an application, returned to it", 2},
    {"sent; encrypted by a unit that returns it", 3},
    {"sent by the unit that encrypts it", 1},
    {"received; decrypted by a unit that returns it", 3},
    {"encrypted or decrypted by software", 1},
    {"job of an application, done by software", 0},
    {"CRC-32c for an application, its value in the completion", 1},
    {"job of an application in the memory of the engine's own device", 0},
    {"job on data in another device's memory, peer to peer", 2},
    {"sent; encrypted by a unit that writes it to the memory of the nic that sends it", 2},
    {"sent; encrypted by a unit that writes it to the memory of another nic than sends it", 3},
};

}  // namespace

job_crossings::job_crossings(breaches& b, crossings& packets, sim::session& s) : breaches_(b), packets_(packets) {
    packets.tell(*this);
    s.observe(this);
}

bool job_crossings::serves(std::uint32_t host) const { return std::find(hosts_.begin(), hosts_.end(), host) != hosts_.end(); }

void job_crossings::watch(secondary::crypto_service& s) {
    const std::uint32_t host = packets_.host_of(s.name());
    host_of_[&s] = host;
    if (!serves(host)) hosts_.push_back(host);
    if (host >= sources_.size()) sources_.resize(host + 1), results_.resize(host + 1);
    s.watch(*this);
}

void job_crossings::moved(std::uint32_t host, std::uint64_t address, std::uint32_t octets, bool read) {
    if (host >= sources_.size()) return;
    places& here = (read ? sources_ : results_)[host];
    auto at = here.upper_bound(address);
    if (at != here.begin() && std::prev(at)->second.end > address) --at;
    for (; at != here.end() && at->first < address + octets; ++at)               // a tenure may go beyond
        (read ? at->second.of->read : at->second.of->written) += std::min(address + octets, at->second.end) - std::max(address, at->first);
}

void job_crossings::given(const secondary::crypto_service& s, const secondary::task& t, bool software) {
    const std::uint32_t host = host_of_.at(&s);
    job& j = jobs_[&t] = {&t, host, software};
    if (!t.transmit) {                                             // else its octets are its packet's
        sources_[host][t.source] = {t.source + t.length, &j};
        results_[host][t.destination] = {t.destination + t.room, &j};
    }
    const auto told = stories_.find(t.id);
    if (told == stories_.end()) return;
    story& y = told->second;
    if (y.host != host) y = {path::itself, host, 0, false};
    y.way = t.transmit ? path::sent_by_backup : software ? path::software : t.inbound ? path::in_and_back : t.in_device ? path::to_nic : path::out_and_back;
}

void job_crossings::back(const secondary::crypto_service&, const secondary::task& t, unsigned, bool done, ps at) {
    const auto found = jobs_.find(&t);
    if (found == jobs_.end()) return;
    const job j = found->second;
    if (!t.transmit) {
        sources_[j.host].erase(t.source);
        results_[j.host].erase(t.destination);
    }
    jobs_.erase(found);
    const auto told = stories_.find(t.id);
    if (!done) {
        if (t.transmit) packets_.not_sent(t.id);
        if (told != stories_.end()) told->second.unclear |= j.read || j.written;
        return;
    }
    const int crossed = crossed_by(j, at);
    if (told == stories_.end()) {
        const path way = j.software ? path::software_loop_back : crossed == 0 ? path::inside
                         : t.service == driver::job_service::crc32c ? path::digest
                         : t.in_device ? path::peer_to_peer : path::loop_back;
        if (crossed >= 0 && !t.id) judge(way, static_cast<unsigned>(crossed), "a job", j.host, at);
        return;
    }
    if (t.in_device) packets_.beside_the_bus(t.id);
    if (crossed < 0) told->second.unclear = true;
    else told->second.crossings += crossed;
}

int job_crossings::crossed_by(const job& j, ps at) {
    const secondary::task& t = *j.task;
    const bool device = !j.software && !t.transmit, good = t.job.verdict == static_cast<std::uint8_t>(ipsec::outcome::done);
    const std::uint64_t read = device ? t.length : 0, written = device ? t.job.octets : 0;
    if (t.in_device && !j.read && !j.written) return 0;            // nothing needed a bus
    if (device && t.service == driver::job_service::crc32c && j.read == read && !j.written) return 1;
    if (j.read == read && (j.written == written || (!good && j.written <= t.room))) return device ? 2 : 0;
    if (!packets_.in_doubt(j.host))
        breaches_.report(checker::crossings, at,
                         fmt::format("a job of packet {}: {} of {} B were read over the buses of {}, {} of {} B written", id_text(t.id), j.read, read,
                                     packets_.host_name(j.host), j.written, written));
    return -1;
}

void job_crossings::born(trace_id id, trace_id parent, const std::string& where, std::uint32_t, ps) {
    if (id == 0) return;
    const auto before = parent ? stories_.find(parent) : stories_.end();
    if (before == stories_.end()) {
        const std::uint32_t host = packets_.host_of(where);
        stories_.emplace(id, story{path::itself, serves(host) ? host : 0, 0, false});
        return;
    }
    story y = before->second;
    if (y.host) {                                                  // what its device has moved of the one serves the other
        const auto its = packets_.times(parent, y.host), own = packets_.times(id, y.host);
        if (its && own) y.crossings += static_cast<int>(*its) - static_cast<int>(*own);
        else y.unclear |= its.has_value() != own.has_value();
    }
    stories_.emplace(id, y);
}

void job_crossings::ended(trace_id id, const outcome_info& o, const std::string& where, ps at) {
    const auto found = stories_.find(id);
    if (found == stories_.end()) return;
    const story y = found->second;
    stories_.erase(found);
    if (o.lost || o.goes_on || o.for_others || y.unclear) return;
    const std::uint32_t host = y.host ? y.host : packets_.host_of(where);
    if (!host || !serves(host)) return;
    path way = y.way == path::itself && y.host && packets_.host_of(where) == y.host ? path::to_itself : y.way;
    const auto own = packets_.times(id, host);
    if (way == path::to_nic && own.value_or(0)) way = path::from_nic;
    if (own) judge(way, static_cast<unsigned>(std::max(0, y.crossings + static_cast<int>(*own))), "packet " + id_text(id), host, at);
}

void job_crossings::judge(path way, unsigned crossings, const std::string& who, std::uint32_t host, ps at) {
    const auto n = static_cast<unsigned>(way);
    const bool by_itself = way == path::itself || way == path::to_itself;      // which crossings judges
    if (by_itself && !crossings) return;                           // it never left
    ++packets_of_[n];
    crossings_of_[n] += crossings;
    if (crossings != table[n].crossings && !by_itself)
        breaches_.report(checker::crossings, at, fmt::format("{}, {}, crossed the buses of {} {} times with its jobs; the table has {}", who, table[n].path,
                                                             packets_.host_name(host), crossings, table[n].crossings));
}

std::vector<report::path_crossings> job_crossings::by_path() const {
    std::vector<report::path_crossings> all;
    for (unsigned n = 0; n < paths; ++n)
        if (packets_of_[n]) all.push_back({table[n].path, table[n].crossings, packets_of_[n], crossings_of_[n]});
    return all;
}

}  // namespace nicteam::check
