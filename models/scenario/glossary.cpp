#include "scenario/glossary.h"

namespace nicteam::scenario {

const std::vector<word>& glossary() {
    static const std::vector<word> all{
        // A packet's life.
        {"born", "born_ps|birth", "when a packet came to be: an application, a generator or a replay made it, or a copy of another was made",
         "latency tables, `born -> …`; packets.csv; docs/outputs.md"},
        {"end", "ended_ps|ended", "when a packet came to its end, well or badly: the last step of its latency", "latency tables, `… -> end`; packets.csv; docs/outputs.md"},
        {"outcome", "", "how a packet ended: `nicteam explain outcomes` lists all there are", "packets.csv; result.json"},
        {"fate", "", "what an outcome counts as: arrived, lost, goes_on, passed_over or held", "packets.csv; docs/outputs.md"},
        {"arrived", "", "the packet, or a copy of it, came to where it was for", "packets.csv, fate; the page's head"},
        {"lost", "loss|losses", "the packet came to an end that counts as a loss, with its reason and its place", "packets.csv, fate; Losses; `nicteam explain outcomes`"},
        {"goes_on", "", "what is left of the packet are copies, each with a row of its own: it was repeated, doubled or damaged, or its attempt collided",
         "packets.csv, fate; docs/outputs.md"},
        {"passed_over", "passed over by", "a repeater's copy came to an end that it was not for; neither an arrival nor a loss", "packets.csv, fate; Losses"},
        {"held", "held at the end", "the packet was still under way when the run ended; of an expectation: its bounds hold", "packets.csv, fate; Losses; Expectations"},
        {"parent", "", "the packet that this one is a copy of, or that it answers", "packets.csv; docs/outputs.md"},
        {"id", "", "a packet's name in the run: the number of the station that made it, and a running number", "packets.csv; docs/outputs.md"},
        {"flow", "flows", "all packets from one sender to one receiver that arrived within the measuring window", "Throughput; Latency; result.json"},
        {"from", "to", "where a packet was born and where it ended, or was seen last", "packets.csv; Throughput; Losses"},
        // What is measured.
        {"measuring window", "window|measured", "the simulated time that rates, utilisation, latencies and expectations are of: from warm_up to the end of the run", "the summary's head; result.json"},
        {"throughput", "rate|frame bits|mean size", "packets that arrived within the window, per second, and the bits of their frames from destination address to frame check sequence",
         "Throughput"},
        {"latency", "hop", "from one stage of a flow's packets to the next, and from birth to end", "Latency; `nicteam explain stages`"},
        {"percentile", "percentiles|p50|p90|p99|p99.9|p999", "the value that so many per cent of all samples do not exceed", "Latency; [[expect]] of"},
        {"share", "", "of a latency: this step's part of the whole; of a bus: the part of the window in which a master had it", "Latency; Utilisation"},
        {"of sender's", "of senders", "lost packets as a part of all that this sender sent and that came to an end", "Losses"},
        {"resource", "resources", "a bus, wire, medium or CPU, which can do so much and no more", "Utilisation; What limited the run"},
        {"use", "used|utilisation|utilization|busy", "how much of its capacity a resource spent within the window", "Utilisation"},
        {"demand", "", "use, and what those packets would have needed that were lost for want of room or still waited", "Utilisation; What limited the run; docs/decisions/0028"},
        {"capacity", "", "what a resource can do within the window at best", "Utilisation"},
        {"bound", "bounds", "the closed form of what a resource can do at best, with the figures of this run", "Utilisation; What limited the run"},
        {"limit", "what limited the run|limited", "the resource that is full (95 %) with the highest demand; without one, what packets waited for longest", "What limited the run; docs/decisions/0028"},
        {"wire", "", "one direction of a full-duplex link, as a resource: octets with preamble and gap", "Utilisation; also a capture point"},
        {"medium", "media", "what all stations of a half-duplex link or collision domain share, as a resource", "Utilisation; docs/half-duplex.md"},
        {"tenure", "tenures", "a master's time on the bus, from FRAME# asserted to idle; retried ones count", "Utilisation, share of bus; docs/bus.md"},
        {"level", "highest", "how full a FIFO was: on average and at most", "Utilisation"},
        {"injected", "faults and errors", "a fault that the scenario asks for; `counted` is what came of it", "Faults and errors; `nicteam explain faults`"},
        {"expectations", "expectation|verdict|held|failed|measured", "what must hold at the end of the run ([[expect]]): held or FAILED, with what was measured", "Expectations; the exit status"},
        {"not judged", "not_judged|were not judged", "expectations of a run that ended before its duration: their window was cut short, so nothing is said of them", "Expectations; docs/outputs.md"},
        {"note", "notes", "what a reader must know of a run besides its figures: limits of its files, ends that did not come to terms, faults that changed nothing", "Notes; result.json"},
        {"breach", "breaches", "something that no run may do, as frames that are lost without a reason: it ends the run, unless [check] only counts it", "Check …; `nicteam explain check`"},
        // Media and machines.
        {"half_duplex", "half", "one end at a time may send: CSMA/CD. For a peer or repeater: duplex = \"half\"", "docs/half-duplex.md; scenarios/half-duplex.toml"},
        {"full_duplex", "full", "both ends send at once, and nobody collides", "`nicteam explain peer.duplex`"},
        {"CSMA/CD", "csma|csma_cd|collision|collisions", "half duplex: listen, send when the medium is idle, stop when another is heard, jam, wait and try again (IEEE 802.3 clause 4)",
         "docs/half-duplex.md"},
        {"jam", "", "32 bits sent after a collision, so that everybody notices it", "docs/half-duplex.md"},
        {"backoff", "back_off|back-off|slot_time", "after the n-th collision in a row wait a random number of slots of 512 bits, below 2 to the power of min(n, 10)", "docs/half-duplex.md"},
        {"late collision", "late_collision|late collisions|late_collisions", "a collision after the first 512 bits: somebody does not listen, or the medium is too long", "`nicteam explain nic.tx_late_collision`"},
        {"attempt", "attempts", "in half duplex each try at sending is a packet of its own, the next its copy", "packets.csv; docs/outputs.md; docs/decisions/0050"},
        {"autonegotiation", "negotiation", "how two ends agree on rate, duplex and pause (IEEE 802.3 clause 28)", "`nicteam explain link.negotiation`"},
        {"pause", "flow_control|xoff|xon", "a MAC control frame that asks the other end to be silent for so many slots (IEEE 802.3 annex 31B)", "docs/pause.md; `nicteam explain nic.driver.flow_control`"},
        {"hotplug", "hot_plug|hot plug", "a device put into its slot or taken out while the run goes on: faults `inserted` and `removed`, nic.present", "`nicteam explain inserted`; scenarios/hot-plug.toml"},
        {"cold", "cold_start|cold start", "start = \"cold\": power-up with EEPROM load, autonegotiation and the driver's bring-up", "`nicteam explain start`; scenarios/cold-start.toml"},
        {"ready", "", "start = \"ready\": the run begins where a cold start would end", "`nicteam explain start`; docs/decisions/0009"},
        {"since_power_on", "", "of a metric: counted from power-on, not within the measuring window, as it tells how a device came up", "result.json"},
        {"doubt", "", "wrong data or an old answer reached more than payloads, so that books on what the devices concerned touch are no longer judged", "Notes; docs/decisions/0052"},
        {"paced", "lag|pace", "a run with an external port keeps step with the wall clock; the lag is how far it was behind", "run.json; `nicteam explain pace`"},
        // Traces and files.
        {"traces", "", "what a run can leave besides its results: wave, pcap, txn, packets, report", "--trace; `nicteam explain trace`"},
        {"wave.vcd", "wave|wave.gtkw|waveform", "waveform of every pin, state and FIFO level; wave.gtkw opens it in GTKWave", "--trace wave; docs/outputs.md"},
        {"pcapng", "pcap", "a file of frames for each [[capture]], for Wireshark", "--trace pcap; `nicteam explain capture`"},
        {"trace.json", "txn", "bus tenures, states, frames and packets over time, for ui.perfetto.dev", "--trace txn"},
        {"packets.csv", "packets", "the life of each packet, a row each", "--trace packets; docs/outputs.md"},
        {"report.html", "report", "the run as a page", "--trace report; nicteam report DIRECTORY"},
        {"result.json", "", "every metric, flow, loss, verdict and note of a run", "docs/outputs.md"},
        {"run.json", "", "the list of a run's files, and what depends on the machine", "docs/outputs.md"},
        {"config.resolved.toml", "resolved", "every value that a run used, with its origin; it can be run again", "docs/outputs.md"},
        {"esp_sa", "", "keys of a run's associations as Wireshark reads them", "docs/outputs.md"},
        {"seed", "", "what all that is random in a run is drawn from", "the summary's head; `nicteam explain seed`"},
    };
    return all;
}

}  // namespace nicteam::scenario
