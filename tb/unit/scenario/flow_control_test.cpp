// Flow control that could stop nobody is refused, with its reason.
#include <catch2/catch.hpp>

#include "unit/scenario/text_scenario.h"

using nicteam::test::small;
using nicteam::test::text_scenario;

namespace {

std::string said(const std::vector<std::string>& sets) {
    text_scenario s;
    nicteam::scenario::read_options o;
    o.sets = sets;
    o.sets.push_back("nic.driver.flow_control=true");
    return s.errors(small, o);
}

bool refused(const std::vector<std::string>& sets, const std::string& why) {
    const std::string e = said(sets);
    INFO(e);
    CHECK(e.find(why) != std::string::npos);
    return !e.empty();
}

}  // namespace

TEST_CASE("flow control is good with every identity that has it") {
    CHECK(said({}) == "");
    for (const char* identity : {"82558", "82559", "82550", "extended"}) CHECK(said({std::string("nic.identity=\"") + identity + "\""}) == "");
    CHECK(refused({"nic.identity=\"82557\""}, "an 82557 knows no PAUSE frames"));
}

TEST_CASE("flow control in half duplex is refused whichever end makes it so") {
    const std::string why = "there are no PAUSE frames in half duplex";
    CHECK(refused({"peer.duplex=half"}, why + ", and client is half duplex"));
    CHECK(refused({"peer.autonegotiation=false"}, why + ", and client does not negotiate"));
    CHECK(refused({"link.rate=\"10 Mbps\"", "peer.duplex=half"}, why));
    CHECK(said({"link.rate=\"1 Gbps\"", "nic.link_rate=\"1 Gbps\"", "nic.identity=\"extended\"", }) == "");      // a gigabit link is full duplex
    text_scenario s;
    std::string hub = small;
    hub.replace(hub.find("[[peer]]\nname = \"client\""), 24, "[[repeater]]\nname = \"client\"\nduplex = \"half\"");
    nicteam::scenario::read_options o;
    o.sets = {"nic.driver.flow_control=true"};
    CHECK(s.errors(hub, o).find(why + ", and client is half duplex") != std::string::npos);
}

TEST_CASE("flow control needs a FIFO above its threshold and a delay above 0") {
    const std::string fifo = "nic.identity=\"extended\"";
    CHECK(refused({fifo, "nic.rx_fifo=\"2 KiB\""}, "counts as full at 2048 B free, and its size is 2048 B"));
    CHECK(said({fifo, "nic.rx_fifo=\"2049 B\""}) == "");
    CHECK(refused({fifo, "nic.rx_fifo=\"512 B\"", "nic.driver.flow_control_threshold=0"}, "nic.driver.flow_control_threshold = 0"));
    CHECK(said({fifo, "nic.rx_fifo=\"513 B\"", "nic.driver.flow_control_threshold=0"}) == "");
    CHECK(refused({"nic.driver.flow_control_delay=0"}, "a PAUSE of 0 slots stops nobody"));
    CHECK(said({"nic.driver.flow_control_delay=1"}) == "");
}

TEST_CASE("with a crypto block flow control needs a buffer 142 above its threshold") {
    const std::string is = "nic.identity=\"extended\"", block = "nic.crypto.enable=true", address = "nic.address=\"192.0.2.1/24\"";
    CHECK(said({is, block, address, "nic.rx_fifo=\"2 KiB\""}) == "");
    CHECK(said({is, block, address, "nic.crypto.buffer_142=\"2049 B\""}) == "");
    CHECK(refused({is, block, address, "nic.crypto.buffer_142=\"2 KiB\""},
                  "the buffer counts as full at 2048 B free, and its size is 2048 B (crypto.buffer_142): it would never have room; "
                  "allowed: a lower threshold, or a larger buffer"));
}
