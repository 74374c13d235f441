"""``extract --llm``: options for a language model, and what is said before it is asked."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import InputError
from witnessmark.doors.cli.connecting import announce, tell
from witnessmark.doors.cli.options import wall_clock
from witnessmark.stages.extract import llm as models
from witnessmark.store.case import Case, open_case
from witnessmark.store.connection_permission import Bounds, permit
from witnessmark.store.protected import ProtectedNames

if TYPE_CHECKING:
    from witnessmark.core.claim import Claim, Reading
    from witnessmark.core.modelcall import ModelCall
    from witnessmark.core.progress import Progress
    from witnessmark.stages.capture import FileText

Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        help="Also ask a language model on this machine (Ollama, llama.cpp, vLLM); it adds "
        "candidates and endorsements whose words were found in the text. Off by default.",
        metavar="http://127.0.0.1:PORT/v1",
    ),
]
LlmModel = Annotated[
    str | None,
    typer.Option("--llm-model", help="The server's name for the model.", metavar="NAME"),
]
SendTextTo = Annotated[
    str | None,
    typer.Option(
        "--send-text-to",
        help="With --llm at another machine: this host may read the sources. Says first which, "
        "and what the host learns. Refused for testimony and protected names.",
        metavar="HOST",
    ),
]
OnlySource = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        help="With --llm: ask about this source only; give it again for others.",
        metavar="ID",
    ),
]
LlmCalls = Annotated[
    int,
    typer.Option("--llm-calls", min=1, help="Most paragraphs to ask about in this run."),
]
LlmSeconds = Annotated[
    int,
    typer.Option(
        "--llm-seconds", min=1, max=3_600, help="Time for one answer, in all.", metavar="S"
    ),
]
LlmMinutes = Annotated[
    int,
    typer.Option("--llm-minutes", min=1, help="Time for all answers of this run.", metavar="MIN"),
]

MOST_HEAD = 64 * 1024
"""Bytes of the head of an answer, and of what the chunks of its body need beside it."""

MOST_BYTES = 1024 * 1024
"""Bytes of one answer as it comes."""

EPILOG = (
    "Example: witnessmark extract --case mycase --llm http://127.0.0.1:11434/v1 --llm-model "
    "qwen3:8b asks Ollama about each paragraph that has no answer yet; stop it and it goes on "
    "where it was. A model's claim counts only if its quote, numbers and names stand in the text; "
    "it stays a candidate. Nothing is asked without --llm."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options of one call say about a language model; made by :func:`wanted`."""

    endpoint: models.Endpoint
    send_text_to: str | None
    only: frozenset[str] | None
    calls: int
    seconds: int
    minutes: int
    proxy: str | None
    roots: Path | None
    told: set[str] = field(default_factory=set[str])

    def for_case(self, case: Case) -> models.Asking:
        """Say what would be asked, and return how; refuse what may not leave this machine.

        Raises:
            InputError: the host was not named, or a source may not go there.
        """
        leaving = models.departure(case, self.only)
        host = self.endpoint.target.host
        sources = leaving.sources
        if self.endpoint.here:
            typer.echo(
                f"{self.endpoint.model} on this machine is asked about {leaving.paragraphs} "
                f"paragraphs of {len(sources)} sources",
                err=True,
            )
        else:
            typer.echo(
                f"{leaving.paragraphs} paragraphs of {len(sources)} sources go to {host}:", err=True
            )
            for source in sources:
                typer.echo(f"  {source.id}  {source.title or source.name}", err=True)
            announce([self.endpoint.target], "read", self.proxy)
            models.refuse_kept(leaving.kept)
        return self.asking()

    def asking(self) -> models.Asking:
        """Return how the model is asked.

        Raises:
            InputError: it is on another machine, and no option named that.
        """
        here, host = self.endpoint.here, self.endpoint.target.host
        permission = permit(
            given=here or self.send_text_to is not None,
            flag="extract --llm" if here else f"{models.SEND} {host}",
            purpose="read",
            allow_http=here,
            named=(host,),
            roots=self.roots,
            proxy=self.proxy,
            bounds=Bounds(self.seconds, MOST_BYTES, MOST_HEAD, redirects=0),
        )
        return models.Asking(
            self.endpoint,
            permission,
            wall_clock,
            self.tell,
            time.sleep,
            seconds=self.seconds,
            seconds_in_all=60.0 * self.minutes,
            most_calls=self.calls,
            only=self.only,
        )

    def tell(self, line: str) -> None:
        """Say what is about to be connected to, once for a run."""
        if line not in self.told:
            self.told.add(line)
            tell(line)


def wanted(
    llm: str | None,
    model: str | None,
    *,
    send_text_to: str | None,
    sources: list[str] | None,
    calls: int,
    seconds: int,
    minutes: int,
    proxy: str | None,
    roots: Path | None,
) -> Wanted | None:
    """Return what the options ask of a language model, None where ``--llm`` was not given.

    Raises:
        InputError: an option for a model was given without ``--llm``, or they don't fit together.
    """
    if llm is None:
        if any(one is not None for one in (model, send_text_to, sources, proxy, roots)):
            raise InputError(
                "options for a language model without one",
                where="extract",
                to_do="give --llm URL too",
            )
        return None
    if not model:
        raise InputError(
            "a language model needs a name", where="--llm", to_do="give --llm-model NAME"
        )
    place = models.endpoint(llm, model, send_to=send_text_to)
    if place.here and (proxy or roots):
        raise InputError(
            "a model on this machine is asked directly",
            where="--proxy, --roots",
            to_do="leave them out",
        )
    only = frozenset(sources) if sources else None
    return Wanted(place, send_text_to, only, calls, seconds, minutes, proxy, roots)


def tell_asked(done: models.Asked) -> int:
    """Say what became of the questions; return the exit code that follows."""
    typer.echo(f"language model: {done.answered} paragraphs answered, {done.known} known before")
    for source, place in done.set_aside:
        typer.echo(
            f"not sent: {source}, code points {place}: the paragraph speaks to a program; "
            "read it yourself",
            err=True,
        )
    for source, why in done.failed:
        typer.echo(f"error: no answer about a paragraph of {source}: {why}", err=True)
    if done.left:
        typer.echo(
            f"error: {done.left} paragraphs were not asked about: {done.stopped}: "
            "run the command again to go on",
            err=True,
        )
    return 1 if done.failed or done.left else 0


def ask_about_file(
    ask: Wanted, taken: FileText, reading: Reading, lang: str | None, progress: Progress
) -> tuple[models.Admitted, models.Asked]:
    """Ask about one file that is in no case; nothing of it is kept.

    Raises:
        InputError: the model is on another machine: only a case keeps a record of that.
    """
    if not ask.endpoint.here:
        raise InputError(
            "files are sent to another machine only from a case, which keeps a record of it",
            where=models.SEND,
            to_do="capture them first, then extract --case DIR --llm …",
        )
    document = models.Document(
        taken.name,
        sha256_hex(taken.text.encode("utf-8", "surrogatepass")),
        taken.rendering,
        taken.text,
        lang,
    )
    kept: list[tuple[ModelCall, bytes]] = []
    with tempfile.TemporaryDirectory() as folder:
        # the log of connections needs a case: an empty one, in which no text ever stands
        log = open_case(Path(folder) / "log", None, create=True)
        try:
            asked = models.ask(
                log,
                (document,),
                ask.asking(),
                {},
                lambda call, _request, answer: kept.append((call, answer)),
                progress=progress,
            )
        finally:
            log.close()
    tongue = models.spoken(document)
    if tongue is None or not kept:
        return models.Admitted((), (), ()), asked
    claims: tuple[Claim, ...] = reading.claims
    ground = models.ground_of(document, tongue)
    return models.admit(ground, kept, claims, ProtectedNames(frozenset())), asked
