// Captures for a judge outside: tcp_capture WHAT FILE [SEED]. WHAT is lossless, lossy (data from one end lost, nothing else), closed_window, ipv6.
// Prints what the judge compares: text segments lost, octets each way.
#include <cstdio>
#include <cstring>

#include "unit/tcp/two_ends.h"

using namespace nicteam;
using namespace nicteam::tcp;
using namespace nicteam::tcp::test;

int main(int n, char** words) {
    if (n < 3) return 2;
    const std::string what = words[1];
    const std::uint64_t seed = n > 3 ? std::strtoull(words[3], nullptr, 10) : 1;
    tcp_rules r;
    r.cached.initial_receive_window = r.send_capacity = 400'000;
    r.maximum_segment_lifetime = second;
    tcp_rules receiver = r;
    if (what == "closed_window") receiver.cached.initial_receive_window = 20'000;
    two_ends t(seed, r, receiver, what == "ipv6" ? 6 : 4);
    t.record(words[2]);
    t.e[0].to_send = what == "closed_window" ? 60'000 : 700'000;
    t.e[1].to_send = what == "lossy" ? 0 : 30'000;
    if (what == "closed_window") t.e[1].reads_at_once = 0;        // until it has been probed
    if (what == "lossy") t.way[0].loss = 8;
    t.open(0);
    if (what == "closed_window") {
        t.run(5 * second);
        t.e[1].reads_at_once = SIZE_MAX;
    }
    if (!t.run(1'000 * second) || !t.all_there()) return 1;
    t.write_capture();
    std::printf("%llu %llu %llu\n", static_cast<unsigned long long>(t.lost_text), static_cast<unsigned long long>(t.e[0].to_send),
                static_cast<unsigned long long>(t.e[1].to_send));
    return 0;
}
