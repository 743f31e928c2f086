"""For tests that would be the same on both databases, because what differs between these has tests of its own on each:
queries of lists, archives and search; constraints, triggers and locks; every act of publishing; the walks over all
public addresses.
"""

import pytest

# A page, a feed or a header that is made from rows which were read looks the same from both; and Python alone decides
# how many statements are sent for it.
on_one_database = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
# A form, and what it refuses: PostgreSQL takes fewer texts and numbers, and a fault there ends the transaction.
on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
