#include "nicteam/pci/pci_bridge.h"

namespace nicteam::pci {
namespace {

constexpr parameter_info parameters[] = {
    {"crossing", quantity::count, "2", "1", "64", nullptr,
     "clocks of the receiving bus from the idle edge of a tenure to the bridge's decision on the other side",
     "choice: synchroniser of two stages", store<&pci_bridge_config::crossing>},
    {"posted_bytes", quantity::size, "256 B", "4 B", "64 KiB", nullptr,
     "posted memory writes that the bridge holds, each way; who finds no room is disconnected, then retried",
     "choice: as in bridges of the 82559's years, 100 to 300 bytes; bridge specification 1.1, 5.1.1",
     store<&pci_bridge_config::posted_bytes>},
    {"posted_writes", quantity::count, "4", "1", "64", nullptr, "tenures that the posted writes may come from, each way",
     "choice: as posted_bytes", store<&pci_bridge_config::posted_writes>},
    {"delayed", quantity::count, "4", "1", "64", nullptr, "delayed transactions that the bridge works on or keeps the answer of, each way",
     "choice; PCI 2.2, 3.3.3.3: at least one", store<&pci_bridge_config::delayed>},
    {"read_bytes", quantity::size, "256 B", "4 B", "4 KiB", nullptr, "the most that is fetched ahead for one delayed read",
     "choice: as posted_bytes", store<&pci_bridge_config::read_bytes>},
    {"line_prefetch", quantity::count, "1", "0", "64", nullptr, "cache lines fetched for a memory read line; 0: one word",
     "PCI 2.2, 3.1.2: to the end of the line", store<&pci_bridge_config::line_prefetch>},
    {"multiple_prefetch", quantity::count, "4", "0", "64", nullptr, "cache lines fetched for a memory read multiple; 0: one word",
     "choice: PCI 2.2, 3.1.2 says more than one line", store<&pci_bridge_config::multiple_prefetch>},
};

constexpr metric_info way_metrics[] = {
    {"posted", "tenures", "memory writes that were posted"},
    {"posted_bytes", "B", "bytes that were posted"},
    {"posted_full", "tenures", "memory writes that were retried for want of room"},
    {"delayed", "transactions", "delayed transactions that were taken on: reads, and writes to I/O and configuration space"},
    {"delayed_full", "tenures", "retried because all delayed transactions were in use"},
    {"delayed_retries", "tenures", "retried because their answer was not there yet"},
    {"fetched_bytes", "B", "bytes that delayed reads brought"},
    {"unused_bytes", "B", "bytes that were fetched ahead and thrown away"},
    {"discards", "transactions", "answers that nobody fetched before the discard timer ran out"},
    {"lost_writes", "tenures", "posted writes that met an abort on the other bus: nobody is told"},
    {"posted_level", "B", "posted writes in the bridge", metric_info::level},
    {"delayed_level", "transactions", "delayed transactions in use", metric_info::level},
};
constexpr probe_info way_probes[] = {
    {"posted_fill", 32, nullptr, "bytes of posted writes in the bridge"},
    {"delayed_in_use", 8, nullptr, "delayed transactions in use"},
};

}  // namespace

const block_info pci_bridge_info = {"pci_bridge", "a PCI-to-PCI bridge between two buses", parameters, {}, {}, {}, {}, {}, {}};
const block_info bridge_way_info = {"bridge_way", "one way through a PCI-to-PCI bridge", {}, way_metrics, way_probes, {}, {}, {}, {}};

}  // namespace nicteam::pci
