"""For tests that are dear and would be the same on both databases: their parts have tests of their own on each."""

import pytest

on_one_database = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # a page looks the same from both
on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # which refuses more of what is odd
