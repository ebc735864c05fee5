// Another reader's opinion of our bytes.
#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>

#include "nicteam/packet/arp.h"
#include "nicteam/packet/ethernet.h"
#include "nicteam/packet/fcs.h"
#include "nicteam/packet/icmp.h"
#include "nicteam/packet/ipv4.h"
#include "nicteam/packet/pcapng_writer.h"
#include "nicteam/packet/traffic_payload.h"
#include "scratch_file.h"

using namespace nicteam;
using namespace nicteam::packet;

namespace {

std::string output_of(const std::string& command) {
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    std::string out;
    char part[4096];
    while (const std::size_t n = std::fread(part, 1, sizeof part, pipe.get())) out.append(part, n);
    return out;
}

}  // namespace

TEST_CASE("tshark reads the captures and finds every checksum good but the damaged one") {
    if (std::system("tshark --version >/dev/null 2>&1") != 0) {
        WARN("skipped: tshark is not installed");
        return;
    }
    const nicteam::test::scratch_file path("tshark.pcapng");
    {
        pcapng_writer w(path.name, "nicteam");
        capture_interface i;
        i.name = "lan0.a_to_b.wire";
        i.speed = 100'000'000;
        i.fcs_octets = 4;
        w.add_interface(i);
        traffic_addresses a;
        a.source_mac = {2, 0, 0, 0, 0, 1};
        a.destination_mac = {2, 0, 0, 0, 0, 2};
        a.source_ip = 0xC0000201;
        a.destination_ip = 0xC0000202;
        a.source_port = 9000;
        a.destination_port = 9;
        for (unsigned n = 0; n < 5; ++n) {
            auto f = frame::make();
            if (n == 0) build_arp_request(f->data, a.source_mac, a.source_ip, a.destination_ip);
            else if (n == 4) {
                a.raw = a.snap = true;
                build_traffic_frame(f->data, a, 100, 1, n, 0);
            }
            else if (n < 3) build_traffic_frame(f->data, a, n == 1 ? 64 : 1518, 1, n, 0);
            else {
                append_ethernet(f->data, a.destination_mac, a.source_mac, ether_type::ipv4);
                append_ipv4(f->data, ipv4_fields{a.source_ip, a.destination_ip, ip_protocol::icmp}, 8 + 56);
                append_icmp_echo(f->data, false, 1, 1, bytes(56, 0x5A));
            }
            append_lazy_fcs(*f);
            ensure_fcs(*f);
            if (n == 2) f->data[100] ^= 1;
            w.packet(0, n * 123'456'789'000, f->data, packet_direction::outbound, n == 2 ? pcapng_writer::crc_error : 0, n == 2 ? "damaged on the wire" : nullptr);
        }
        REQUIRE(w.close());
    }
    const std::string seen = output_of("tshark -n -o eth.check_fcs:TRUE -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -r " + path.name +
        " -T fields -E separator=, -e frame.time_epoch -e frame.interface_name -e frame.len -e eth.fcs.status -e ip.checksum.status"
        " -e udp.checksum.status -e icmp.checksum.status -e llc.type -e frame.packet_flags_direction -e frame.comment 2>/dev/null");
    CHECK(seen ==
          "0.000000000,lan0.a_to_b.wire,64,1,,,,,0x00000002,\n"
          "0.123456789,lan0.a_to_b.wire,64,1,1,1,,,0x00000002,\n"
          "0.246913578,lan0.a_to_b.wire,1518,0,1,0,,,0x00000002,damaged on the wire\n"
          "0.370370367,lan0.a_to_b.wire,102,1,1,,1,,0x00000002,\n"
          "0.493827156,lan0.a_to_b.wire,100,1,,,,0x88b5,0x00000002,\n");
}
