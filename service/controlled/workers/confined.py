"""Run a program with limits: `confined.py SECONDS MEGABYTES PROGRAM ARGUMENTS…`; a program of Python within this one.

No network where the system lets a process do without, no more memory, processor time and file than told, no core; it
dies with whoever started it. Where a limit is not to be had (not Linux), the caller's time limit is still there.
"""

import ctypes
import os
import runpy
import sys
from contextlib import suppress
from pathlib import Path

LARGEST_FILE = 1 << 30
_NEW_USER, _NEW_NETWORK, _DIE_WITH_PARENT = 0x10000000, 0x40000000, 1


def limit(seconds: int, megabytes: int) -> None:
    """Limit this process and whatever it becomes."""
    try:
        import resource
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: megabytes << 20,
        resource.RLIMIT_FSIZE: LARGEST_FILE,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in wanted.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def leave_network() -> None:
    """Go where there is no network (namespaces(7)), if the system lets us; under the same user as before."""
    user, group = os.getuid(), os.getgid()
    with suppress(OSError, AttributeError):
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_DIE_WITH_PARENT, 9, 0, 0, 0)
        if system.unshare(_NEW_USER | _NEW_NETWORK) == 0:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def main() -> None:
    """Limit, then become the program."""
    seconds, megabytes, program, *arguments = sys.argv[1:]
    if hasattr(os, "getuid"):
        leave_network()
    limit(int(seconds), int(megabytes))
    if program.endswith(".py"):
        sys.argv = [program, *arguments]
        runpy.run_path(program, run_name="__main__")
    else:
        os.execv(program, [program, *arguments])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
