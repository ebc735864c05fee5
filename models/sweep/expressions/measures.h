// Words that ask something of a metric, a resource or a team in an expression: "p99(client.up.delay)", "use(server.pci0)", "outage(server.team0)".
#pragma once

namespace nicteam::sweep {

// Of a team's failovers: from fault to the first notice, and to the decision; the silence of its flows.
constexpr const char* failover_measures[] = {"detection", "decision", "outage"};

constexpr const char* measures[] = {"total", "rate", "share", "mean", "least", "greatest", "p50", "p90", "p99", "p999", "use", "throughput",
                                    "detection", "decision", "outage"};

}  // namespace nicteam::sweep
