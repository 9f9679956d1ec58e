"""The reaper: kills the workers' process groups when the controller is gone, however it went.

Run as ``python reaper.py`` with a pipe as standard input that only the controller writes to.  Lines
``+PID`` and ``-PID`` register and forget a process group, ``dir PATH`` a folder to remove.  When the
pipe closes, also by SIGKILL of the controller, whatever is still registered is killed and removed.
It costs one idle process; a worker that hangs in C code with Python's lock held cannot do this itself.
"""

import contextlib
import os
import shutil
import signal
import sys


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups, folders = set(), set()
    for line in sys.stdin:
        word = line.rstrip("\n")
        if word.startswith("+"):
            groups.add(int(word[1:]))
        elif word.startswith("-"):
            groups.discard(int(word[1:]))
        elif word.startswith("dir "):
            folders.add(word[4:])
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it is gone already
            os.killpg(group, signal.SIGKILL)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
