"""Calls in the case: kept whole when they are answered, read back and checked when used.

Laws:
1. Request and answer are one object of the vault; its row is written with it or not at all.
2. What is read back is what was hashed, or the run ends with a fault.
3. Nothing here asks a model.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

from witnessmark.core.canonical import canonical_json, sha256_hex
from witnessmark.core.errors import EvidenceFault
from witnessmark.stages.extract.llm.admission import Admitted, admit
from witnessmark.stages.extract.llm.ground import Document, ground_of, spoken
from witnessmark.store.protected import protected_names
from witnessmark.store.tables import MODEL_CALLS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from witnessmark.core.claim import Claim
    from witnessmark.core.modelcall import Endorsement, ModelCall
    from witnessmark.store.case import Case


def known_calls(case: Case) -> dict[str, ModelCall]:
    """Return every call of *case*, by id."""
    return {call.id: call for call in case.casebook.rows(MODEL_CALLS)}


def keep(case: Case, call: ModelCall, request: bytes, answer: bytes) -> None:
    """Keep *call* with the bodies of request and answer, in place of an older one.

    Raises:
        StorageFault: it cannot be written; then nothing is.
    """
    content = {"request": request.decode(), "answer": b64encode(answer).decode()}
    with case.casebook.writing():
        row = replace(call, vault_object=case.vault.put(canonical_json(content).encode()))
        held = case.casebook.rows(MODEL_CALLS)
        if any(one.id == row.id for one in held):
            kept = [row if one.id == row.id else one for one in held]
            case.casebook.replace(MODEL_CALLS, kept)
        else:
            case.casebook.append(MODEL_CALLS, [row])


def answer_of(case: Case, call: ModelCall) -> bytes:
    """Return the body of the answer to *call*.

    Raises:
        EvidenceFault: it is not what was kept.
    """
    content = json.loads(case.vault.get(call.vault_object))
    request, answer = content["request"].encode(), b64decode(content["answer"])
    if sha256_hex(request) != call.prompt or sha256_hex(answer) != call.answer:
        raise EvidenceFault(
            "the answer of a language model is not the one that was kept",
            where=f"{call.id}, object {call.vault_object}",
            to_do="restore the case from a backup",
        )
    return answer


def replayed(
    case: Case, documents: Sequence[Document], claims: Mapping[str, Sequence[Claim]]
) -> Admitted:
    """Return what the answers that *case* holds amount to, in the documents that are read now.

    Calls about texts that are not read now stay as they are.

    Args:
        case: the open case.
        documents: what is read.
        claims: the claims of the rules, by rendition.

    Raises:
        EvidenceFault: an answer is not what was kept.
    """
    names = protected_names(case.casebook)
    found: list[Claim] = []
    endorsements: list[Endorsement] = []
    calls = known_calls(case)
    for document in documents:
        own = [
            call
            for call in calls.values()
            if call.rendition == document.rendition and call.source == document.source
        ]
        tongue = spoken(document) if own else None
        if tongue is None:
            continue
        done = admit(
            ground_of(document, tongue),
            [(call, answer_of(case, call)) for call in own],
            claims.get(document.rendition, ()),
            names,
        )
        found += done.claims
        endorsements += done.endorsements
        calls |= {call.id: call for call in done.calls}
    # in the order of the texts: in which run a paragraph was answered is no part of the case
    ordered = sorted(calls.values(), key=_place)
    return Admitted(tuple(found), tuple(endorsements), tuple(ordered))


def _place(call: ModelCall) -> tuple[str, str, int, int, str]:
    return call.source, call.rendition, call.start, call.end, call.model
