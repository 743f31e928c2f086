"""The front, the story, and the pages of the site about itself."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.language import markup
from articles.models import (
    Correction,
    Edition,
    EditionText,
    Language,
    Listing,
    Page,
    PageVersion,
    Publication,
    Topic,
)
from articles.models.names import other_script, other_script_html
from articles.models.prepared import all_told, each, prepared
from articles.models.prepared import told as hole
from articles.publishing.freeze import Content
from articles.site import addresses, curated, dates, keys, lists, memento, told
from articles.site.frame import Surroundings, frame
from articles.site.notices import kind_label, mark_label, marked, path_of
from articles.site.policy import default_policy
from articles.site.renderings import card_in, content_in, default_of, frozen, is_here, stands_in, text_of, words_in
from articles.site.things import Band, Change, Front, Link, Section
from articles.site.withdrawn import gone_or_none
from newsroom.delivery import standing
from newsroom.delivery.public import public_page

SECONDS = 3
LATEST = 12
SECTION = 5
BANDS = 3
BAND = 4
CHANGES = 3


@public_page
def front(request: HttpRequest) -> HttpResponse:
    around = Surroundings()
    standing.until(dates.next_midnight())  # its head tells the day
    return front_page(request, around, curated.live(0, around))


def front_page(request: HttpRequest, around: Surroundings, pinned: curated.Pinned) -> TemplateResponse:
    """What is pinned by hand, in its order; below it, and where it leaves room, what is newest."""
    readers, top_cards, more = around.language.readers, list(pinned.cards[: SECONDS + 1]), len(pinned.cards)
    found_rows = lists.newest(Listing.Kind.SITE, 0, readers, limit=SECONDS + LATEST + 5 + more, standing=True)
    rows = pinned.without(found_rows)
    lead = next((row for row in rows[: SECONDS + 2] if row.card["picture"]), rows[0] if rows else None)
    lead = None if top_cards else lead
    others = [row for row in rows if row is not lead]
    free = SECONDS + 1 - len(top_cards) if top_cards else SECONDS
    seconds, latest = others[:free], others[free : free + LATEST]
    if lead:
        top_cards.append(lists.card(lead, around))
    top_cards += lists.cards(seconds, around)
    top = [channel for channel in around.channels.values() if channel.parent_id is None]
    above = {row.publication_id for row in [lead, *seconds] if row} | pinned.stories
    topics = _topics(readers, len(above))(**each("above", above))
    below = [(Listing.Kind.CHANNEL.value, channel.pk) for channel in top]
    below += [(Listing.Kind.TOPIC.value, topic.pk) for topic in topics]
    found = lists.newest_of_each(below, readers, limit=SECTION + SECONDS + 1 + more + LATEST)
    in_latest = {row.publication_id for row in latest}

    def fresh(key: lists.Key) -> list[lists.Row]:
        return [row for row in found.get(key, []) if row.publication_id not in above]

    sections = []
    for channel in top:
        here = fresh((Listing.Kind.CHANNEL, channel.pk))
        apart = [row for row in here if row.publication_id not in in_latest]
        if section := (apart if len(apart) >= SECTION else here)[:SECTION]:
            sections.append(Section(channel=around.channel_link(channel), cards=lists.cards(section, around)))
    coverage = []
    for topic in topics:
        if band := fresh((Listing.Kind.TOPIC, topic.pk))[:BAND]:
            name, lang = topic.named(around.language)
            link = around.link(name, lang, addresses.of("topic", topic.slug))
            standfirst = topic.said("standfirst", around.language)
            coverage.append(Band(topic=link, standfirst=standfirst, cards=lists.cards(band, around)))
    latest_row = found_rows[-1] if found_rows else None
    return TemplateResponse(
        request,
        "site/front.html",
        frame(request, around, everywhere=True)
        | {
            "front": Front(
                lead=top_cards[0] if top_cards else None,
                seconds=top_cards[1:],
                picks=pinned.cards[SECONDS + 1 :],
                latest=lists.cards(latest, around),
                sections=sections,
                coverage=coverage,
                changes=changes(readers, around),
                archive_url=month_url(latest_row.first_published_at) if latest_row else "",
                corrections_url=addresses.of("corrections"),
                until=pinned.until,
            )
        },
    )


@prepared
def _topics(readers: str, above: int) -> "QuerySet[Topic]":
    """The first of those that run, and have something to show below so many that stand above."""
    of_topic = Listing.objects.on(Listing.Kind.TOPIC, OuterRef("pk"), readers).standing()  # type: ignore[arg-type]
    for one in all_told("above", above):
        of_topic = of_topic.exclude(publication=one)
    return Topic.objects.running().filter(Exists(of_topic.order_by()))[:BANDS]


def month_url(moment: datetime) -> str:
    local = moment.astimezone(dates.site_zone())
    return addresses.of("archive", f"{local:%Y}", f"{local:%m}")


def changes(readers: str, around: Surroundings) -> list[Change]:
    """The latest notices, whatever followed them; of a story that was taken down only that it was, and why.

    Its card then holds only what may be kept. The article itself is not read: it is the whole working copy.
    """
    standing.on(keys.NOTICES)
    made = []
    for notice in _changes(readers, around.language)():
        card = json.loads(notice.card)
        language = card["language"]
        story = addresses.story_path(notice.code, language)
        with translation.override(Language(language).interface):
            headline = marked(mark_label(card.get("mark", "")), card["headline"] or notice.code)
        made.append(
            Change(
                kind_label=kind_label(notice.kind),
                time=notice.at.astimezone(ZoneInfo(card["zone"])),
                headline=headline,
                url=f"{story}#notice-{notice.number}-{notice.place}",
                text=in_short(notice.words),
                lang="" if language == around.language else language,
            )
        )
    return made


@prepared
def _changes(readers: str, language: Language) -> "QuerySet[Correction]":
    stands = ~Q(article__publication__state=Publication.State.DOWN) | Q(article__publication__notice=F("pk"))
    found = Correction.objects.filter(stands, readers=readers).order_by("-at", "-pk")
    return found.annotate(
        number=F("right__number"),
        code=F("article__publication__code"),
        card=card_in(language, "article__publication__"),
        words=words_in(language),
    )[:CHANGES]


def in_short(words: str | None) -> str:
    """What a notice says in short; nothing where its words were erased."""
    said = json.loads(words) if words else {}
    return said.get("text") or said.get("now") or ""


def public_story(code: str, language: Language) -> Any:
    """The publication with its edition, and what it says on pages of `language` as `content`; a draft's code is
    answered as a code that does not exist."""
    story = next(iter(_public_story(language)(code=code)), None)
    if not story:
        raise Http404
    keys.on_stories([story.pk])
    keys.on_family(story.original_id)
    return story


@prepared
def _public_story(language: Language) -> "QuerySet[Publication]":
    found = Publication.objects.select_related("edition").annotate(content=content_in(language, "edition"))
    return found.filter(code=hole("code", CharField()))


@public_page
def article(request: HttpRequest, code: str) -> HttpResponse:
    around = Surroundings()
    publication = public_story(code, around.language)
    content = frozen(publication.content)
    if gone := gone_or_none(request, publication, content):
        return gone
    if not is_here(publication, around.language):
        return HttpResponseRedirect(_written(publication, around.language))
    retracted = _retracted(publication, content) if publication.state == Publication.State.RETRACTED else ""
    made = told.told(publication.content, around, original=publication.original_id, retracted_url=retracted)
    story = made.story
    codes = stands_in(text_of(publication), story.same)
    stands = {language: addresses.story_path(one, language) for language, one in codes.items()}
    written = {one.key: one.language for one in story.same} | {publication.pk: publication.language}
    on = [(Listing.Kind.TOPIC.value, content["topic"]["id"])] if content["topic"] else []
    on += [(Listing.Kind.TAG.value, tag["id"]) for tag in content["tags"]]
    on += [(Listing.Kind.CHANNEL.value, publication.channel_id)]
    related = []
    if publication.state == Publication.State.STANDING:
        related = lists.related_to(publication.first_published_at, on, publication.readers)
    feeds = [Link(name=link.name, url=f"{link.url}feed.rss") for link in story.trail if link.url]
    response = TemplateResponse(
        request,
        "site/article.html",
        frame(
            request,
            around,
            current=around.channels.get(publication.channel_id),
            feeds=feeds,
            stands=stands,
            default=default_of(stands, written.get(publication.original_id or publication.pk)),
            description=made.summary or next((one.text for one in story.notices_top), ""),
        )
        | {
            "story": replace(story, related=lists.cards(related, around), json_ld=made.json_ld),
            "told": made,
        },
    )
    response["Link"] = memento.of_story(code, around.language)
    return response


def _written(publication: Publication, language: Language) -> str:
    """Where a story stands that is not shown on pages of this language: what somebody wrote for them; or its own."""
    if publication.only_in and language == Language(publication.language).other_script:
        beside = Publication.objects.filter(original=publication.original_id, language=language)
        code = beside.filter(state=Publication.State.STANDING).order_by("pk").values_list("code", flat=True).first()
        if code:
            return addresses.story_path(code, language)
    return addresses.story_path(publication.code, publication.language)


def _retracted(publication: Publication, content: Content) -> str:
    """Where the text of a retracted story still stands: its last whole edition that was not erased."""
    texts = EditionText.objects.filter(edition__article=publication.article_id)
    texts = texts.exclude(edition__kind__in=Edition.WITHDRAWING)
    number = texts.order_by("-edition__number").values_list("edition__number", flat=True).first()
    return path_of("edition", content, number) if number else ""


@public_page
def page(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """A page of the site about itself; `number` names one of its earlier versions."""
    versions = PageVersion.objects.filter(page__slug=slug)
    version = versions.filter(number=number).first() if number is not None else versions.first()
    around = Surroundings()
    if not version:
        if number:
            raise Http404
        if slug == Page.Slug.POLICY:
            return default_policy(request, around)
        return _unwritten_page(request, around, slug)
    body, written = markup.lifted(markup.clean(version.body)), Language(version.language)
    title, lang = _title(version, around)
    if written.other_script == around.language:
        body = other_script_html(body, written, around.language)
    scripts = [one for one in (written, written.other_script) if one]
    here = around.language in scripts  # on others it is shown all the same, and found where it can be read
    stands = addresses.in_languages(request.path, scripts)
    return TemplateResponse(
        request,
        "site/page.html",
        frame(
            request,
            around,
            stands=stands,
            canonical=None if here else stands[written],
            robots="" if here and not number else "noindex",
        )
        | {
            "page": {
                "title": title,
                "lang": lang,
                "body": mark_safe(body),  # noqa: S308 - sanitised a few lines above
                "version": version.number,
                "time": version.published_at.astimezone(dates.site_zone()),
                "history_url": addresses.of("page-history", slug),
                "current_url": addresses.of("page", slug) if number else "",
            }
        },
    )


def _title(version: PageVersion, around: Surroundings) -> tuple[str, str]:
    """Its title, and the language of that where it is not the page's own; in the other Chinese script, converted."""
    written = Language(version.language)
    if written.other_script == around.language:
        return other_script(version.title, written, around.language), ""
    return version.title, "" if written == around.language else written.value


def _marked_up(title: str, lang: str) -> str:
    return format_html('<span lang="{}">{}</span>', lang, title) if lang else title


def _unwritten_page(request: HttpRequest, around: Surroundings, slug: str) -> HttpResponse:
    context: dict[str, object] = {
        "message": {
            "status": "",  # a page like any other, not a failure with a number
            "title": str(Page.Slug(slug).label),
            "text": _("This page has not been written yet."),
            "links": [Link(name=_("Front page"), url=addresses.of("front"))],
        }
    }
    context |= frame(request, around, everywhere=True, robots="noindex")
    return TemplateResponse(request, "site/message.html", context)


@public_page
def page_history(request: HttpRequest, slug: str) -> HttpResponse:
    found = list(PageVersion.objects.filter(page__slug=slug)[:200])
    if not found:
        raise Http404
    around = Surroundings()
    titles = [_title(version, around) for version in found]
    return TemplateResponse(
        request,
        "site/page_history.html",
        frame(request, around, everywhere=True, robots="noindex")
        | {
            "page": {
                "title": titles[0][0],
                "heading": _marked_up(*titles[0]),
                "url": addresses.of("page", slug),
                "versions": [
                    {
                        "number": version.number,
                        "time": version.published_at.astimezone(dates.site_zone()),
                        "title": title,
                        "url": addresses.of("page-version", slug, version.number),
                        "current": version is found[0],
                    }
                    for version, (title, _lang) in zip(found, titles, strict=True)
                ],
            }
        },
    )
