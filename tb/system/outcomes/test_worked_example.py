"""The worked example of paragraph 24 of source document 000 (row A-24): a golden trace for each adapter that sends."""
import unittest

from claimed import CAPABLE, MEMBERS, PLAIN, UP, claims

GOLDEN = """
100      | server.stack host_post
102, 204 | server.team0 delivered_308
204      | server.team0 forwarded_316
104      | bridge writes 4
116      | nic0 reads 1046
116      | nic0 writes 1080
104      | bridge writes 4
204, 202 | server.team0 returned_320
{driver}      | server.pci0.{member}.driver driver_queued
{driver}      | server.pci0.{member}.driver nic_notified
{nic}      | server.pci0.{member} nic_tx_fetch
{nic}      | server.pci0.{member} nic_tx_fifo_start
{nic}      | {link}.a_to_b wire_begin
"""


class worked_example(claims):
    """NIC 1 (nic0, 116) has an encryption ASIC, NIC 2 (118) and NIC 3 (120) have none. Each packet keeps to the golden trace of its adapter; on the left
    are reference numbers. Driver 104 tells NIC 1 of the job; NIC 1 fetches job and packet, stores the sealed packet and that it is there; 104 clears its
    interrupt."""

    def golden(self, member, driver, nic):
        run = self.team([CAPABLE, PLAIN, PLAIN], UP, primary=member)
        golden = [line.split(" | ")[1] for line in GOLDEN.format(member=member, driver=driver, nic=nic, link=f"lan{member[3]}").strip().splitlines()]
        whole = [w for w in run.events.ways("server.up") if any(e.what == "wire_begin" for e in w)]
        self.assertGreater(len(whole), 15)
        for way in whole:
            way = way[:1 + next(n for n, e in enumerate(way) if e.what == "wire_begin")]
            self.assertEqual([e.ps for e in way], sorted(e.ps for e in way))
            times = {e.what: e.ps for e in way}
            moves = [" ".join(map(str, t)) for t in run.events.on_the_bus(times["forwarded_316"], times["returned_320"])]
            steps = [f"{e.where} {e.what}" for e in way]
            self.assertEqual(steps[:3] + moves + steps[3:], golden)
        count = self.sealed(run)
        self.assertEqual([n > 15 for n in count], [m == member for m in MEMBERS])

    def test_sent_by_nic_2(self):
        self.golden("nic1", 106, 118)

    def test_sent_by_nic_3(self):
        self.golden("nic2", 108, 120)


if __name__ == "__main__":
    unittest.main()
