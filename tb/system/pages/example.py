"""The sweep whose page is looked at: three parameters, closed forms, two figures with an aim, replicates."""
from sweeping import TINY

EXAMPLE = TINY.replace('title = "a tiny sweep"', '''title = "How many frames of which size pass?"
description = """
A host sends frames of several sizes at several rates, over buses of two speeds. What is full first: bus, wire or nothing?

Held to the wire: </script> a frame takes its octets, preamble and gap."""''') + """
[sweep]
replicates = 3
metrics = ["client.frames"]
baseline = ["server.up.frames_per_second=5000", "server.up.frame_size=64 B", "server.pci0.period=30 ns"]

[[vary]]
name = "offered"
key = "server.up.frames_per_second"
from = 5000
to = 60000
steps = 5

[[vary]]
name = "octets"
key = "server.up.frame_size"
values = ["64 B", "256 B", "1000 B"]

[[vary]]
name = "bus_period"
key = "server.pci0.period"
values = ["30 ns", "40 ns"]

[[figure]]
name = "arrived"
as = "rate(client.frames)"
aim = "maximise"
at_most = "100 Mbps / (server.up.frame_size + 19 B) / 1 Hz"

[[figure]]
name = "bus_use"
as = "use(server.pci0)"
unit = "%"
aim = "minimise"
at_most = "1"

[[figure]]
name = "delay"
as = "p99(client.latency)"
"""

SAMPLED = EXAMPLE.replace("[sweep]\n", '[sweep]\nmethod = "latin_hypercube"\npoints = 12\n').replace("steps = 5\n", "")
