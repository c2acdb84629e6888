"""Sets the clock of every Python process ahead by TEST_LATER_DAYS days: `make test-later` puts this folder on PYTHONPATH.

Python imports a module of this name at start-up, so the crawls that tests start see the later date too. Monotonic clocks and
the times of files stay as they are: tests that compare them with the clock carry the mark `needs_real_clock`.
"""

import os

if os.environ.get("TEST_LATER_DAYS"):
    from datetime import UTC, datetime, timedelta

    import time_machine

    ahead = timedelta(days=float(os.environ["TEST_LATER_DAYS"]))
    traveller = time_machine.travel(datetime.now(UTC) + ahead, tick=True).start()
    # Starting takes a while, and clocks of two processes must agree.
    traveller.move_to(time_machine.escape_hatch.datetime.datetime.now(UTC) + ahead)
