"""A story as readers see it, built from frozen content: the page of an edition, and the preview of the next one."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, F, Model, QuerySet, Value
from django.utils.safestring import SafeString, mark_safe

from articles.language import markup
from articles.models import Credit, Language, Page, Person, Place, Publication, Source, Tag, Topic
from articles.models.prepared import all_told, each, prepared, told
from articles.publishing.freeze import Content, headline_mark
from articles.site import addresses, pictures
from articles.site.dates import moment
from articles.site.frame import Surroundings, lang_of
from articles.site.marks import mark_changes
from articles.site.notices import Texts, mark_label, marked, notices_of, path_of, texts_of
from articles.site.renderings import Text
from articles.site.things import Link, Picture, PictureAddress, Role, Story
from articles.site.things import Topic as TopicBand

Paths = tuple[tuple[int, str], ...]  # of channels, by their keys
Targets = Mapping[tuple[str, int], str]  # ("person", 7) -> its address word, or the address of a source


def lead_shown(content: Content, address: PictureAddress = pictures.public_address) -> Picture:
    lead = content["lead"]
    return pictures.shown(
        content["pictures"][lead["picture"]], lang=content["language"], caption=lead["caption"],
        credit=lead.get("credit", ""), address=address,
    )  # fmt: skip


def live_targets(content: Content, original: int | None = None) -> Targets:
    """Where the frozen names lead today, by one query: address words may change, the words of a story may not.

    original: the story that it translates, or itself; then also the codes of those that say the same, as ("zh-Hans",
    key of the article), and beside it ("converted", key) where one is shown in both Chinese scripts, ("withdrawn", key)
    where it was retracted.
    """
    named = {
        "person": {one["id"] for one in content["credits"]},
        "tag": {tag["id"] for tag in content["tags"]},
        "place": {place["id"] for place in content.get("places", [])},
        "topic": {content["topic"]["id"]} if content["topic"] else set(),
        "source": {content["source"]["id"]} if content["source"] else set(),
    }
    if not original and not any(named.values()):
        return {}
    values: dict[str, Any] = {"original": original, "code": content["code"]}
    for kind, wanted in named.items():
        values |= each(kind, wanted)
    rows = _targets(*map(len, named.values()), bool(original))(**values)
    return {(kind, key): target for kind, key, target in rows}


@prepared
def _targets(
    people: int, tags: int, places: int, topics: int, sources: int, others: bool
) -> "QuerySet[Any, tuple[str, int, str]]":
    """How many of each are asked for; others: also the stories that say the same."""

    def some(model: type[Model], kind: str, count: int, word: str, **which: Any) -> QuerySet[Any, Any]:
        found = model._default_manager.filter(pk__in=all_told(kind, count), **which).order_by()
        return found.values_list(Value(kind), "pk", F(word))

    asked = [some(Person, "person", people, "slug", has_page=True)] if people else []
    asked += [some(Tag, "tag", tags, "slug")] if tags else []
    asked += [some(Place, "place", places, "code")] if places else []
    asked += [some(Topic, "topic", topics, "slug")] if topics else []
    asked += [some(Source, "source", sources, "url")] if sources else []
    if others:
        found = Publication.objects.filter(original=told("original")).exclude(code=told("code", CharField()))
        found = found.exclude(state=Publication.State.DOWN).order_by()
        converted = found.filter(only_in="").exclude(converted_card="")
        withdrawn = found.exclude(state=Publication.State.STANDING)
        asked.append(found.values_list("language", "pk", F("code")))
        asked.append(converted.values_list(Value("converted"), "pk", F("language")))
        asked.append(withdrawn.values_list(Value("withdrawn"), "pk", F("language")))
    return asked[0].union(*asked[1:], all=True) if asked[1:] else asked[0]


def build(
    content: Content,
    around: Surroundings,
    *,
    original: int | None = None,
    texts: Texts | None = None,
    address: PictureAddress = pictures.public_address,
) -> Story:
    """The page's view of frozen content. Names are the frozen ones; where they lead is looked up now.

    original: see `live_targets`; texts: the words of its notices, where the caller has read them already
    (notices.texts_of).
    """
    texts = texts_of([content]) if texts is None else texts
    return compose(content, live_targets(content, original), paths_of(content, around), texts, around.language, address)


def paths_of(content: Content, around: Surroundings) -> Paths:
    """Where the channels of its trail stand today."""
    ways = ((thing["id"], around.channels.get(thing["id"])) for thing in content["trail"])
    return tuple((key, channel.path) for key, channel in ways if channel)


def compose(
    content: Content,
    targets: Targets,
    paths: Paths,
    texts: Texts,
    language: Language,
    address: PictureAddress = pictures.public_address,
    retracted_url: str = "",
) -> Story:
    """What `build` makes of all that it has read; language: of the page."""
    lang = content["language"]
    zone = ZoneInfo(content["zone"])
    places = dict(paths)

    def link(kind: str, thing: Mapping[str, Any]) -> Link:
        word = targets.get((kind, thing["id"]), "")
        url = addresses.of(kind, word) if word and kind != "source" else word
        lang = lang_of(thing["name"], language) if kind == "tag" else thing.get("lang", "")
        return Link(name=thing["name"], url=url, lang=lang)

    def people(role: str) -> list[Link]:
        return [link("person", credit) for credit in content["credits"] if credit["role"] == role]

    def channel(thing: Mapping[str, Any]) -> Link:
        path = places.get(thing["id"])
        url = addresses.of("channel", path) if path else ""
        return Link(name=thing["name"], url=url, lang=thing.get("lang", ""))

    lead = content["lead"]
    topic = content["topic"]
    mark = mark_label(headline_mark(content))
    body, notices = mark_changes(clean_body(content), notices_of(content, texts), lang)
    return Story(
        lang=lang,
        code=content["code"],
        number=content["number"],
        kicker=content["kicker"],
        headline=content["headline"],
        mark=mark,
        title=marked(mark, content["headline"]),
        standfirst=content["standfirst"],
        published=moment(content["first_published_at"], zone),
        updated=notices[0].time if notices else None,
        modified=moment(content["published_at"], zone),
        topic=TopicBand(
            name=topic["name"],
            url=link("topic", topic).url,
            lang=topic.get("lang", ""),
            banner=topic["banner"],
        )
        if topic
        else None,
        trail=[channel(thing) for thing in content["trail"]],
        source=link("source", content["source"]) if content["source"] else Link(name=""),
        byline=[
            Role(label=str(label), people=people(role))
            for role, label in Credit.Role.choices
            if role != Credit.Role.EDITOR and people(role)
        ],
        editors=people(Credit.Role.EDITOR),
        lead=lead_shown(content, address) if lead else None,
        body=with_pictures(body, content, address=address),
        tags=[link("tag", tag) for tag in content["tags"]],
        places=[link("place", place) for place in content.get("places", [])],
        notices_top=[notice for notice in notices if notice.serious],
        notices_foot=[notice for notice in notices if not notice.serious],
        permalink=addresses.absolute(addresses.story_path(content["code"], lang)),
        qr_url=f"{addresses.story_path(content['code'], lang)}qr.svg",
        report_url=addresses.of("report", content["code"]),
        history_url=path_of("history", content),
        corrections_url=addresses.of("corrections"),
        policy_url=addresses.of("page", Page.Slug.POLICY),
        original=_original(content),
        retracted_url=retracted_url,
        same=_same(targets),
    )


def _same(targets: Targets) -> list[Text]:
    return [
        Text(("withdrawn", key) in targets, key, code, kind, ("converted", key) in targets)
        for (kind, key), code in targets.items()
        if kind in Language.values
    ]


def _original(content: Content) -> Link | None:
    source = content.get("converted_from")
    if not source:
        return None
    name = dict(settings.LANGUAGES)[Language(source).interface]
    return Link(name=name, url=addresses.story_path(content["code"], source), lang=source)


def clean_body(content: Content) -> str:
    """The body, sanitised once more, which never changes a stored edition."""
    return markup.CLEANERS[content["format"]](content["body"])


def body_html(content: Content, *, address: PictureAddress = pictures.public_address) -> SafeString:
    """The words alone, without marks of what was corrected, as feeds carry them."""
    return with_pictures(clean_body(content), content, address=address)


def with_pictures(body: str, content: Content, *, address: PictureAddress) -> SafeString:
    """A clean body with its pictures in place, each table in a frame that scrolls by itself, no heading too low."""

    def figure(key: str, caption: str, credit: str) -> str:
        picture = content["pictures"].get(key)
        if not picture:
            return f"<p>{caption}</p>" if caption else ""
        view = pictures.shown(picture, lang=content["language"], address=address)
        return pictures.figure_html(view, mark_safe(caption), mark_safe(credit))  # noqa: S308 - parts of clean HTML

    html = markup.lifted(markup.replace_figures(body, figure))
    return mark_safe(html.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>"))  # noqa: S308


def summary(content: Content, length: int = 160) -> str:
    """The standfirst, or the beginning of the text, in plain words."""
    words = markup.replace_figures(content["body"], lambda *_: "")
    text: str = content["standfirst"] or markup.text_of(words)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
