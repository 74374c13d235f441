"""Calls of a language model about one paragraph, and the claims that one endorses.

Laws:
1. What was asked and what came back are kept whole; what was made of it can be made again.
2. A model's answer is an input of the case, like a source: the same answers give the same
   rows. When, where and how it was asked is a fact of a run, and in no digest.
3. An endorsement stands beside a claim and changes nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from witnessmark.core.canonical import content_id


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One paragraph that a language model was asked about, and its answer.

    Attributes:
        id: ``l`` and ten hex digits made from paragraph and model.
        source: id of the source.
        rendition: SHA-256 of the rendition's text.
        start: first code point of the paragraph.
        end: its end, exclusive.
        model: the model that was asked for.
        answered_by: model that the answer names, and its fingerprint, as far as it says.
        template: SHA-256 of the prompt template and the schema.
        prompt: SHA-256 of the request's body.
        answer: SHA-256 of the answer's body.
        outcome: ``answered``, or why nothing in it can be used.
        admitted: ids of the claims that it added or endorsed, in order.
        refused: why the others were refused, in order.
        vault_object: object that holds request and answer.
        endpoint: the address that was asked.
        at: when, RFC 3339, UTC.
        connection: number of the connection in the log of the case.
    """

    id: str
    source: str
    rendition: str
    start: int
    end: int
    model: str
    answered_by: str
    template: str
    prompt: str
    answer: str
    outcome: str
    admitted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    vault_object: str = ""
    endpoint: str = ""
    at: str = ""
    connection: int = 0

    def identified(self) -> ModelCall:
        """Return the call with the id that paragraph and model give it."""
        key = content_id("l", self.source, self.rendition, self.start, self.end, self.model)
        return replace(self, id=key)


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A claim that a language model states too; it changes nothing of the claim.

    Attributes:
        id: ``e`` and ten hex digits made from claim and call.
        source: id of the source.
        claim: id of the claim.
        call: id of the call.
        model: the model.
        start: first code point of the model's quote.
        end: its end, exclusive.
    """

    id: str
    source: str
    claim: str
    call: str
    model: str
    start: int
    end: int

    def identified(self) -> Endorsement:
        """Return the endorsement with the id that claim and call give it."""
        return replace(self, id=content_id("e", self.source, self.claim, self.call))
