"""A story as readers see it, built from frozen content: the page of an edition, and the preview of the next one."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Value
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from articles.language import markup
from articles.models import Credit, Language, Page, Person, Place, Publication, Source, Tag, Topic
from articles.publishing.freeze import Content, headline_mark
from articles.site import addresses, pictures
from articles.site.dates import moment
from articles.site.frame import Surroundings
from articles.site.marks import mark_changes
from articles.site.notices import Texts, mark_label, marked, notices_of, path_of, texts_of
from articles.site.renderings import Text
from articles.site.things import Link, Picture, PictureAddress, Role, Story
from articles.site.things import Topic as TopicBand

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
    people = {one["id"] for one in content["credits"]}
    tags = {tag["id"] for tag in content["tags"]}
    topic = [content["topic"]["id"]] if content["topic"] else []
    places = {place["id"] for place in content.get("places", [])}
    sources = [content["source"]["id"]] if content["source"] else []
    parts = [
        Person.objects.filter(pk__in=people, has_page=True).order_by().values_list(Value("person"), "pk", "slug"),
        Tag.objects.filter(pk__in=tags).order_by().values_list(Value("tag"), "pk", "slug"),
        Place.objects.filter(pk__in=places).order_by().values_list(Value("place"), "pk", "code"),
        Topic.objects.filter(pk__in=topic).order_by().values_list(Value("topic"), "pk", "slug"),
        Source.objects.filter(pk__in=sources).order_by().values_list(Value("source"), "pk", F("url")),
    ]
    asked = [part for part, wanted in zip(parts, (people, tags, places, topic, sources), strict=True) if wanted]
    if original:
        others = Publication.objects.filter(original=original).exclude(code=content["code"])
        others = others.exclude(state=Publication.State.DOWN).order_by()
        asked.append(others.values_list("language", "pk", F("code")))
        converted = others.filter(only_in="").exclude(converted_card="")
        asked.append(converted.values_list(Value("converted"), "pk", F("language")))
        withdrawn = others.exclude(state=Publication.State.STANDING)
        asked.append(withdrawn.values_list(Value("withdrawn"), "pk", F("language")))
    if not asked:
        return {}
    return {(kind, key): target for kind, key, target in asked[0].union(*asked[1:], all=True)}


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
    lang = content["language"]
    zone = ZoneInfo(content["zone"])
    targets = live_targets(content, original)

    def link(kind: str, thing: Mapping[str, Any]) -> Link:
        word = targets.get((kind, thing["id"]), "")
        url = reverse(f"site:{kind}", args=[word]) if word and kind != "source" else word
        lang = around.lang_of(thing["name"]) if kind == "tag" else thing.get("lang", "")
        return Link(name=thing["name"], url=url, lang=lang)

    def people(role: str) -> list[Link]:
        return [link("person", credit) for credit in content["credits"] if credit["role"] == role]

    def channel(thing: Mapping[str, Any]) -> Link:
        live = around.channels.get(thing["id"])
        url = reverse("site:channel", args=[live.path]) if live else ""
        return Link(name=thing["name"], url=url, lang=thing.get("lang", ""))

    lead = content["lead"]
    topic = content["topic"]
    mark = mark_label(headline_mark(content))
    told = notices_of(content, texts_of([content]) if texts is None else texts)
    body, told = mark_changes(clean_body(content), told, lang)
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
        updated=told[0].time if told else None,
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
        notices_top=[notice for notice in told if notice.serious],
        notices_foot=[notice for notice in told if not notice.serious],
        permalink=addresses.absolute(addresses.story_path(content["code"], lang)),
        report_url=reverse("site:report", args=[content["code"]]),
        history_url=path_of("history", content),
        corrections_url=reverse("site:corrections"),
        policy_url=reverse("site:page", args=[Page.Slug.POLICY]),
        original=_original(content),
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
