"""The reaper: kills the workers' process groups when the controller is gone, however it went.

Run as ``python reaper.py`` with a pipe as standard input that only the controller writes to.  Lines
``+PID`` and ``-PID`` register and forget a process group, ``dir PATH`` a folder to remove.  When the
pipe closes, also by SIGKILL of the controller, whatever is still registered is killed and removed;
``tag NAME`` adds every process whose environment names this run, in whatever session it hides.
It costs one idle process; a worker that hangs in C code with Python's lock held cannot do this itself.
"""

import contextlib
import os
import shutil
import signal
import sys

TAG = "QBENCH_WORKPLACE"
"""Names the run in a worker's environment and its children's, so that none is missed at the end."""


def kill_tagged(tag: str) -> int:
    """Kill every process whose environment carries the tag: also those that left their process group.

    Reads /proc, so it finds nobody on systems without it.  Returns how many were killed.
    """
    wanted = f"{TAG}={tag}".encode()
    killed = 0
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                if wanted in file.read().split(b"\0"):
                    os.kill(int(name), signal.SIGKILL)
                    killed += 1
        except OSError:
            continue  # it is gone, or somebody else's
    return killed


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups, folders, tags = set(), set(), set()
    for line in sys.stdin:
        word = line.rstrip("\n")
        if word.startswith("+"):
            groups.add(int(word[1:]))
        elif word.startswith("-"):
            groups.discard(int(word[1:]))
        elif word.startswith("dir "):
            folders.add(word[4:])
        elif word.startswith("tag "):
            tags.add(word[4:])
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it is gone already
            os.killpg(group, signal.SIGKILL)
    for tag in tags:
        kill_tagged(tag)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
