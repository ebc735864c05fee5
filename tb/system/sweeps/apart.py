"""A test script in namespaces of its own: what it mounts or starts ends with it, however it ends."""
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
