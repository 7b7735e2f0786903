"""Runs a command and writes its wall seconds, CPU seconds, peak memory in the system's unit, status.

    python -S spawn.py RESULT COMMAND...

A process of its own, since a child's peak memory begins with that of the one that starts it: this one
has next to nothing.
"""

import os
import sys
import time

start = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environb)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
with open(sys.argv[1], "w") as result:
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss,
          os.waitstatus_to_exitcode(status), file=result)
