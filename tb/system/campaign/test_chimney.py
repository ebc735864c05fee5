"""Random connections that a host hands to its nic, opened by either end, with few or many places in the nic and faults in between: each is whole or is told
as lost, no octet is wrong, and without a fault that takes the nic away none is lost. NICTEAM_CAMPAIGN="first count" looks at other seeds."""
import json
import os
import random
import subprocess
import unittest

import campaign

PARTS = os.path.join(os.environ["NICTEAM_SOURCE_DIR"], "scenarios/parts")
HOST = """extends = "{parts}/one-nic.toml"
duration = "{duration} ms"
seed = {seed}
[[host]]
name = "server"
[host.chimney]
when = "{when}"
after = "{after} B"
[[nic]]
name = "nic0"
identity = "extended"
rx_burst = "{burst}"
[nic.chimney]
enable = true
processor = "{processor}"
frames = {frames}
connections = {places}
[[connections]]
name = "web"
from = "{opener}"
to = "{listener}"
count = {count}
interval = "{interval}"
rounds = {rounds}
request = "{request} B"
response = "{response} B"
pause = "100 us"
"""
CABLE = ('at = "lan0.*"\nwhat = "bit_errors"\namount = "0.00002"\n', 'at = "lan0"\nwhat = "link_down"\n')
NIC = ('at = "server.pci0.nic0"\nwhat = "removed"\n', 'at = "server.pci0.nic0"\nwhat = "transmit_hung"\n', 'at = "server.pci0.nic0.driver"\nwhat = "reset"\n')


def drawn(seed):
    """A scenario, whether the nic stays, how many connections."""
    r = random.Random(seed)
    ends = r.sample(("client", "server"), 2)
    stays, count = r.random() < 0.5, r.choice((1, 7, 20))
    text = HOST.format(parts=PARTS, seed=seed, opener=ends[0], listener=ends[1], count=count, when=r.choice(("established", "after_octets")), after=r.choice((1, 5000, 40000)),
                       burst=r.choice(("frame", "configure")), processor=r.choice(("microcontroller", "state_machine")), frames=r.choice((2, 8, 64)),
                       places=r.choice((3, 1000)), interval=r.choice(("1 ms", "10 us", "5 ms")), rounds=r.choice((1, 3, 6)),
                       request=r.choice((64, 3000, 70000)), response=r.choice((64, 20480)), duration=60000 if stays else 900)
    for fault in r.choices(CABLE if stays else CABLE + NIC, k=r.randrange(3)):
        text += f'[[fault]]\n{fault}from = "{r.randrange(150)} ms"\n' + ("" if "reset" in fault else f'for = "{r.choice((1, 5, 20, 80))} ms"\n')
    return text, stays, count


class chimney(campaign.campaign):
    def look(self, seed):
        text, stays, count = drawn(seed)
        scenario = self.folder / f"seed{seed}.toml"
        scenario.write_text(text)
        directory = self.folder / scenario.stem
        try:
            done = self.run_in(directory, scenario, "--trace", "none")
        except subprocess.TimeoutExpired:
            return ["it does not come to an end"], [scenario]
        if done.returncode != 0:
            return [f"status {done.returncode}: {(done.stderr + done.stdout)[-600:]}"], [scenario]
        total = {m["path"]: int(m["value"]) for m in json.loads((directory / "result.json").read_text())["metrics"] if m["kind"] == "counter"}
        self.moved += total["server.tcp.chimney_0.offloaded"]
        found = [f"{path}: {n}" for path, n in total.items() if n and path.endswith((".web.damaged", ".listener_5000.damaged", ".listener_5000.foreign"))]
        completed = sum(n for path, n in total.items() if path.endswith(".web.completed"))
        if stays and completed != count:
            found.append(f"{completed} of {count} connections are complete, and nothing took the nic away")
        gone, lost = total["server.tcp.chimney_0.gone"], total["server.pci0.nic0.driver.chimney.lost"]
        if lost > gone:
            found.append(f"the driver lost {lost} connections, of {gone} the stack has heard")
        return found, [scenario]

    def test_connections(self):
        self.moved = 0
        self.look_at_all("100 40", self.look)
        self.assertGreater(self.moved, 100)


if __name__ == "__main__":
    unittest.main()
