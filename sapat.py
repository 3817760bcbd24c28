"""The command, and the composition root: all parts of Sapat are put together here and nowhere else."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from models.database import Database
from models.schema import upgrade
from service.settings import Settings
from states.refusals import Incomplete, Refusal
from states.working_days import BISHKEK

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.outbox import PostOffice
    from workflows.dispatcher import Dispatcher

app = typer.Typer(help="Sapat: document approval and CAPA at universities.", no_args_is_help=True, add_completion=False)
importing = typer.Typer(help="Bring in a university's own lists.", no_args_is_help=True)
app.add_typer(importing, name="import")
err = Console(stderr=True)


class Format(StrEnum):
    """How a lifecycle is drawn."""

    MERMAID = "mermaid"
    SVG = "svg"


class Language(StrEnum):
    """The languages of Sapat."""

    KY = "ky"
    RU = "ru"
    EN = "en"


AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
At = Annotated[str, typer.Option("--at", help="The moment, e.g. 2026-11-21T09:00 (Bishkek unless a zone is given).")]
In = Annotated[Language, typer.Option("--language", help="ky, ru or en.")]


@app.command()
def serve() -> None:
    """Run everything: pages, API, mail, Prefect; on an empty database a demonstration university first."""
    from service.web.serving import serve as serve_web

    settings = Settings()
    with _database():
        pass  # there, and of the present schema: whatever is wrong with it is said in a line
    sys.exit(serve_web(settings, lambda office: _beside(settings, office), _first_start, _tell))


def _beside(settings: Settings, office: "PostOffice") -> "Dispatcher":
    """The chores, run by flows of an embedded Prefect, or without it where it is not there."""
    from service import daily, outbox
    from service import sweep as sweeping
    from workflows.chores import Chores
    from workflows.dispatcher import Dispatcher
    from workflows.embedded import EmbeddedPrefect

    database = office.database
    chores = Chores(
        deliver=lambda now: outbox.deliver(office, now),
        sweep=lambda now: sweeping.sweep(database, now),
        daily=lambda now: daily.daily(database, now),
        clock=lambda: datetime.now(UTC),
    )

    def asks(question: Callable[["Connection", datetime], bool]) -> Callable[[datetime], bool]:
        def ask(now: datetime) -> bool:
            with database.read() as connection:
                return question(connection, now)

        return ask

    prefect = EmbeddedPrefect((settings.home / "prefect").resolve(), settings.prefect_port)
    return Dispatcher(chores, pending=asks(outbox.is_due), sweep_due=asks(sweeping.is_due), prefect=prefect)


@importing.command("register")
def import_register(
    file: Path,
    dry_run: Annotated[bool, typer.Option(help="Report only; change nothing.")] = False,
    at: At = "",
    language: In = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Bring in a register of documents (TSV, CSV, XLSX) and say what is inconsistent in it."""
    from service.importing.register import import_register as bring_in

    _import(bring_in, file, dry_run, at, language, as_json)


@importing.command("processes")
def import_processes(
    file: Path,
    dry_run: Annotated[bool, typer.Option(help="Report only; change nothing.")] = False,
    at: At = "",
    language: In = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Bring in a register of processes (TSV, CSV, XLSX) and say what is inconsistent in it."""
    from service.importing.processes import import_processes as bring_in

    _import(bring_in, file, dry_run, at, language, as_json)


def _import(bring_in: Callable[..., Any], file: Path, dry_run: bool, at: str, language: str, as_json: bool) -> None:
    from service.organisation import CLOCK

    with _database() as database, _answering(as_json, language), _progress(as_json) as progress:
        report = bring_in(database, file, CLOCK, _moment(at), dry_run=dry_run, progress=progress)
    _say(report.to_json(language) if as_json else report.in_words(language), as_json)


@app.command()
def sweep(at: At = "", as_json: AsJson = False) -> None:
    """Write the reminders and escalations that are due; `serve` does this by itself."""
    from service.sweep import sweep as sweep_now

    with _database() as database, _answering(as_json):
        swept = sweep_now(database, _moment(at))
    _say({**swept.counts, "told": swept.rows} if as_json else _counted(swept.counts), as_json)


@app.command()
def daily(at: At = "", as_json: AsJson = False) -> None:
    """Bring into force what is due and open periodic reviews; `serve` does this by itself."""
    from service.daily import daily as daily_now

    with _database() as database, _answering(as_json):
        counts = daily_now(database, _moment(at))
    _say(counts if as_json else _counted(counts), as_json)


@app.command()
def move(
    record: Annotated[str, typer.Argument(help="Its code (the newest of that code) or identifier.")],
    name: Annotated[str, typer.Argument(metavar="MOVE")],
    person: Annotated[str, typer.Option("--as", help="Who makes the move: the person's code.")],
    given: Annotated[
        list[str] | None, typer.Option("--given", help="What it records: field=value; repeatable.")
    ] = None,
    at: At = "",
    language: In = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Make a move on a record, as a person, through the one write path."""
    from service.moves import move as make_move
    from service.reading.people import actor_by_code
    from service.reading.records import find_record

    pairs = dict(_pair(one) for one in given or [])
    now = _moment(at)
    with _database() as database, _answering(as_json, language), database.write() as connection:
        actor = actor_by_code(connection, person, now)
        moved = make_move(connection, find_record(connection, record), name, actor, pairs, now)
    answer = {"id": str(moved.record_id), "state": moved.state, "version": moved.version}
    _say(answer if as_json else f"{record}: {moved.state}", as_json)


@app.command()
def lifecycle(
    name: str, form: Annotated[Format, typer.Option("--format")] = Format.MERMAID, language: In = Language.KY
) -> None:
    """Draw a lifecycle from its declaration."""
    from states.drawing import mermaid, svg
    from states.registry import lifecycle as find

    with _answering(as_json=False, language=language):
        one = find(name)
        typer.echo(mermaid(one, language) if form is Format.MERMAID else svg(one, language, standalone=True))


@app.command()
def doctor(language: In = Language.EN, as_json: AsJson = False) -> None:
    """Is everything that must run running? What is stuck? Exits with 0 only when all is well."""
    from service.doctor import examine
    from service.language import say

    settings = Settings()
    running = _ask_running(settings)
    with _database() as database, _answering(as_json, language), database.read() as connection:
        seen = examine(connection, datetime.now(UTC), running)
    findings = [say(one.sentence, language, one.facts) for one in seen.findings]
    if as_json:
        _say({**seen.figures, "findings": findings, "well": not findings}, as_json)
    else:
        for figure, value in seen.figures.items():
            typer.echo(f"{figure:>16}  {value}")
        for finding in findings:
            err.print(f"[bold red]✗[/] {finding}", highlight=False)
    raise typer.Exit(1 if findings else 0)


def _ask_running(settings: Settings) -> dict[str, Any] | None:
    import httpx

    try:
        answer = httpx.get(f"http://{settings.host}:{settings.port}/api/health", timeout=10, trust_env=False)
        answer.raise_for_status()
        running: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError):
        return None
    return running


def _tell(sentence: str) -> None:
    err.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _first_start(database: Database) -> None:
    from service.demo.story import first_start

    with _progress(quiet=not err.is_terminal) as progress:
        reports = first_start(database, datetime.now(UTC), progress)
    for report in reports:
        _tell(report.in_words("en", most=3))


@contextmanager
def _database() -> Iterator[Database]:
    with _reachable():
        database = Database(Settings().database)
        upgrade(database)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _reachable() -> Iterator[None]:
    """Say in a line that the database is not to be had, and leave with 2."""
    from sqlalchemy.exc import ArgumentError, DBAPIError

    try:
        yield
    except (ArgumentError, DBAPIError) as error:
        why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        _tell(f"✗ The database cannot be used: {why}")
        _tell("Check SAPAT_DATABASE_URL; for PostgreSQL it is postgresql+psycopg://user:password@host:port/database")
        raise typer.Exit(2) from error


@contextmanager
def _answering(as_json: bool, language: str = "en") -> Iterator[None]:
    """Say a refusal in the reader's language and leave with 1."""
    try:
        yield
    except Refusal as refusal:
        _refused(refusal, language, as_json)


def _refused(refusal: Refusal, language: str, as_json: bool) -> NoReturn:
    from service.language import say, says
    from service.problem import problem

    if as_json:
        _say(problem(refusal, language), as_json)
    else:
        title, next_step = says(refusal, language)
        err.print(f"[bold red]✗[/] {title}", highlight=False)
        for field, sentence in refusal.errors.items() if isinstance(refusal, Incomplete) else ():
            err.print(f"  {field}: {say(sentence, language)}", highlight=False, markup=False)
        err.print(next_step, highlight=False, markup=False)
    raise typer.Exit(1)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each long piece of work: called with what is being done, how much of it, out of how much."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=quiet) as bars:
        known: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in known:
                known[what] = bars.add_task(what, total=total)
            bars.update(known[what], completed=done, total=total)

        yield show


def _moment(written: str) -> datetime:
    if not written:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise typer.BadParameter(f"“{written}” is not a moment; write it as 2026-11-21T09:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=BISHKEK)


def _pair(written: str) -> tuple[str, str]:
    field, sign, value = written.partition("=")
    if not sign:
        raise typer.BadParameter(f"“{written}” is not field=value")
    return field, value


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in counts.items())


def _say(answer: Any, as_json: bool) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str) if as_json else answer)


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()
