"""What it means to leave a numbered step of FIG. 4, 5 and 6 of source document 000 out: the behaviour is skipped, its counter may go on.

number: (file, what stands there once, what stands there in nicteam_left_out) …"""
TEAM = "models/team/"
IDENTIFICATION, POLICIES, PROMISES, OUTGOING, INCOMING, ENGINES, RIGHTS = (
    TEAM + f + ".cpp" for f in ("identification", "policies", "promises", "outgoing", "incoming", "engines", "rights"))
SERVICE = "models/secondary/crypto_service.cpp"
FAILED = "return hand_up(c, p, driver::status::failed);"
UNREAD = "return give_back_below(c, port, p);"
STEPS = {
    # FIG. 4. A member of an identity that is not accepted takes part.
    300: [(IDENTIFICATION, "!accepted(config.accepts, i.asked)", "!left_out(300) && !accepted(config.accepts, i.asked)")],
    # Nobody asks whether a member lends its engines: all do.
    302: [(RIGHTS, "= i.asked.secondary_out;", "= left_out(302) || i.asked.secondary_out;"), (RIGHTS, "= i.asked.secondary_in;", "= left_out(302) || i.asked.secondary_in;")],
    # That nobody lends has no consequence.
    304: [(IDENTIFICATION, "sharing = any;", "sharing = any || (left_out(304) && all_known);"),
          (PROMISES, "if (config.advertises || (rehoming", "if (left_out(304) || config.advertises || (rehoming")],
    306: [(POLICIES, "able.protects = can_protect();", "able.protects = !left_out(306) && can_protect();")],
    308: [(OUTGOING, "count(step::delivered_308);", "if (left_out(308)) " + FAILED + "count(step::delivered_308);")],
    # Everything is plain.
    310: [(OUTGOING, "count(p.protection ? step::encrypt_310", "if (left_out(310)) p.protection = {};\n    count(p.protection ? step::encrypt_310")],
    312: [(OUTGOING, "if (!p.protection) return send_regular", "if (left_out(312) && !p.protection) " + FAILED + "if (!p.protection) return send_regular")],
    # Nobody asks the destination: a backup does it all.
    314: [(OUTGOING, "!protects_itself(c, out.to[0], p.protection)", "left_out(314) || !protects_itself(c, out.to[0], p.protection)")],
    # No backup has the payload: its destination sends it.
    316: [(OUTGOING, "count(step::to_backup_316);", "if (left_out(316)) { release(*w); p.protection = {}; return send_regular(c, p, where.to); }\n    count(step::to_backup_316);")],
    # The payload comes back as it was.
    318: [(ENGINES, "count(step::encrypted_318);", """if (left_out(318) && !w.transmit) {
        std::array<std::uint8_t, room> octets;
        gather(p, octets.data(), c.now());
        w.written = p.bytes - header;
        ram.write(w.destination, octets.data() + header, w.written, c.now());
    }
    count(step::encrypted_318);""")],
    # What came back is not sent.
    320: [(ENGINES, "count(step::returned_320);", """if (left_out(320)) {
        put(k);
        release(w);
        return hand_up(c, p, driver::status::done);
    }
    count(step::returned_320);""")],
    # FIG. 5
    322: [(INCOMING, "count(step::received_322);", "if (left_out(322)) " + UNREAD + "count(step::received_322);")],
    # Nothing is taken for encrypted.
    324: [(INCOMING, "if (v.is == ipsec_view::what::plain ||", "if (left_out(324) || v.is == ipsec_view::what::plain ||")],
    # Nobody asks whether the adapter has dealt with it.
    326: [(INCOMING, "if (s.verdict == verdict::plain) return false;", "if (left_out(326) || s.verdict == verdict::plain) return false;")],
    # The adapter leaves it as it is.
    328: [("models/offload/receive_packets.cpp", "if (!p.packet.fed_back) strip(p);", "if (left_out(328)) return w;\n    if (!p.packet.fed_back) strip(p);")],
    330: [(INCOMING, "count(step::presented_330);", "if (left_out(330)) { give_back_below(c, port, p); return true; }\n        count(step::presented_330);")],
    332: [(INCOMING, "count(step::presented_332);", "if (left_out(332)) { give_back_below(c, port, p); return true; }\n    count(step::presented_332);")],
    # Nobody knows whose it is.
    334: [(INCOMING, "if (!name) return false;", "if (left_out(334) || !name) return false;")],
    336: [(INCOMING, "count(step::forwarded_336);", "if (left_out(336)) { release(*w); " + UNREAD + " }\n    count(step::forwarded_336);")],
    # What came back is not taken: the packet goes up as it was received.
    338: [(INCOMING, "count(step::returned_338);", "if (left_out(338)) { release(w); return deliver(c, p); }\n    count(step::returned_338);")],
    340: [(INCOMING, "deliver(c, k.packet);", "if (left_out(340)) return put(k);\n    deliver(c, k.packet);")],
    # FIG. 6. Engines of an adapter whose identity is not accepted work for others.
    350: [(RIGHTS, "p.accepted = !i.refused;", "p.accepted = left_out(350) || !i.refused;")],
    # Nobody looks whether several lend.
    352: [(RIGHTS, "+ software > 1;", "+ software > 1 && !left_out(352);")],
    # That only one lends has no consequence.
    354: [(RIGHTS, "spread = several(kind);", "spread = several(kind) || left_out(354);")],
    # Nobody is told that there are engines.
    356: [(SERVICE, "return all.empty()", "return !left_out(356) && (all.empty()"), (SERVICE, "algorithm) != all.end();", "algorithm) != all.end());")],
    # Results do not go back.
    358: [(SERVICE, "who.to.finished(c, t);", "if (!left_out(358) || t.by == 0) who.to.finished(c, t);")],
    # A mode that uses all members is taken for one with one active member.
    360: [(OUTGOING, "route& out = w.to;", "route& out = w.to;\n    if (left_out(360) && !one_active) out.to[0] = 0;")],
    # Work is not balanced: the first member has it.
    362: [(ENGINES, "const auto engine = static_cast<unsigned>(unit_of(n));", """const auto engine = static_cast<unsigned>(unit_of(n));
        if (left_out(362) && !one_active && n != 0) {
            secondary::engine_setting none = service->setting(engine);
            none.most = 0;
            service->set(c, engine, none);
            continue;
        }""")],
    # A mode with one active member is taken for one that uses all.
    364: [(ENGINES, "setup.mode->carries(n) ? secondary", "left_out(364) || setup.mode->carries(n) ? secondary")],
    # Nobody tells regular traffic from secondary use: what is to be encrypted is work for the others.
    366: [(OUTGOING, "if (rehoming && !rehoming->may_go", "if (left_out(366) && one_active) return to_backup(c, p, w);\n    if (rehoming && !rehoming->may_go")],
    # Regular traffic leaves by another member than the primary.
    368: [(OUTGOING, "return pass_on(c, p, r.to[0]);", "return pass_on(c, p, left_out(368) && !p.protection && p.bytes > 100 ? (r.to[0] + 1) % members_count() : r.to[0]);")],
    # The primary is never asked for room.
    370: [(SERVICE, "std::min(config_.threshold", "std::min(left_out(370) ? 0 : config_.threshold")],
    # Members that are not used get nothing.
    372: [(SERVICE, ": config_.queue;", ": left_out(372) && u == engine_use::idle ? 0 : config_.queue;")],
}
FIGURES = {"4": [n for n in STEPS if n <= 320], "5": [n for n in STEPS if 320 < n <= 340], "6": [n for n in STEPS if n > 340]}
