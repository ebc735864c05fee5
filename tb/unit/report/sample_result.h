// A small result for the tests of the writers.
#pragma once

#include "nicteam/report/result.h"

namespace nicteam::test {

inline const metric_info tenures_row{"tenures", "tenures", "times that the bus was taken", metric_info::counter};
inline const metric_info busy_row{"busy", "ps", "busy", metric_info::level};
inline const metric_info wait_row{"grant_wait", "ps", "from REQ# to FRAME#", metric_info::histogram};
inline const metric_info interrupts_row{"interrupts", "interrupts", "taken", metric_info::counter};

inline report::run_result sample_result() {
    report::run_result r;
    r.scenario = "quickstart";
    r.title = "a \"title\"";
    r.version = "0.1.0";
    r.seed = 18446744073709551615ull;
    r.from = millisecond;
    r.until = r.end = 11 * millisecond;
    report::metric_value busy, wait, tenures, interrupts;
    busy.path = "server.cpu0.busy";
    busy.info = &busy_row;
    busy.sum = 4 * millisecond;
    busy.greatest = 1;
    interrupts.path = "server.cpu0.interrupts";
    interrupts.info = &interrupts_row;
    interrupts.total = 1000;
    wait.path = "server.pci0.grant_wait";
    wait.info = &wait_row;
    wait.total = 2;
    wait.sum = 90'000;
    wait.p50 = wait.least = 30'000;
    wait.p90 = wait.p99 = wait.p999 = wait.greatest = 60'000;
    tenures.path = "server.pci0.tenures";
    tenures.info = &tenures_row;
    tenures.total = 12'345;
    r.metrics = {busy, interrupts, wait, tenures};
    report::flow f{"client", "server.stack", 1000, 64'000, {}, {{"born", "wire_end", {}}, {"wire_end", "end", {}}}, {}};
    histogram all, first, second;
    f.over_time = r.lost_over_time = report::time_series(r.from);
    for (int i = 0; i < 1000; ++i) {
        all.add(10 * microsecond + i);
        first.add(6 * microsecond);
        second.add(4 * microsecond + i);
        f.over_time.add(r.from + (i + 1) * 9 * microsecond, 1, 64);
    }
    f.latency = report::distribution(all, true);
    f.hops[0].time = first;
    f.hops[1].time = second;
    for (int i = 0; i < 10; ++i) r.lost_over_time.add(r.from + i * microsecond, 1, 64);
    r.lost_over_time.widen_to(f.over_time.step);
    r.flows.push_back(f);
    r.losses = {{"client", "server.pci0.nic0", "overrun", "the receive FIFO was full", 10, 640}};
    r.still_held = {{"lan0.a_to_b after wire_begin", 1}};
    r.resources = {{"server.pci0", "bus", {320'000, 1}, {333'333, 1}, "clocks", "33.3 Mclocks/s", "PCI 2.2"}, {"server.cpu0", "cpu", {1,
            1}, {10, 1}, "ms", "", ""}};
    r.waits = {{"born", "wire_end", "client to server.stack", 1000, 6'000'000'000}};
    r.limit = bounds::find_limit(r.resources, r.waits);
    r.fills = {{"server.pci0.nic0.rx_fifo", "B", static_cast<__int128>(128) * 10 * millisecond, 3072, 3072}};
    r.verdicts = {{"line_rate", "client.frames at_least 1000", "1 000 frames", true}, {"none_lost", "server.lost at_most 0", "10 frames", false}};
    r.checks = {{"conservation", false, 0, ""}, {"crossings", true, 2, "at 1.00 us: packet 1:2"}};
    r.notes = {"packets.csv has the first 10 packets"};
    return r;
}

}  // namespace nicteam::test
