"""The parts of `benchmarks.seed`: texts, stories, what is asked once, and how rows come into the database."""
