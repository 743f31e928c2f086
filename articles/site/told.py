"""The page of a story as far as it follows from what was frozen: made once for each reader process, found by its words.

What a story says does not change while its edition stands. Where its names lead does, and whether other stories say the
same; so these belong to what it is found by, as they stand in the database at this moment.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from articles.models import Language
from articles.site import structured_data
from articles.site.frame import Surroundings
from articles.site.notices import TextRows, text_rows, texts_from
from articles.site.pieces import written
from articles.site.remembered import remembered
from articles.site.renderings import frozen
from articles.site.story import Paths, compose, live_targets, paths_of, summary
from articles.site.things import Story

STORIES = 256


@dataclass(frozen=True, eq=False)
class Told:
    content: str  # what all of it follows from
    story: Story
    text: SafeString  # its <article>
    share: SafeString
    json_ld: SafeString
    summary: str


def told(content: str, around: Surroundings, *, original: int | None, retracted_url: str = "") -> Told:
    """content: of its edition, as JSON; original: see `live_targets`."""
    read = frozen(content)
    targets = tuple(live_targets(read, original).items())
    publisher = json.dumps(structured_data.organization(around, around.site.name_in(read["language"])))
    return _told(content, targets, paths_of(read, around), text_rows([read]), around.language, retracted_url, publisher)


@remembered(STORIES)
def _told(content: str, targets: tuple[tuple[tuple[str, int], str], ...], paths: Paths, texts: TextRows,
          language: Language, retracted_url: str, publisher: str) -> Told:  # fmt: skip
    read: dict[str, Any] = json.loads(content)
    story = compose(read, dict(targets), paths, texts_from(texts), language, retracted_url=retracted_url)
    return Told(
        content=content,
        story=story,
        text=written("site/_story.html", story=story),
        share=written("site/_share.html", story=story),
        json_ld=structured_data.news_article(story, read, publisher=json.loads(publisher)),
        summary=summary(read),
    )
