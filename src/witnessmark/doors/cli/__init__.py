"""The command line: a thin door. It reads the call, opens the case, prints the result.

Laws:
1. Errors go to standard error as ``error: WHAT (WHERE): TO DO``, never as a traceback.
2. Exit codes: 0 done; 1 the check or the work found a fault; 2 the call or the input
   is wrong.
3. Results go to standard output, so that another program can read them.
"""

from witnessmark.doors.cli.app import main

__all__ = ["main"]
