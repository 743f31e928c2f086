"""What the topics of the demonstration newsroom say on their pages: facts, sections, timelines, and an end."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from articles.management.demo.archive import HERE, Table, read
from articles.models import Article, Language, Picture, Topic, User
from articles.publishing.put_out_pictures import put_out_furniture
from articles.publishing.topics import place_stories


def cover(
    topics: Mapping[str, Topic],
    stories: Mapping[str, Article],
    *,
    picture: Callable[[str, str], Picture],
    today: datetime,
    by: User,
) -> None:
    """stories: by the name of their file, which begins with the number that coverage.toml names them by."""
    numbered = {slug[:3]: article for slug, article in stories.items()}
    for slug, table in read(HERE / "coverage.toml").items():
        _page(topics[slug], table, numbered, picture=picture, today=today, by=by)


def _page(
    topic: Topic, table: Table, stories: Mapping[str, Article], *, picture: Callable[[str, str], Picture],
    today: datetime, by: User,
) -> None:  # fmt: skip
    if "picture" in table:
        topic.picture = picture(table["picture"], Language.ZH_HANT.value)
        put_out_furniture(topic.picture)
    if "ended" in table:
        topic.ended_on = (today + timedelta(days=table["ended"])).date()
    topic.save()
    for column, language in (("facts", Language.ZH_HANT), ("facts_en", Language.EN)):
        for order, (label, text) in enumerate(table.get(column, []), start=1):
            topic.facts.create(order=order, label=label, text=text, language=language)
    placed = []
    for order, part in enumerate(table.get("sections", []), start=1):
        names = {f"name_{language}": name for language, name in part.items() if language != "stories"}
        section = topic.sections.create(order=order, name=part["zh_hant"], **names)
        placed.append((section, [stories[number] for number in part["stories"]]))
    place_stories(topic, placed, by=by)
    for when, text, number in table.get("timeline", []):
        known = when if isinstance(when, str) else f"{today + timedelta(days=when):%Y-%m-%d}"
        topic.moments.create(when=known, text=text, article=stories[number] if number else None)
