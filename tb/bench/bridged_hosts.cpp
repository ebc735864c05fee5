// The load of team_load.cpp ("plain") in ns-3, as a measure of speed: four hosts and four clients at one bridge, each pair 8,127 datagrams of 1500 octets of IP per second
// each way. ns-3's bridge takes CSMA devices, whose medium is half duplex: 240 Mb/s there carry what 100 Mb/s full duplex carry here. It has no octets,
// no bus, no drivers, no team: frames with a size, and IP and UDP of the hosts. Built where libns3-dev is installed (scripts/setup --compare).
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include <ns3/applications-module.h>
#include <ns3/bridge-module.h>
#include <ns3/core-module.h>
#include <ns3/csma-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>

#include "bench/counted.h"

namespace {

constexpr std::uint16_t port = 9;
constexpr std::uint32_t pairs = 4, payload = 1500 - 20 - 8;

std::uint64_t received = 0;

void count(ns3::Ptr<const ns3::Packet>, const ns3::Address&) {
    ++received;
}

}  // namespace

int main() {
    using namespace ns3;
    NodeContainer hosts, bridge;
    hosts.Create(2 * pairs);
    bridge.Create(1);

    CsmaHelper lan;
    lan.SetChannelAttribute("DataRate", DataRateValue(DataRate("240Mbps")));
    lan.SetChannelAttribute("Delay", TimeValue(NanoSeconds(500)));
    NetDeviceContainer at_hosts, at_bridge;
    for (std::uint32_t i = 0; i < hosts.GetN(); ++i) {
        const NetDeviceContainer link = lan.Install(NodeContainer(hosts.Get(i), bridge.Get(0)));
        at_hosts.Add(link.Get(0));
        at_bridge.Add(link.Get(1));
    }
    BridgeHelper().Install(bridge.Get(0), at_bridge);
    InternetStackHelper().Install(hosts);
    Ipv4AddressHelper addresses;
    addresses.SetBase("192.0.2.0", "255.255.255.0");
    const Ipv4InterfaceContainer interfaces = addresses.Assign(at_hosts);

    ApplicationContainer sinks, sources;
    for (std::uint32_t i = 0; i < hosts.GetN(); ++i) {
        const std::uint32_t other = (i + pairs) % hosts.GetN();
        sinks.Add(PacketSinkHelper("ns3::UdpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), port)).Install(hosts.Get(i)));
        OnOffHelper source("ns3::UdpSocketFactory", InetSocketAddress(interfaces.GetAddress(other), port));
        source.SetConstantRate(DataRate(8127ull * 8 * payload), payload);
        sources.Add(source.Install(hosts.Get(i)));
    }
    for (std::uint32_t i = 0; i < sinks.GetN(); ++i) sinks.Get(i)->TraceConnectWithoutContext("Rx", MakeCallback(&count));
    sinks.Start(Seconds(0));
    sources.Start(MilliSeconds(1));

    const Time warm_up = MilliSeconds(20), window = nicteam::bench::counting() ? MilliSeconds(30) : MilliSeconds(1000);
    Simulator::Stop(warm_up);
    Simulator::Run();
    const std::uint64_t before = received;
    const auto begin = std::chrono::steady_clock::now();
    {
        nicteam::bench::counted_work work("ns3_bridged_hosts");
        Simulator::Stop(window);
        Simulator::Run();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    const auto packets = static_cast<double>(received - before);
    // A packet of team_load.cpp is one transmit or one receive at a NIC of the team: as many as arrive here, either way.
    if (nicteam::bench::counting()) std::printf("ns3_bridged_hosts %.0f packet -\n", packets);
    else std::printf("ns3_bridged_hosts %.0f packets/s -\nns3_bridged_hosts_simulated %.3f s/s -\n", packets / took.count(), window.GetSeconds() / took.count());
    Simulator::Destroy();
}
