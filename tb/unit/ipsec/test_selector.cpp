#include <catch2/catch.hpp>

#include "nicteam/ipsec/selector.h"

using namespace nicteam;
using namespace nicteam::ipsec;

namespace {
packet::ip_address ip(const char* t) { return *packet::parse_ip(t); }
}

TEST_CASE("a prefix contains what shares its bits") {
    CHECK(prefix{ip("192.0.2.0"), 24}.contains(ip("192.0.2.255")));
    CHECK_FALSE(prefix{ip("192.0.2.0"), 24}.contains(ip("192.0.3.0")));
    CHECK(prefix{ip("192.0.2.128"), 25}.contains(ip("192.0.2.200")));
    CHECK_FALSE(prefix{ip("192.0.2.128"), 25}.contains(ip("192.0.2.127")));
    CHECK(prefix{ip("192.0.2.1"), 32}.contains(ip("192.0.2.1")));
    CHECK_FALSE(prefix{ip("192.0.2.1"), 32}.contains(ip("192.0.2.0")));
    CHECK(prefix{ip("2001:db8:8000::"), 33}.contains(ip("2001:db8:ffff::1")));
    CHECK_FALSE(prefix{ip("2001:db8:8000::"), 33}.contains(ip("2001:db8:7fff::1")));
    CHECK_FALSE(prefix{ip("2001:db8::"), 32}.contains(ip("192.0.2.1")));
    CHECK(prefix{}.contains(ip("192.0.2.1")));
    CHECK(prefix{}.contains(ip("::1")));
}

TEST_CASE("ports are asked only where they can be seen") {
    flow f;
    f.source = ip("192.0.2.1");
    f.destination = ip("192.0.2.2");
    f.protocol = 17;
    f.ports_known = true;
    f.source_port = 1'000;
    f.destination_port = 53;
    selector s;
    CHECK(s.selects(f));
    s.protocol = 6;
    CHECK_FALSE(s.selects(f));
    s.protocol = 17;
    s.destination_ports = {53, 53};
    CHECK(s.selects(f));
    s.source_ports = {1'001, 2'000};
    CHECK_FALSE(s.selects(f));
    s.source_ports = {999, 1'000};
    CHECK(s.selects(f));
    f.ports_known = false;
    CHECK_FALSE(s.selects(f));
    s.source_ports = s.destination_ports = {};
    CHECK(s.selects(f));
}
