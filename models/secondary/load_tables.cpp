#include "nicteam/secondary/crypto_load.h"
#include "secondary/load_tables.h"

namespace nicteam::secondary {
namespace {

using config = crypto_load_config;
constexpr const char *author = "given by the author of the scenario", *ours = "own choice";

constexpr parameter_info parameters[] = {
    {"pace", quantity::choice, "closed", nullptr, nullptr, "closed|open", "each of `threads` waits for its result before it asks again; or jobs fall due, whatever became of those before",
     "closed: Keromytis and others, The Design of the OpenBSD Cryptographic Framework, USENIX 2003", store<&config::pace>},
    {"threads", quantity::count, "1", "1", "4096", nullptr, "closed: jobs under way at a time", author, store<&config::threads>},
    {"places", quantity::count, "256", "1", "4096", nullptr, "open: jobs under way at a time; what falls due when all are taken is lost", ours, store<&config::places>},
    {"gap", quantity::time, "100 us", "1 ns", "1000 s", nullptr, "open: from one job to the next, or the mean of that", author, store<&config::gap>},
    {"arrivals", quantity::choice, "regular", nullptr, nullptr, "regular|poisson", "open: gaps are all alike, or exponentially distributed", author, store<&config::arrivals>},
    {"sizes", quantity::choice, "fixed", nullptr, nullptr, "fixed|uniform", "of buffers: all of `size`, or any from `least_size` to `greatest_size`", author, store<&config::sizes>},
    {"size", quantity::size, "1 KiB", "1 B", "60000 B", nullptr, "fixed: octets of a buffer, which is what lies behind an IPv4 header of 20 octets", author, store<&config::size>},
    {"least_size", quantity::size, "16 B", "1 B", "60000 B", nullptr, "uniform: octets of the shortest buffer", author, store<&config::least_size>},
    {"greatest_size", quantity::size, "1 KiB", "1 B", "60000 B", nullptr, "uniform: octets of the longest buffer", author, store<&config::greatest_size>},
    {"work", quantity::choice, "ipsec", nullptr, nullptr, "ipsec|crc32c", "what it asks for: IPsec by a session of its own, or the CRC-32c of buffers (RFC 3720): another service shared alike",
     "source documents 000/001, paragraphs 43 and 56", store<&config::work>},
    {"direction", quantity::choice, "encrypt", nullptr, nullptr, "encrypt|decrypt|alternate", "jobs put the session's association on, take it off, or one after the other",
     "source documents 000/001, paragraph 31", store<&config::direction>},
    {"cipher", quantity::choice, "3des-cbc", nullptr, nullptr, "null|des-cbc|3des-cbc|aes-cbc|aes-ctr|aes-gcm-8|aes-gcm-12|aes-gcm-16", "of the session", "docs/ipsec.md", store<&config::cipher>},
    {"authentication", quantity::choice, "hmac-sha1-96", nullptr, nullptr,
     "null|hmac-md5-96|hmac-sha1-96|hmac-sha2-256-128|hmac-sha2-384-192|hmac-sha2-512-256|aes-xcbc-mac-96|aes-gmac", "of the session", "docs/ipsec.md", store<&config::authentication>},
    {"before", quantity::time, "0 ps", "0 ps", "1 s", nullptr, "time of a CPU for each job, before it is handed to the service; beside that of service and drivers", author, store<&config::before>},
    {"after", quantity::time, "0 ps", "0 ps", "1 s", nullptr, "… and when its result is there", author, store<&config::after>},
    {"before_octet", quantity::time, "0 ps", "0 ps", "1 ms", nullptr, "… for each octet of its buffer, before", author, store<&config::before_octet>},
    {"after_octet", quantity::time, "0 ps", "0 ps", "1 ms", nullptr, "… and after", author, store<&config::after_octet>},
    {"cost", quantity::choice, "constant", nullptr, nullptr, "constant|exponential", "these times are as given, or exponentially distributed with that mean, each drawn by itself", author,
     store<&config::cost>},
    {"start", quantity::time, "", "0 ps", nullptr, nullptr, "when it begins", author, store<&config::start>},
    {"duration", quantity::time, "0 ps", "0 ps", nullptr, nullptr, "jobs begin for this long; 0: until the end of the run", author, store<&config::duration>},
    {"count", quantity::count, "0", "0", nullptr, nullptr, "jobs that it begins; 0: no limit", author, store<&config::count>},
};

}  // namespace

const block_info crypto_load_info = {"crypto_load", "an application that has a pool of engines encrypt and decrypt", parameters, load_metrics, {}, {}, {}, {}, {}};

}  // namespace nicteam::secondary
