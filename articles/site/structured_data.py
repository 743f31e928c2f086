"""schema.org, as JSON-LD: the same words as on the page, for machines."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from articles.publishing.freeze import Content
from articles.site import addresses
from articles.site.things import Story

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def news_article(story: Story, content: Content, *, publisher: str) -> SafeString:
    """NewsArticle, safe inside <script>: https://schema.org/NewsArticle."""
    lead = story.lead
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "datePublished": story.published.isoformat(),
        "dateModified": content["published_at"],
        "inLanguage": story.lang,
        "identifier": story.code,
        "version": story.number,
        "mainEntityOfPage": story.permalink,
        "isAccessibleForFree": True,
        "articleSection": [link.name for link in story.trail],
        "keywords": [link.name for link in story.tags],
        "publisher": {"@type": "NewsMediaOrganization", "name": publisher, "url": addresses.absolute("/")},
        "author": [_person(link.name, link.url) for role in story.byline for link in role.people],
        "editor": [_person(link.name, link.url) for link in story.editors],
        "sourceOrganization": {"@type": "Organization", "name": story.source.name},
    }
    if not data["author"]:
        data["author"] = [{"@type": "Organization", "name": story.source.name}]
    if story.standfirst:
        data["description"] = story.standfirst
    if lead:
        image = {"@type": "ImageObject", "url": addresses.absolute(lead.src), "creditText": lead.credit}
        data["image"] = [image]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 - every character that could leave the script element is escaped


def _person(name: str, url: str) -> dict[str, str]:
    return {"@type": "Person", "name": name} | ({"url": addresses.absolute(url)} if url else {})
