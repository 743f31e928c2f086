"""The watchdog: what somebody outside can see of a newsroom, by HTTP alone, and whether it keeps its word.

It knows no database and no file of the newsroom. What it saw, it keeps in a folder of its own.
"""
