"""Asking a model, paragraph after paragraph: bounded, kept at once, taken up again.

Laws:
1. One paragraph a call, one call at a time. Bytes, seconds of a call, seconds of all calls,
   number of calls and repetitions are bounded.
2. An answer is kept before the next paragraph is asked about: after a crash, a stop or a
   server that fails the same command goes on where it was.
3. What was answered once is not asked again, as long as the request is the same to the byte.
4. A redirect is not followed: the text would reach a party that nobody named.
5. A server that refuses or fails again and again is left alone; what was not asked is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from witnessmark.core.canonical import sha256_hex
from witnessmark.core.errors import UnreadableInput
from witnessmark.core.modelcall import ModelCall
from witnessmark.stages.extract.llm.ground import Document, Piece, pieces, spoken
from witnessmark.stages.extract.llm.template import request_body, template
from witnessmark.store.connection_reading import Countdown
from witnessmark.store.connection_request import Request
from witnessmark.store.connections import exchange, payload_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from witnessmark.core.progress import Progress
    from witnessmark.stages.extract.llm.endpoint import Endpoint
    from witnessmark.store.case import Case
    from witnessmark.store.connection_permission import Permission

JSON = "application/json"
ATTEMPTS = 2
"""Times that one paragraph is asked about in one run."""

FAILURES = 3
"""Paragraphs in a row without an answer after which the server is left alone."""

PAUSE_S = 2.0
"""Seconds before a paragraph is asked about again."""

SUCCESS = 200
"""The one status with which a model answers."""

BUSY = frozenset({429, 500, 502, 503, 504})
"""Statuses of a server that may answer in a moment (RFC 9110, RFC 6585)."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a model is asked.

    Attributes:
        endpoint: where it answers.
        permission: a person's, with the bound on the bytes of an answer.
        clock: gives the time of a call, RFC 3339 UTC.
        tell: hears what is about to be connected to.
        pause: waits that many seconds.
        seconds: for one call.
        seconds_in_all: for all calls of a run.
        most_calls: of a run.
        only: ids of the sources that are asked about, None for all.
    """

    endpoint: Endpoint
    permission: Permission
    clock: Callable[[], str]
    tell: Callable[[str], None]
    pause: Callable[[float], None]
    seconds: float = 120
    seconds_in_all: float = 3_600
    most_calls: int = 2_000
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a run of questions.

    Attributes:
        answered: paragraphs that were answered now.
        known: paragraphs that had their answer already.
        failed: source and reason, for each paragraph without an answer.
        set_aside: source and place, for each paragraph that speaks to a program: not sent.
        left: paragraphs that were not asked about.
        stopped: why the run ended before all were asked about, else empty.
    """

    answered: int = 0
    known: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()
    left: int = 0
    stopped: str = ""


class _FailedError(Exception):
    """A paragraph got no answer; the reason is the argument.

    ``final``: no other paragraph would get one either; ``again``: it may get one in a moment.
    """

    def __init__(self, why: str, *, final: bool = False, again: bool = False) -> None:
        super().__init__(why)
        self.final = final
        self.again = again


def ask(
    case: Case,
    documents: Sequence[Document],
    asking: Asking,
    known: Mapping[str, ModelCall],
    keep: Callable[[ModelCall, bytes, bytes], None],
    *,
    progress: Progress | None = None,
) -> Asked:
    """Ask about every paragraph of *documents* that has no answer yet.

    Args:
        case: the case whose log keeps the connections.
        documents: what is asked about.
        asking: how.
        known: calls that were made before, by id.
        keep: keeps a call with the bodies of request and answer.
        progress: hears of each paragraph.

    Raises:
        StorageFault: an answer cannot be kept; those before it are.
    """
    countdown = Countdown(asking.seconds_in_all)
    todo, aside, held = _planned(documents, asking, known)
    failed: list[tuple[str, str]] = []
    answered = in_a_row = 0
    for done, question in enumerate(todo):
        if _enough(asking, countdown, done, in_a_row):
            break
        try:
            body = request_body(asking.endpoint.model, question.words)
            connection, payload = _answer(case, asking, body, countdown)
        except _FailedError as error:
            failed.append((question.call.source, str(error)))
            in_a_row = FAILURES if error.final else in_a_row + 1
        else:
            in_a_row = 0
            answered += 1
            call = replace(
                question.call,
                answer=sha256_hex(payload),
                at=asking.clock(),
                connection=connection,
            )
            keep(call, body, payload)
        if progress is not None:
            progress.step("language model", done + 1, len(todo))
    left = len(todo) - answered - len(failed)
    stopped = _enough(asking, countdown, len(todo) - left, in_a_row) if left else ""
    return Asked(answered, held, tuple(failed), tuple(aside), left, stopped)


@dataclass(frozen=True, slots=True)
class _Question:
    call: ModelCall
    words: str


def _planned(
    documents: Sequence[Document], asking: Asking, known: Mapping[str, ModelCall]
) -> tuple[list[_Question], list[tuple[str, str]], int]:
    """Return what is to be asked, what is set aside, and how much was answered before."""
    todo: list[_Question] = []
    aside: list[tuple[str, str]] = []
    held = 0
    for document in documents:
        for piece in _pieces(document):
            if piece.addressed:
                aside.append((document.source, f"{piece.span.start}-{piece.span.end}"))
                continue
            body = request_body(asking.endpoint.model, piece.words)
            call = _call(document, piece, asking, body)
            before = known.get(call.id)
            if before is not None and before.prompt == call.prompt:
                held += 1
            else:
                todo.append(_Question(call, piece.words))
    return todo, aside, held


def _pieces(document: Document) -> tuple[Piece, ...]:
    tongue = spoken(document)
    return pieces(document, tongue) if tongue else ()


def _enough(asking: Asking, countdown: Countdown, done: int, in_a_row: int) -> str:
    if in_a_row >= FAILURES:
        return "the server gives no answers"
    if done >= asking.most_calls:
        return f"{asking.most_calls} calls were made"
    try:
        countdown.left()
    except TimeoutError:
        return "the time for the run was used up"
    return ""


def _answer(case: Case, asking: Asking, body: bytes, countdown: Countdown) -> tuple[int, bytes]:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _once(case, asking, body, countdown)
        except _FailedError as error:
            if not error.again or attempt == ATTEMPTS:
                raise
            asking.pause(PAUSE_S)
    raise AssertionError  # the loop returns or raises


def _once(case: Case, asking: Asking, body: bytes, countdown: Countdown) -> tuple[int, bytes]:
    """Return the number of the connection and the body of a whole answer to one request.

    Raises:
        _FailedError: there is none.
    """
    try:
        seconds = countdown.left(asking.seconds)
    except TimeoutError as error:
        raise _FailedError("the time for the run was used up", final=True) from error
    try:
        done = exchange(
            case,
            Request(asking.endpoint.target, "POST", body, JSON, JSON),
            asking.permission,
            clock=asking.clock,
            countdown=Countdown(seconds),
            tell=asking.tell,
            resolve=asking.endpoint.resolve,
        )
    except UnreadableInput as error:
        raise _FailedError(error.what, again=True) from error
    status = done.row.status
    if done.truncated:
        why = {"length": "the answer is too large", "time": "the answer took too long"}
        raise _FailedError(why.get(done.truncated, "the answer broke off"))
    if status in BUSY:
        raise _FailedError(f"the server answered {status}", again=True)
    if "location" in done.fields:
        raise _FailedError("it redirects elsewhere, and is not followed", final=True)
    if status != SUCCESS:
        raise _FailedError(f"the server answered {status}", final=True)
    if done.fields.get("content-encoding", "identity") != "identity":
        raise _FailedError("the answer is compressed; that was not asked for", final=True)
    return done.row.number, payload_of(done)


def _call(document: Document, piece: Piece, asking: Asking, body: bytes) -> ModelCall:
    return ModelCall(
        "",
        document.source,
        document.rendition,
        piece.span.start,
        piece.span.end,
        asking.endpoint.model,
        "",
        template().sha256,
        sha256_hex(body),
        "",
        "",
        endpoint=asking.endpoint.target.address,
    ).identified()
