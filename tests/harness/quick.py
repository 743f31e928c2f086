"""What Python and Django would do anew for every test, though it is the same each time or nobody asks for it."""

import gc
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.template import Template
from django.test.utils import _TestState, instrumented_test_render
from PIL import Image
from whitenoise.middleware import WhiteNoiseMiddleware

from articles.pictures.renditions import Rendition, digest_of


def hasten() -> None:
    """Once a process, when all tests are collected and Django's test environment stands."""
    gc.collect()
    gc.freeze()  # the tests, and all that they import, are there to stay
    gc.set_threshold(100_000, 20, 100)
    os.fsync = lambda handle: None  # what this process writes is thrown away; no test cuts the power
    Template._render = _TestState.saved_data.template_render
    find, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files_from_finders(self: WhiteNoiseMiddleware) -> None:  # for each client that a test makes
        if not found:
            find(self)
            found.update(self.files)
        self.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = add_files_from_finders
    module = importlib.import_module("articles.publishing.add_picture")
    make, made = module.make_renditions, {}

    def make_renditions(picture: Image.Image) -> list[Rendition]:  # of the few pictures of tests/factories.py
        digest = digest_of(picture)
        if digest not in made:
            made[digest] = make(picture)
        return made[digest]

    module.make_renditions = make_renditions


@contextmanager
def contexts() -> Iterator[None]:
    """Within it, `response.context` of a test's client holds what the templates were given."""
    Template._render, before = instrumented_test_render, Template._render
    try:
        yield
    finally:
        Template._render = before
