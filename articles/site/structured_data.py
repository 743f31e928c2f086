"""schema.org, as JSON-LD: the same words as on the page, for machines."""

import json
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from articles.models import Correction, Edition, Page
from articles.publishing.freeze import Content
from articles.site import addresses
from articles.site.feed_items import notice_guid, notice_lines
from articles.site.things import Notice, Story

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def news_article(story: Story, content: Content, *, publisher: str) -> SafeString:
    """NewsArticle, safe inside <script>: https://schema.org/NewsArticle.

    dateModified moves with every edition, typos included, and with nothing else.
    """
    lead = story.lead
    policy = addresses.absolute(reverse("site:page", args=[Page.Slug.POLICY]))
    notices = sorted((*story.notices_top, *story.notices_foot), key=lambda one: (one.time, -one.place), reverse=True)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "dateModified": content["published_at"],
        "inLanguage": story.lang,
        "identifier": story.code,
        "version": story.number,
        "creativeWorkStatus": _status(content),
        "mainEntityOfPage": story.permalink,
        "isAccessibleForFree": True,
        **_translates(content),
        "articleSection": [link.name for link in story.trail],
        "keywords": [link.name for link in story.tags],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": publisher,
            "url": addresses.absolute("/"),
            "correctionsPolicy": policy,
            "actionableFeedbackPolicy": policy,
        },
        "author": [_person(link.name, link.url) for role in story.byline for link in role.people],
        "editor": [_person(link.name, link.url) for link in story.editors],
        "sourceOrganization": {"@type": "Organization", "name": story.source.name},
    }
    if not data["author"]:
        data["author"] = [{"@type": "Organization", "name": story.source.name}]
    if story.places:
        data["contentLocation"] = [
            {"@type": "Place", "name": link.name, "identifier": place["code"]}
            | ({"url": addresses.absolute(link.url)} if link.url else {})
            for link, place in zip(story.places, content["places"], strict=True)
        ]
    if story.standfirst:
        data["description"] = story.standfirst
    if notices:
        data["correction"] = [_correction(story, notice) for notice in notices]
    if lead:
        image = {"@type": "ImageObject", "url": addresses.absolute(lead.src), "creditText": lead.credit}
        data["image"] = [image]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 - every character that could leave the script element is escaped


def _translates(content: Content) -> dict[str, Any]:
    """Of a text in the other Chinese script: what it was converted from."""
    source = content.get("converted_from")
    if not source:
        return {}
    story = addresses.absolute(addresses.story_path(content["code"], source))
    return {"translationOfWork": {"@type": "NewsArticle", "@id": story, "inLanguage": source}}


def _status(content: Content) -> str:
    if content["kind"] in {Edition.Kind.RETRACTION, Edition.Kind.TAKEDOWN}:
        return "Retracted"
    corrected = any(notice["kind"] == Correction.Kind.CORRECTION for notice in content["notices"])
    return "Corrected" if corrected else "Published"


def _correction(story: Story, notice: Notice) -> dict[str, Any]:
    """A notice of any kind; its label comes first, since schema.org knows corrections only."""
    data: dict[str, Any] = {
        "@type": "CorrectionComment",
        "@id": notice_guid(story.code, notice.number, notice.place),
        "name": notice.label,
        "text": "\n".join(notice_lines(notice)),
        "datePublished": notice.time.isoformat(),
        "url": f"{story.permalink}#{notice.anchor}",
    }
    if notice.reply:
        author = {"@type": "Person", "name": notice.reply.name}
        data["comment"] = {"@type": "Comment", "author": author, "text": notice.reply.text}
    return data


def _person(name: str, url: str) -> dict[str, str]:
    return {"@type": "Person", "name": name} | ({"url": addresses.absolute(url)} if url else {})
