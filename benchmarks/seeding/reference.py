"""What stories name: channels, people, places … And in which columns the rows of stories stand."""

from typing import Any

from benchmarks.seeding.asked_once import Checked, vector
from benchmarks.seeding.stories import ZONE, edition_before

# Of models whose rows are not made of an instance: the columns that are given; all others have their defaults.
GIVEN = {
    "Article": "id code desk_id stage version language headline kicker standfirst body channel_id source_id topic_id "
    "created_at created_by_id changed_at changed_by_id",
    "Credit": "article_id person_id role order",
    "TaggedArticle": "content_object_id tag_id",
    "PlaceOfArticle": "article_id place_id",
    "SearchEntry": "rowid tokens",
    "EditionText": "edition_id content salt",
    "CorrectionText": "correction_id content salt",
    "ConversionText": "conversion_id content salt",
    "Publication": "article_id code edition_id language readers channel_id topic_id source_id first_published_at "
    "published_at changed_at state notice_id card converted_card original_id draft_version only_in",
    "Listing": "publication_id kind target readers first_published_at state",
    "PublicEntry": "publication_id moment edition_id",
    "PublicTokens": "rowid tokens",
    "Suggestion": "kind target readers key",
    "Outbox": "edition_id created_at claimed_until attempts done_at error",
    "Event": "at by_id verb article_id desk_id thing door",
}
WHOLE = ["Edition", "Correction", "Conversion"]
# In an order in which nothing refers to what comes later.
ORDER = ["Article", "Credit", "TaggedArticle", "PlaceOfArticle", "SearchEntry", "Edition", "EditionText", "Correction",
         "CorrectionText", "Conversion", "ConversionText", "Publication", "Listing", "PublicEntry", "PublicTokens",
         "Suggestion", "Outbox", "Event"]  # fmt: skip


def model_of(name: str) -> Any:
    from articles import models

    return models.Article.places.through if name == "PlaceOfArticle" else getattr(models, name)


class Reference:
    def __init__(self, count: int) -> None:
        """count: stories that are to be made."""
        from django.db import connection

        from articles.models.codes import ALPHABET, LENGTH
        from articles.search import tables

        self.alphabet, self.code_length = ALPHABET, LENGTH
        self.editions = edition_before(count + 1)
        one_text = lambda words, anywhere=(): " ".join([*words, *anywhere])  # noqa: E731
        self.tokens = Checked(tables.vector, vector) if connection.vendor == "postgresql" else one_text
        self._things(tags=min(max(count // 30, 2), 500))  # a page of a tag is full at every size
        self.columns: dict[str, list[str]] = {}
        self.defaults: dict[str, list[Any]] = {}
        for name in ORDER:
            fields = model_of(name)._meta.concrete_fields
            if name in WHOLE:
                self.columns[name], self.defaults[name] = [field.attname for field in fields], []
                continue
            given = GIVEN[name].split()
            rest = [one for one in fields if not one.null and not one.primary_key and one.column not in given]
            self.columns[name] = [*given, *(field.column for field in rest)]
            self.defaults[name] = [field.get_default() for field in rest]

    def _things(self, tags: int) -> None:
        from articles import models as m

        m.Site.objects.get_or_create(pk=1, defaults={"name": "朗措新聞"})
        self.desk, _ = m.Desk.objects.get_or_create(slug="seed", defaults={"name": "編輯部", "time_zone": ZONE})
        self.user, _ = m.User.objects.get_or_create(username="seed", defaults={"is_superuser": True, "is_staff": True})
        tops = [m.Channel.objects.get_or_create(slug=f"c{n}", parent=None, defaults={"name": f"頻道{n}"})[0]
                for n in range(8)]  # fmt: skip
        self.channels = tops + [
            m.Channel.objects.get_or_create(slug=f"s{n}", parent=tops[n % 8], defaults={"name": f"子頻道{n}"})[0]
            for n in range(16)
        ]
        self.trails = {channel.pk: channel.trail() for channel in self.channels}
        made = lambda model, letter, name, count: [  # noqa: E731
            model.objects.get_or_create(slug=f"{letter}{n}", defaults={"name": f"{name}{n}"})[0] for n in range(count)
        ]
        self.sources, self.people = made(m.Source, "so", "來源", 5), made(m.Person, "p", "人物", 40)
        self.topics, self.tags = made(m.Topic, "t", "專題", 20), made(m.Tag, "tag", "標籤", tags)
        place = lambda code, name: m.Place.objects.get_or_create(code=code, defaults={"name": name})[0]  # noqa: E731
        self.above = [place("CN-XZ", "省"), place("549900", "地區")]
        self.places = [place(f"5499{n}", f"縣{n}") for n in range(21, 41)]

    def names(self) -> set[str]:
        things = [*self.channels, *self.sources, *self.people, *self.topics, *self.tags, *self.places, *self.above]
        return {thing.name for thing in things}
