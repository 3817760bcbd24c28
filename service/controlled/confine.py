"""Whatever opens a file that somebody sent runs in a process of its own: bounded, alone, and ended in time."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from service.controlled.refusals import REASONS, NotRendered, TookTooLongError, WorkFailedError

WORKERS: Final = Path(__file__).parent / "workers"
SECONDS: Final = 120
MEGABYTES: Final = 2048
_SAID: Final = "said.json"
WROTE: Final = "errors.txt"
# Nobody listens there: should anything still ask for the network, it is refused at once.
_NOWHERE: Final = "http://127.0.0.1:9"


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that nobody else reads, gone afterwards with whatever is in it."""
    folder = Path(mkdtemp(prefix="sapat-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def work(name: str, folder: Path, job: Mapping[str, Any], seconds: int = SECONDS) -> dict[str, Any]:
    """Run a worker in `folder` on its job; gives what it said.

    Raises NotRendered, TookTooLongError, WorkFailedError.
    """
    said = folder / _SAID
    said.unlink(missing_ok=True)
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    ended = run([str(WORKERS / f"{name}.py")], folder, seconds)
    answer: dict[str, Any] = json.loads(said.read_text("utf-8")) if said.is_file() else {}
    if "refused" in answer:
        raise NotRendered(REASONS[answer["refused"]], **{"name": job.get("name", ""), **answer.get("facts", {})})
    if ended:
        raise WorkFailedError(name, ended)
    return answer


def run(command: Sequence[str], folder: Path, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> str:
    """Run a program in `folder`; gives nothing where it ended well, else what it wrote last.

    Raises TookTooLongError. `seconds` are counted by the clock, and as many of the processor's. No shell, no
    environment but what is needed.
    """
    confined = [sys.executable, "-I", str(WORKERS / "confined.py"), str(seconds), str(megabytes), *command]
    errors = folder / WROTE
    with errors.open("wb") as told:
        process = subprocess.Popen(  # noqa: S603 - the program is ours, its arguments are names of ours
            confined, cwd=folder, env=_environment(folder), stdin=subprocess.DEVNULL, stdout=told, stderr=told,
            start_new_session=True,
        )  # fmt: skip
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise TookTooLongError(seconds) from error
        finally:
            _end(process)
    if not status:
        return ""
    return errors.read_bytes()[-2000:].decode("utf-8", "replace").strip() or f"ended with {status}"


def _environment(folder: Path) -> dict[str, str]:
    home = str(folder)
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), _NOWHERE)
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    own = {"HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": "0"}
    return {**kept, **own, **proxies}


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End it with whatever it has started."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
