"""Scenario files from a compact description: what tests build by themselves, so that each says only what it is about."""
import json


def value(v):
    """As TOML writes it. Times, sizes and rates are texts with their unit."""
    if isinstance(v, (list, tuple)):
        return f"[{', '.join(value(one) for one in v)}]"
    return json.dumps(v, ensure_ascii=False)                         # strings, numbers, true and false are written alike


def keys(all, before=""):
    """Of a dictionary; one within it is a dotted key, None is left out."""
    return "".join(keys(v, f"{before}{k}.") if isinstance(v, dict) else "" if v is None else f"{before}{k} = {value(v)}\n" for k, v in all.items())


def table(kind, name=None, /, **all):
    """table("nic", "nic0", bus="server.pci0", crypto=dict(enable=True)): [[nic]] with its keys."""
    return f"[[{kind}]]\n{keys(dict(name=name) | all)}"


def several(count, one):
    return "".join(one(n) for n in range(count))


def top(duration, warm_up=None, **more):
    return keys(dict(schema=1) | more | dict(duration=duration, warm_up=warm_up, payload="timing-only"))


def computer(duration, warm_up=None, clock="2 GHz", latency_timer=None, bus=None, **cpu):
    """One host, `server`, with one CPU, of which more may be said, and one bus."""
    return (top(duration, warm_up, extends="parts/host.toml") + ("" if latency_timer is None else table("host", "server", firmware=dict(latency_timer=latency_timer)))
            + (table("bus", "pci0", **bus) if bus else "") + table("cpu", "cpu0", clock=clock, **cpu))


def nic(n, **all):
    return table("nic", f"nic{n}", bus="server.pci0", **all)


def link(name, a, b, rate=None):
    return table("link", name, a=a, b=b, rate=rate)


def member(n, rate=None, **all):
    """A nic and its cable to the switch."""
    return nic(n, **all) + link(f"lan{n}", f"server.pci0.nic{n}", "core", rate)


def client(at="core", rate=None, ports=None):
    """The peer, at the switch with those of member(), or at a cable's other end."""
    return (table("switch", "core", ports=ports) if at == "core" else "") + table("peer", "client") + link("lan_client", "client", at, rate)


def team(members, **all):
    return table("team", "team0", host="server", members=[f"server.pci0.nic{n}" for n in range(members)], **all)


def traffic(name, source="server", destination="client", **all):
    return table("traffic", name, **{"from": source, "to": destination}, **all)


def load(service="server.team0", size=1400, **all):
    """Jobs for engines, in AES-CBC."""
    return table("crypto_load", "api", service=service, size=f"{size} B", cipher="aes-cbc", authentication="null", **all)


def fault(at, what, begin, length=None, name="broken"):
    """Milliseconds."""
    return table("fault", name, at=at, what=what, **{"from": f"{begin:g} ms", "for": None if length is None else f"{length:g} ms"})


def capable(*cores, **crypto):
    """Of a nic: a crypto block with these engines."""
    return dict(identity="extended", crypto=dict(enable=True, engines=cores or ("aes-128-round", "sha1"), **crypto))


def pair(duration, nic0=None, nic1=None, /, warm_up=None, **team):
    """A team of two, what is said of its nics and of itself; payload is real."""
    nics = "".join(table("nic", f"nic{n}", **nic) for n, nic in enumerate((nic0, nic1)) if nic)
    return keys(dict(extends="parts/two-nic-team.toml", duration=duration, warm_up=warm_up)) + nics + (table("team", "team0", **team) if team else "")


def protected(name, source, destination, policy=None, **sa):
    """An association and a policy that uses it for all that passes between the two."""
    ends = {"from": source, "to": destination}
    return table("sa", name, **ends, **dict(cipher="aes-cbc") | sa) + table("policy", policy or f"protect_{name}", **ends, bundle=[name])


def engines(clock=None, enable=True, **more):
    """Of a nic: AES, `clock` ns."""
    return dict(crypto=dict(enable=True, engines=["aes-128-round"], period=clock if clock is None else f"{clock} ns", **more)) if enable else {}
