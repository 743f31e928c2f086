"""糾錯: the form on which a reader reports an error, and the private page that tells what became of it.

Both work without an account, a cookie or a script, and keep what was typed whatever happens (form_token.py says how
they are protected).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.language import passages
from articles.models import Edition, Page, Publication
from articles.publishing.errors import Withdrawn
from articles.publishing.report_error import (
    LIMITS,
    ReportRefused,
    Told,
    TooManyReports,
    converted_layer_of,
    layer_of,
    report_error,
    tidy,
)
from articles.site import addresses, form_token
from articles.site.errors import bad_request
from articles.site.form_token import Token, private_page
from articles.site.frame import Surroundings, frame
from articles.site.renderings import card_here, is_here, languages_of
from articles.site.withdrawn import gone_or_none, taken_down
from newsroom.delivery.sender import sender

FIELDS = [*LIMITS, "prefix", "suffix", "paragraph", "concerned"]
CONTEXT = 64  # characters kept on each side of a passage
MOST_PARAGRAPHS = 400  # in the list to choose from
FIRST_WORDS = 30  # characters of each
TRAP = "subject"  # a field that people do not see


@dataclass(frozen=True)
class Field:
    """One field of the form, as the template writes it."""

    name: str
    value: str
    error: str
    most: int = 0


@dataclass(frozen=True)
class ReportForm:
    code: str
    number: int
    token: str
    headline: str
    story_url: str
    fields: Mapping[str, Field]
    trouble: str  # what is wrong with all of it
    concerned: bool
    paragraph: str  # the chosen one
    paragraphs: Sequence[tuple[str, str]]  # its number, and its first words
    contact_days: int
    mail: str
    mail_url: str
    contact_url: str
    policy_url: str
    trap: str = ""

    @property
    def errors(self) -> list[Field]:
        return [field for field in self.fields.values() if field.error]


@private_page
def report(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, code)
    try:
        typed = {name: request.POST.get(name, "") for name in [*FIELDS, "edition", "token", TRAP]}
    except UnreadablePostError:  # nobody is left to read the answer
        return bad_request(request)
    try:
        return _sent(request, code, typed)
    except (OperationalError, InterfaceError):
        form = _form(code, None, typed, trouble=_("The newsroom is out of reach for a moment. Nothing is lost: your "
                                                  "text is still here. Send it again in a few minutes."))  # fmt: skip
        response = TemplateResponse(request, "site/report.html", {"form": form}, status=503)
        response["Retry-After"] = "30"
        return response


def _story(code: str) -> Publication:
    found = Publication.objects.select_related("edition", "article").filter(code=code).first()
    if not found:
        raise Http404
    return found


def _shown(request: HttpRequest, code: str) -> HttpResponse:
    publication = _story(code)
    if not is_here(publication, addresses.page_language()):
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponseRedirect(f"{addresses.story_path(code, publication.language)}report/{asked}")
    if gone := gone_or_none(request, publication):
        return gone
    typed = {name: request.GET.get(name, "") for name in ("edition", "passage", "prefix", "suffix")}
    typed["passage"] = tidy(typed["passage"][: 2 * LIMITS["passage"]])[: LIMITS["passage"]]
    typed["prefix"] = tidy(typed["prefix"][-CONTEXT:])
    typed["suffix"] = tidy(typed["suffix"][:CONTEXT])
    return _page(request, publication, typed)


def _sent(request: HttpRequest, code: str, typed: dict[str, str]) -> HttpResponse:
    publication = _story(code)
    if gone := gone_or_none(request, publication):
        return gone
    edition = _edition(publication, typed["edition"])
    state = form_token.check(typed["token"], "report", code, edition.number)
    typed["token"] = _next_token(state, typed["token"], code, edition.number)
    if not form_token.from_our_page(request):
        return _page(request, publication, typed, status=403, trouble=_(
            "Your browser does not say that this form stood on our page, so it was not taken. Look through your text "
            "here, and send it again."))  # fmt: skip
    if state != Token.GOOD:
        return _page(request, publication, typed, status=422, trouble=_trouble(state))
    if typed[TRAP]:
        return _page(request, publication, typed, status=422, trouble=_(
            "The field that must stay empty was filled in, as machines do. Empty it, and send again."))  # fmt: skip
    try:
        receipt = report_error(
            publication.article,
            number=edition.number,
            told=_told(edition, typed),
            sender=sender(request),
            language=addresses.page_language().interface,
        )
    except ReportRefused as error:
        return _page(request, publication, typed, status=422, errors=error.errors,
                     trouble=_("It was not sent yet: something is missing or cannot be taken."))  # fmt: skip
    except TooManyReports as error:
        response = _page(request, publication, typed, status=429, trouble=str(error))
        response["Retry-After"] = str(error.seconds)
        return response
    except Withdrawn:  # taken down while this was being sent
        publication.refresh_from_db()
        return taken_down(request, publication.edition.text.read())
    return HttpResponseRedirect(reverse("site:report-status", args=[code, receipt.key]), status=303)


def _next_token(state: Token, token: str, code: str, number: int) -> str:
    """For the form that goes back: nobody who has waited once must wait again before sending it a second time."""
    if state in {Token.GOOD, Token.HASTY}:
        return token
    age = form_token.HASTE if state == Token.EXPIRED else 0
    return form_token.issue("report", code, number, at=time.time() - age)


def _trouble(state: Token) -> str:
    if state == Token.HASTY:
        return _("This came faster than anybody can read and write, as machines do. Wait a moment, and send it again.")
    return _("This form was opened too long ago. Look through your text, and send it again.")


def _edition(publication: Publication, asked: str) -> Edition:
    """The edition that the reader had before them; the current one, where the number says nothing."""
    if asked.isascii() and asked.isdecimal() and len(asked) < 9:
        found = publication.article.editions.filter(number=int(asked)).first()
        if found:
            return found
    return publication.edition


def _layer_here(edition: Edition) -> str:
    """The text as the page shows it that the form belongs to."""
    return converted_layer_of(edition, addresses.page_language().interface) or layer_of(edition)


def _paragraphs(layer: str) -> list[tuple[int, int]]:
    """Where each paragraph of the text stands in its layer."""
    places, start = [], 0
    for line in layer.split("\n")[:MOST_PARAGRAPHS]:
        if line.strip():
            places.append((start, start + len(line)))
        start += len(line) + 1
    return places


def _told(edition: Edition, typed: Mapping[str, str]) -> Told:
    words = {name: typed[name] for name in [*LIMITS, "prefix", "suffix"]}
    chosen = typed["paragraph"]
    if not tidy(words["passage"]) and chosen.isascii() and chosen.isdecimal() and len(chosen) < 5:
        layer = _layer_here(edition)
        for number, (start, end) in enumerate(_paragraphs(layer), start=1):
            if number == int(chosen):
                found = passages.select(layer, start, min(end, start + LIMITS["passage"]), context=CONTEXT)
                words |= {"passage": found.exact, "prefix": found.prefix, "suffix": found.suffix}
    return Told(concerned=bool(typed["concerned"]), **words)


def _page(
    request: HttpRequest,
    publication: Publication,
    typed: Mapping[str, str],
    *,
    status: int = 200,
    trouble: str = "",
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The form with what was typed."""
    around = Surroundings()
    form = _form(publication.code, publication, typed, around=around, trouble=trouble, errors=errors)
    stands = addresses.in_languages(request.path, languages_of(publication))
    context = frame(request, around, robots="noindex", stands=stands) | {"form": form}
    return TemplateResponse(request, "site/report.html", context, status=status)


def _form(
    code: str,
    publication: Publication | None,
    typed: Mapping[str, str],
    *,
    around: Surroundings | None = None,
    trouble: str = "",
    errors: Mapping[str, str] | None = None,
) -> ReportForm:
    """Without publication and surroundings: what can be shown while the database is away."""
    edition = _edition(publication, typed.get("edition", "")) if publication else None
    asked = typed.get("edition", "")
    number = edition.number if edition else int(asked) if asked.isdecimal() and len(asked) < 9 else 1
    layer = _layer_here(edition) if edition else ""
    card = card_here(publication, addresses.page_language()) if publication else {"headline": ""}
    mail = around.site.contact_email if around else ""
    subject = _("Error in a story") + f" {code}"
    return ReportForm(
        code=code,
        number=number,
        token=typed.get("token") or form_token.issue("report", code, number),
        headline=card["headline"],
        story_url=addresses.story_path(code, card["language"]) if publication else "",
        fields={
            name: Field(name, typed.get(name, ""), (errors or {}).get(name, ""), LIMITS.get(name, 0))
            for name in [*LIMITS, "prefix", "suffix", "concerned"]
        },
        trouble=trouble,
        concerned=bool(typed.get("concerned")),
        paragraph=typed.get("paragraph", ""),
        paragraphs=[
            (str(number), f"{number}. {_first_words(layer[start:end])}")
            for number, (start, end) in enumerate(_paragraphs(layer), start=1)
        ],
        contact_days=around.site.contact_days if around else 0,
        mail=mail,
        mail_url=f"mailto:{mail}?subject={quote(subject)}" if mail else "",
        contact_url=reverse("site:page", args=[Page.Slug.CONTACT]),
        policy_url=reverse("site:page", args=[Page.Slug.POLICY]),
        trap=typed.get(TRAP, ""),
    )


def _first_words(text: str) -> str:
    return text if len(text) <= FIRST_WORDS else text[:FIRST_WORDS].rstrip() + "…"
