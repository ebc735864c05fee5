"""A test script in namespaces of its own: what it mounts or starts ends with it, however it ends. And one that cannot run here."""
import os
import shutil
import subprocess
import sys

PROCESSES = ("--pid", "--fork", "--kill-child", "--mount-proc")
MOUNTS = ("--mount",)


def again(*namespaces):
    """Runs this script again within them; False where that is not allowed."""
    if os.environ.get("NICTEAM_TEST_APART"):
        return True
    for rights in ((), ("--map-root-user",)):
        words = ["unshare", *rights, *namespaces]
        if shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True).returncode == 0:
            os.environ["NICTEAM_TEST_APART"] = "1"
            os.execvp(words[0], [*words, sys.executable, "-B", *sys.argv])
    return False


def cannot(why):
    """Ends this script, as skipped; in continuous integration as failed: there a test that quietly does not run is none."""
    must = os.environ.get("CI") == "true"
    print(f"{'failed' if must else 'skipped'}: {why}")
    sys.exit(1 if must else 77)
