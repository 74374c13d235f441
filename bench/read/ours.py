"""Time the reading stage, as ``bench/peers/spacy/read.py`` times its peer."""

from __future__ import annotations

import json
import resource
import sys
import time

BEGAN = time.process_time()

from witnessmark.stages.extract import read  # noqa: E402 - loading is timed


def main() -> None:
    """Answer every line with the processor time that it took."""
    for number, line in enumerate(sys.stdin):
        texts = json.loads(line)
        start = BEGAN if number == 0 else time.process_time()
        for text in texts:
            read(text, "en")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": time.process_time() - start, "peak": peak}), flush=True)


if __name__ == "__main__":
    main()
