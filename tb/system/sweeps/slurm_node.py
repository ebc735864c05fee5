"""Slurm on this machine alone, for tests: its daemons, keys, sockets and logs are in a folder of their own, its ports are on 127.0.0.1. Nothing of it is
left when the process that started it ends, however that ends."""
import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

WANTED = {"munge": ("munged",), "slurm-wlm": ("slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol")}
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
CORES = 2


def missing():
    """A word for each package that is not there."""
    return [package for package, tools in WANTED.items() if not all(shutil.which(tool, path=PATH) for tool in tools)]


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for s in held:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


class Node:
    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="slurm-"))
        self.daemons = []
        os.chmod(self.path, 0o755)
        for name in ("state", "spool", "logs"):
            (self.path / name).mkdir()
        controller, node = free_ports(2)
        (self.path / "munge.key").write_bytes(os.urandom(128))
        os.chmod(self.path / "munge.key", 0o600)
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        (self.path / "slurm.conf").write_text(f"""ClusterName=sweeps
SlurmctldHost=localhost(127.0.0.1)
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort={controller}
SlurmdPort={node}
AuthType=auth/munge
AuthInfo=socket={self.path}/munge.socket
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={self.path}/state
SlurmdSpoolDir={self.path}/spool
SlurmctldPidFile={self.path}/slurmctld.pid
SlurmdPidFile={self.path}/slurmd.pid
SlurmctldLogFile={self.path}/logs/slurmctld.txt
SlurmdLogFile={self.path}/logs/slurmd.txt
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={self.path}/logs/completed.txt
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0
ReturnToService=2
SlurmdParameters=config_overrides
MaxArraySize=10001
KillWait=2
NodeName=localhost NodeAddr=127.0.0.1 CPUs={CORES} RealMemory=1000
PartitionName=sweep Nodes=localhost Default=YES MaxTime=10
""")
        self.environment = dict(os.environ, SLURM_CONF=str(self.path / "slurm.conf"), PATH=PATH)
        try:
            self.start("munged", "--foreground", "--force", f"--key-file={self.path}/munge.key", f"--socket={self.path}/munge.socket",
                       f"--pid-file={self.path}/munge.pid", f"--log-file={self.path}/logs/munged.txt", f"--seed-file={self.path}/munge.seed")
            self.until(lambda: (self.path / "munge.socket").exists(), "munged")
            self.start("slurmctld", "-D")
            self.start("slurmd", "-D", "-N", "localhost")
            self.until(lambda: "idle" in self.tool("sinfo", "-h", "-o", "%T", check=False).stdout, "slurmd")
        except BaseException:
            self.end()
            raise

    def start(self, *words):
        with open(self.path / "logs" / f"{words[0]}-said.txt", "wb") as said:
            self.daemons.append(subprocess.Popen(words, env=self.environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, preexec_fn=die_with_parent))

    def tool(self, *words, check=True, **more):
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=60, check=check, **more)

    def until(self, done, what, seconds=60):
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end or any(d.poll() is not None for d in self.daemons):
                raise AssertionError(f"{what}: not within {seconds} s\n" + self.logs())
            time.sleep(0.05)

    def wait_for_all_jobs(self, seconds=240):
        self.until(lambda: not self.tool("squeue", "-h").stdout.strip(), "the jobs", seconds)

    def states(self, job):
        """How each task of an array ended, by its index."""
        found = {}
        for line in (self.path / "logs" / "completed.txt").read_text().splitlines():
            words = dict(w.split("=", 1) for w in line.split() if "=" in w)
            if words.get("ArrayJobId") == str(job):
                found[int(words["ArrayTaskId"])] = words["JobState"]
        return found

    def logs(self):
        return "\n".join(f"--- {p.name}\n" + p.read_text(errors="replace")[-3000:] for p in sorted((self.path / "logs").iterdir()))

    def end(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in reversed(self.daemons):
            try:
                daemon.wait(5)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        shutil.rmtree(self.path, ignore_errors=True)
