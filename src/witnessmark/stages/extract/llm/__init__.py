"""The door for a language model: off unless asked for, and never believed.

Laws:
1. No model is asked without a person's option; one on this machine, or one host by name.
2. A model points at words; what stands in them is read by our own rules (``grounding``).
3. What passes is a candidate, proposed, with a low score, or an endorsement. Nothing that
   stands is changed, removed or raised.
4. Request and answer are kept; what was made of them is made again, the same, by every run.
5. A document is data: it is never sent as anything but one JSON string, and a paragraph that
   speaks to a program is not sent at all.
"""

from witnessmark.stages.extract.llm.admission import Admitted, admit
from witnessmark.stages.extract.llm.asking import Asked, Asking, ask
from witnessmark.stages.extract.llm.documents import (
    Departure,
    ask_about,
    departure,
    documents_of,
    refuse_kept,
)
from witnessmark.stages.extract.llm.endpoint import SEND, Endpoint, endpoint
from witnessmark.stages.extract.llm.ground import Document, ground_of, spoken
from witnessmark.stages.extract.llm.keeping import replayed

__all__ = [
    "SEND",
    "Admitted",
    "Asked",
    "Asking",
    "Departure",
    "Document",
    "Endpoint",
    "admit",
    "ask",
    "ask_about",
    "departure",
    "documents_of",
    "endpoint",
    "ground_of",
    "refuse_kept",
    "replayed",
    "spoken",
]
