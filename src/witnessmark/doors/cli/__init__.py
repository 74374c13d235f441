"""The command line: a thin door. It reads the call, opens the case, prints the result.

Laws:
1. Errors go to standard error as ``error: WHAT (WHERE): TO DO``, never as a traceback.
2. Exit codes: 0 done; 1 the check or the work found a fault; 2 the call or the input
   is wrong.
3. Results go to standard output, so that another program can read them.
"""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with the exit code of ``interface.md``."""
    try:
        from witnessmark.doors.cli.app import run  # half a second in which a person may stop it
    except KeyboardInterrupt:
        sys.stderr.write("error: stopped (by the keyboard): run the command again\n")
        sys.exit(1)
    sys.exit(run(sys.argv[1:]))
