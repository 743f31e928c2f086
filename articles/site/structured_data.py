"""schema.org, as JSON-LD: the same words as on the page, for machines."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from articles.models import Correction, Edition, Page
from articles.publishing.freeze import Content, freeze_picture
from articles.site import addresses, pictures
from articles.site.feed_items import notice_guid, notice_lines
from articles.site.frame import Frame, SiteView, Surroundings
from articles.site.things import Card, Link, ListPage, Notice, Picture, Story

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def script(data: dict[str, Any]) -> SafeString:
    """A thing as JSON-LD, safe inside <script>."""
    whole = {"@context": "https://schema.org"} | data
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 - every character that could leave the script element is escaped


def _page(slug: Page.Slug) -> str:
    return addresses.absolute(addresses.of("page", slug))


def organization(around: Surroundings, name: str) -> dict[str, Any]:
    """The newsroom, with the pages on which it says how it works, as far as they are written."""
    policy, site = _page(Page.Slug.POLICY), around.site
    about = _page(Page.Slug.ABOUT) if around.has_page(Page.Slug.ABOUT) else ""
    imprint = _page(Page.Slug.IMPRINT) if around.has_page(Page.Slug.IMPRINT) else ""
    data = {
        "@type": "NewsMediaOrganization",
        "name": name,
        "url": addresses.absolute("/"),
        "correctionsPolicy": policy,
        "actionableFeedbackPolicy": policy,
        "publishingPrinciples": about or policy,
    }
    if about:
        data["masthead"] = about
    if imprint:
        data["ownershipFundingInfo"] = imprint
    if site.contact_email:
        point = {"@type": "ContactPoint", "contactType": "newsroom", "email": site.contact_email}
        return data | _logo(around) | {"contactPoint": point}
    return data | _logo(around)


def _logo(around: Surroundings) -> dict[str, Any]:
    if not around.site.logo:
        return {}
    return {"logo": image(pictures.shown(freeze_picture(around.site.logo, around.language), lang=around.language))}


def image(picture: Picture) -> dict[str, Any]:
    file = pictures.shared(picture)
    data = {"@type": "ImageObject", "url": file.url, "width": file.width, "height": file.height}
    return data | {name: said for name, said in (("caption", picture.alt), ("creditText", picture.credit)) if said}


def breadcrumb(frame: Frame, site: SiteView, trail: Sequence[Link], last: Link) -> dict[str, Any]:
    """The way from the front to a page, itself its last step."""
    steps = [
        Link(name=site.name, url=frame.home_url),
        *[link for link in trail if link.url not in {"", frame.home_url}],
        last,
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": step.name, "item": addresses.absolute(step.url)}
            for number, step in enumerate(steps, start=1)
        ],
    }


def web_site(frame: Frame, site: SiteView) -> dict[str, Any]:
    """The site, on its front."""
    home = addresses.absolute(frame.home_url)
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{addresses.absolute(frame.search_url)}?q={{words}}"},
        "query-input": "required name=words",
    }
    data: dict[str, Any] = {
        "@type": "WebSite",
        "@id": f"{home}#site",
        "name": site.name,
        "url": home,
        "inLanguage": frame.lang,
    }
    data |= {"potentialAction": search} if frame.search_url else {}
    return data | ({"description": site.tagline} if site.tagline else {})


def collection(frame: Frame, listing: ListPage, title: str) -> dict[str, Any]:
    """A list of stories, in its order, those of a topic's sections first; of an archive its years, or the months of
    one."""
    placed = [card for part in listing.topic.sections for card in part.cards] if listing.topic else []
    led_to: Sequence[Card | Link] = [*placed, *listing.cards] or [link for link in listing.periods if link.url]
    items = [
        {"@type": "ListItem", "position": number, "url": addresses.absolute(one.url)}
        for number, one in enumerate(led_to, start=1)
    ]
    return {
        "@type": "CollectionPage",
        "name": title,
        "url": frame.canonical,
        "inLanguage": frame.lang,
        "mainEntity": {"@type": "ItemList", "itemListElement": items},
    }


def news_article(story: Story, content: Content, *, publisher: dict[str, Any]) -> SafeString:
    """NewsArticle: https://schema.org/NewsArticle. publisher: `organization`.

    dateModified moves with every edition, typos included, and with nothing else.
    """
    notices = sorted((*story.notices_top, *story.notices_foot), key=lambda one: (one.time, -one.place), reverse=True)
    data: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "dateModified": content["published_at"],
        "url": story.permalink,
        "inLanguage": story.lang,
        "identifier": story.code,
        "version": story.number,
        "creativeWorkStatus": _status(content),
        "mainEntityOfPage": story.permalink,
        "isAccessibleForFree": True,
        **_translates(content),
        "articleSection": [link.name for link in story.trail],
        "keywords": [link.name for link in story.tags],
        "publisher": publisher,
        "author": [_person(link.name, link.url) for role in story.byline for link in role.people],
        "editor": [_person(link.name, link.url) for link in story.editors],
        "sourceOrganization": {"@type": "Organization", "name": story.source.name}
        | ({"url": story.source.url} if story.source.url else {}),
    }
    if not data["author"]:
        data["author"] = [data["sourceOrganization"]]
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
    if story.lead:
        data["image"] = [image(story.lead)]
    return script(data)


def _translates(content: Content) -> dict[str, Any]:
    """Of a text in the other Chinese script: what it was converted from."""
    source = content.get("converted_from")
    if not source:
        return {}
    story = addresses.absolute(addresses.story_path(content["code"], source))
    return {"translationOfWork": {"@type": "NewsArticle", "@id": story, "inLanguage": source}}


def _status(content: Content) -> str:
    if content["kind"] in Edition.WITHDRAWING:
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
