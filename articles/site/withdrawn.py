"""What is answered in place of a story that was taken down, and of everything that stood of it.

410 Gone, or 451 where the law demanded it (RFC 7725), with the time, the kind and the public reason: the stub that its
last edition is, and nothing of the editions before.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Correction, Page, Publication
from articles.publishing.freeze import Content, headline_mark
from articles.site import addresses
from articles.site.frame import Surroundings, frame
from articles.site.notices import mark_label, marked, notice, path_of, texts_of
from articles.site.things import Link, Notice


@dataclass(frozen=True)
class Withdrawn:
    status: int
    title: str  # plain text
    mark: str
    headline: str  # empty unless it may be kept
    lang: str  # of the headline and the reason, where it differs from the page's
    code: str
    notices: list[Notice]
    links: list[Link]


def gone_or_none(request: HttpRequest, publication: Publication, content: Content | None = None) -> HttpResponse | None:
    """The answer in place of anything that stood of a story which was taken down; None while it is public.

    content: of the current edition, where the caller has read it already. For views under `public_page`, in the
    language of any address.
    """
    if publication.state != Publication.State.DOWN:
        return None
    return taken_down(request, content or publication.edition.text.read())


def taken_down(request: HttpRequest, content: Content) -> TemplateResponse:
    """The page of a stub. `content`: of the edition that took the story down."""
    around = Surroundings()
    entries = content["notices"]
    texts, zone = texts_of([content]), ZoneInfo(content["zone"])
    status = 451 if any(entry["ground"] == Correction.Ground.LEGAL for entry in entries) else 410
    mark = mark_label(headline_mark(content))
    policy = reverse("site:page", args=[Page.Slug.POLICY])
    links = [
        Link(name=_("All editions"), url=path_of("history", content)),
        Link(name=_("All corrections"), url=reverse("site:corrections")),
        Link(name=str(Page.Slug.POLICY.label), url=policy),
        Link(name=_("Front page"), url=reverse("site:front")),
    ]
    response = TemplateResponse(
        request,
        "site/withdrawn.html",
        frame(request, around, canonical="", robots="noindex")
        | {
            "withdrawn": Withdrawn(
                status=status,
                title=marked(mark, content["headline"]) if content["headline"] else _("This page has been withdrawn"),
                mark=mark,
                headline=content["headline"],
                lang="" if content["language"] == around.language else content["language"],
                code=content["code"],
                notices=[notice(entry, texts, zone) for entry in entries],
                links=links,
            )
        },
        status=status,
    )
    if status == 451:
        response["Link"] = f'<{addresses.absolute(policy)}>; rel="blocked-by"'
    return response
