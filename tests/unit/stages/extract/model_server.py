"""A language model that answers as told: honest, inventing, obedient, broken, slow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.unit.store.servers import says

from witnessmark.stages.extract import llm
from witnessmark.stages.extract.llm.asking import Asking
from witnessmark.store.connection_permission import Bounds, permit

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

MODEL = "test-model:1b"


def item(
    predicate: str,
    value: Any,
    quote: str,
    *,
    subject: str = "",
    modality: str = "reported",
) -> dict[str, Any]:
    """Return a claim as a model writes it."""
    return {
        "predicate": predicate,
        "value": value,
        "subject": subject,
        "quote": quote,
        "modality": modality,
    }


def figure(amount: float, unit: str, comparator: str = "=", high: Any = None) -> dict[str, Any]:
    """Return a number as a model writes it."""
    return {"amount": amount, "high": high, "unit": unit, "comparator": comparator}


def completion(content: str, *, finish: str = "stop", **message: Any) -> bytes:
    """Return the body of a chat completion."""
    return json.dumps(
        {
            "model": "test-model-weights",
            "system_fingerprint": "fp1",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {"role": "assistant", "content": content, **message},
                }
            ],
        },
        ensure_ascii=False,
    ).encode()


def claims(*items: dict[str, Any]) -> bytes:
    """Return the body of an answer that lists *items*."""
    return completion(json.dumps({"claims": list(items)}, ensure_ascii=False))


def answer(body: bytes, *, status: str = "200 OK", head: str = "") -> bytes:
    """Return a whole HTTP answer."""
    lines = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{head}"
    return f"{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


def asked_about(request: bytes) -> str:
    """Return the paragraph that a request is about."""
    body = json.loads(request.partition(b"\r\n\r\n")[2])
    return str(json.loads(body["messages"][1]["content"])["paragraph"])


def by_paragraph(
    answers: dict[str, bytes],
) -> Callable[[socket.socket, bytes], None]:
    """Answer by the first key that stands in the paragraph, with no claims else."""

    def script(stream: socket.socket, request: bytes) -> None:
        words = asked_about(request)
        body = next((body for key, body in answers.items() if key in words), claims())
        says(answer(body))(stream, request)

    return script


def asking(
    address: str,
    *,
    seconds: float = 5,
    most_bytes: int = 1_000_000,
    seconds_in_all: float = 60,
    most_calls: int = 100,
    only: frozenset[str] | None = None,
    model: str = MODEL,
) -> Asking:
    """Return how a model at *address* on this machine is asked."""
    place = llm.endpoint(address, model, send_to=None)
    permission = permit(
        given=True,
        flag="extract --llm",
        purpose="read",
        allow_http=True,
        named=(place.target.host,),
        bounds=Bounds(seconds, most_bytes, 64 * 1024, redirects=0),
    )
    return Asking(
        place,
        permission,
        lambda: "2026-11-25T12:00:00Z",
        lambda _: None,
        lambda _: None,
        seconds=seconds,
        seconds_in_all=seconds_in_all,
        most_calls=most_calls,
        only=only,
    )
