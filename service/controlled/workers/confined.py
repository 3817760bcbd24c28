"""Run a program with limits: `confined.py SECONDS MEGABYTES PROGRAM ARGUMENTS…`; a program of Python within this one.

No network where the system lets a process do without, no more memory, processor time and file than told, no core; it
dies with whoever started it, and with it whatever it has started (LibreOffice is a script that starts a program that
starts another). Where a limit is not to be had (not Linux), the caller's time limit is still there.
"""

import ctypes
import os
import runpy
import signal
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
        if system.unshare(_NEW_USER | _NEW_NETWORK) == 0:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def die_with_parent(number: int) -> None:
    """Ask for this signal once whoever started this process is gone (prctl(2)); it is not handed on to children."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, number, 0, 0, 0)


def watch(program: str, arguments: list[str], seconds: int, megabytes: int) -> int:
    """Run the program and wait for it; gives its exit code. Should our parent die, the whole group dies with it."""
    signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
    die_with_parent(signal.SIGTERM)
    child = os.fork()
    if not child:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        limit(seconds, megabytes)
        os.execv(program, [program, *arguments])  # noqa: S606 - no shell is wanted
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return ended if ended >= 0 else 128 - ended


def main() -> None:
    """Limit, then run the program."""
    seconds, megabytes, program, *arguments = sys.argv[1:]
    if hasattr(os, "getuid"):
        leave_network()
    if not program.endswith(".py") and hasattr(os, "fork"):
        sys.exit(watch(program, arguments, int(seconds), int(megabytes)))
    die_with_parent(signal.SIGKILL)
    limit(int(seconds), int(megabytes))
    if not program.endswith(".py"):
        os.execv(program, [program, *arguments])  # noqa: S606 - no shell is wanted
    sys.argv = [program, *arguments]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()
