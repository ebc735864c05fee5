"""Claims 1 to 25 of source document 000, by the order of what happened and by shares (claimed.py). docs/claims.md says whose test is whose."""
import unittest

from claimed import CAPABLE, DONE, FAST, IN_THE_CLEAR, MEMBERS, PACKET, PLAIN, SEALED, SLOW, START, UP, asks, claims, judge, s


class adapter_fault_tolerance(claims):
    """Claims 1 to 7, and 8 to 14."""

    def test_claim_1(self):
        """Primary use, plain or to be encrypted, is done by the primary alone; secondary use is shared by the others, whoever the primary is."""
        for primary in range(2):
            others = [n for n in range(3) if n != primary]
            run = self.team([CAPABLE] * 3, IN_THE_CLEAR, UP, asks(6), primary=MEMBERS[primary])
            for sent in (self.sent(run, sealed_by_itself=True), self.sent(run, traffic="server.plain")):
                self.assertEqual([n > 10 for n in sent], [n == primary for n in range(3)])
            shares = self.shares(run)
            self.assertEqual(shares[primary], 0)
            self.assertAlmostEqual(shares[others[0]], shares[others[1]], delta=0.05)

    def test_claim_2(self):
        """By workload of the others: one whose engines take more than twice as long for a packet gets less than half of what the other gets."""
        run = self.team([FAST, SLOW, FAST], asks(8, cipher="3des-cbc", direction="decrypt"), primary="nic0")
        none, slow, fast = self.stored(run)
        self.assertEqual(none, 0)
        self.assertGreater(slow, 20_000)
        self.assertGreater(fast, 2 * slow)

    def test_claim_3(self):
        """The primary works for others as well if it has room (threshold), once each of the others has what it may have (one)."""
        for threads, room, primary_works in ((2, 1, False), (3, 1, True), (3, 0, False)):
            run = self.team([CAPABLE] * 3, asks(threads), primary="nic0", sharing=dict(queue=1, given=1, threshold=room))
            shares = self.shares(run)
            self.assertAlmostEqual(shares[1], shares[2], delta=0.05)
            self.assertEqual(shares[0] > 0.25, primary_works, shares)
            self.assertEqual(shares[0] == 0, not primary_works, shares)
            asked = [t.master for t in run.events.bus if t.ps > START and t.master in MEMBERS and t.does == "reads"]
            first = list(dict.fromkeys(asked))
            self.assertEqual(first, ["nic1", "nic2", "nic0"] if primary_works else ["nic1", "nic2"], "the primary is the last to be asked")

    def test_claim_4(self):
        """By workload of each: of two that are as slow, of which one is the primary, each gets less than half of what the third gets; and the primary,
        which has traffic of its own to encrypt, less than those that have not."""
        alike = dict(order="all_alike", threshold=16)
        slow, as_slow, fast = self.stored(self.team([SLOW, SLOW, FAST], asks(8, cipher="3des-cbc", direction="decrypt"), primary="nic0", sharing=alike))
        self.assertGreater(min(slow, as_slow), 20_000)
        self.assertAlmostEqual(slow / as_slow, 1, delta=0.1)
        self.assertGreater(fast, 2 * max(slow, as_slow))
        run = self.team([CAPABLE] * 3, UP, asks(8), primary="nic0", sharing=alike)
        self.assertEqual(self.sent(run)[1:], [0, 0])
        burdened, *idle = self.shares(run)
        self.assertLess(burdened, 0.95 * min(idle))

    def test_claim_5(self):
        """What left is ESP, which somebody else's ciphers open: each octet of it was encrypted by an adapter that is not the primary."""
        run = self.team([CAPABLE, PLAIN, PLAIN], UP, primary="nic1")
        count = self.sealed(run)
        self.assertEqual([n > 10 for n in count], [False, True, False])
        self.assertIn(self.stored(run)[0] // (SEALED + DONE) - count[1], (0, 1), "one may be under way")

    def test_claim_6(self):
        self.for_the_stack("nic1", 1, primary="nic1")

    def test_claim_7(self):
        done = self.loops_back(self.team([CAPABLE] * 3, asks(1), primary="nic0"))
        self.assertEqual(set(done), {"nic1", "nic2"})


class adaptive_load_balancing(claims):
    """Claims 15 to 20, and 21 to 25."""
    ALB = dict(mode="alb", balance="round_robin")

    def test_claim_15(self):
        """Until a cable is pulled all members send and work; from when the team knows, the other two send, and all three work, the failed one as much."""
        run = self.team([CAPABLE] * 3, UP, asks(6), s.fault("lan1", "link_down", 5), duration="10 ms", **self.ALB)
        known = int(run.result()["failovers"][0]["decided_ps"])
        self.assertIn(known, range(5_000_000_000, 5_600_000_000))
        after = self.sent(run, known, sealed_by_itself=True)
        before = [all - n for all, n in zip(self.sent(run), after)]
        self.assertLessEqual(max(before) - min(before), 1)
        self.assertEqual(after[1], 0)
        self.assertLessEqual(abs(after[0] - after[2]), 1)
        for share in self.shares(run, known):
            self.assertAlmostEqual(share, 1 / 3, delta=0.05)

    def test_claim_16(self):
        """To the stack it is one interface: each packet goes from the stack to the team and to no adapter (sent() asks that), all are of one association
        and one address, and three cables carry as many each."""
        run = self.team([CAPABLE] * 3, UP, **self.ALB)
        sent = self.sent(run)
        self.assertLessEqual(max(sent) - min(sent), 1)
        self.assertEqual(self.sealed(run), sent)
        senders = {p[12:16] for n in range(3) for p in judge.frames(run.directory / f"at_lan{n}.pcapng") if p}
        self.assertEqual(senders, {bytes((192, 0, 2, 1))})

    def test_claim_17(self):
        """Each member has its portion. nic0, which can, encrypts its own; what the others cannot, nic0 fetches, encrypts, stores, and they send it."""
        run = self.team([CAPABLE, PLAIN, PLAIN], UP, **self.ALB)
        sent = self.sent(run)
        self.assertLessEqual(max(sent) - min(sent), 1)
        self.assertEqual(self.sealed(run), sent)
        for way in run.events.ways("server.up"):
            leaves = next((e for e in way if e.what == "wire_begin"), None)
            if leaves and leaves.where == "lan0.a_to_b":
                self.assertNotIn("forwarded_316", [e.what for e in way])
                self.in_order(way, ("server.team0", "delivered_308"), ("server.pci0.nic0.crypto_transmit", "protect_start"), ("lan0.a_to_b", "wire_begin"))
            elif leaves:
                asked, back, _ = self.in_order(way, ("server.team0", "forwarded_316"), ("server.team0", "returned_320"), (leaves.where, "wire_begin"))
                self.assertEqual(self.fetched_and_stored(run, asked, back, ("nic0",)), ("nic0", PACKET, SEALED))

    def test_claim_18(self):
        self.for_the_stack("nic1", 1 / 3, primary="nic1", **self.ALB)

    def test_claim_20(self):
        done = self.loops_back(self.team([CAPABLE] * 3, asks(1), **self.ALB))
        self.assertEqual(set(done), set(MEMBERS))


if __name__ == "__main__":
    unittest.main()
