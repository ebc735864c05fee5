// Any octets as a block list and as parts of states, to an offload target between calls of its host's layers: refused or taken, nothing in two places,
// nothing left behind when all has come back.
#include "fuzz/target.h"
#include "unit/chimney/chimney_stack.h"

using namespace nicteam;
using namespace nicteam::chimney;
using namespace nicteam::chimney::test;
using nicteam::fuzz::demand;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t octets) {
    fuzz::tape t(input, octets);
    {
        std::string why;
        const auto list = block_list::decode(input, octets, why);
        demand(list.empty() == !why.empty(), "refused with a reason, or taken");
        if (!list.empty()) demand(block_list::decode(list.encode().data(), list.octets(), why).encode() == list.encode(), "a list is itself again");
    }
    chimney_options k;
    const std::uint32_t how = t.octet();
    k.state_with_request = how & 1;
    k.queue_requests = how & 2;
    abilities a;
    a.connections = 1 + (how >> 2 & 7);
    a.urgent = how & 32;
    chimney_stack s(k, a);
    std::vector<std::uint64_t> names;
    for (std::uint16_t port = 1; port <= 4; ++port) names.push_back(s.name_of(port));
    while (t.left()) {
        std::vector<std::uint64_t> some;
        const std::uint32_t which = t.octet();
        for (unsigned n = 0; n < 4; ++n)
            if (which >> n & 1) some.push_back(names[n]);
        const std::uint64_t one = names[which >> 4 & 3];
        switch (t.below(10)) {
            case 0: s.top.offload(s.now, some, which & 64, which & 128); break;
            case 1: s.top.upload(s.now, some); break;
            case 2: s.top.send(s.now, one, bytes(t.octet(), 7)); break;
            case 3: s.peer_says(static_cast<std::uint16_t>(1 + t.below(4)), std::string(t.octet(), 'x')); break;
            case 4: s.wire(); break;
            case 5: {                            // a list of the host's, changed on its way: its objects are nobody's
                block_list l;
                const auto n = l.add(s.neighbour_block());
                l.add(s.path_block(), n);
                bytes o = l.encode();
                for (std::uint32_t c = t.below(4); c-- > 0;) o[t.word() % o.size()] = static_cast<std::uint8_t>(t.octet());
                std::string why;
                const auto changed = block_list::decode(o.data(), o.size(), why);
                if (changed.empty()) break;
                const auto done = s.device.offload(s.now, changed, which & 1, s.o);
                s.device.upload(s.now, done);
                break;
            }
            case 6: s.device.load(s.now, {t.dword(), t.octet()}, static_cast<part>(t.below(3)), t.octets(t.octet()), s.o); break;
            case 7: s.now += t.octet() * millisecond; break;
            default: s.one();
        }
        for (const auto x : names)
            demand(!(s.table[0].find(s.transport.in_host(x)) && s.device.connection(s.transport.in_device(x))), "a connection is in one place");
        demand(s.transport.size() <= 4, "no more than there are");
    }
    s.settle();
    s.top.upload(s.now, names);
    s.settle();
    demand(s.transport.size() == 0 && s.network.size() == 0 && s.framing.size() == 0, "the layers have everything back");
    return 0;
}
