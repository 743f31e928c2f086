"""What helps to search: suggestions for who types, and the description by which browsers offer the search."""

from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.language.words import one_line
from articles.models import Channel, Place
from articles.search.names import Kind, Meant, meant
from articles.site import addresses
from articles.site.feed_forms import NOT_XML
from articles.site.frame import Surroundings
from articles.site.notices import mark_label, marked
from articles.site.renderings import card_here
from newsroom.delivery.public import passing_page, public_page

MOST_CHARACTERS = 40  # of what is typed that are looked at
ADDRESS = {Kind.CHANNEL: "channel", Kind.TOPIC: "topic", Kind.PERSON: "person", Kind.PLACE: "place", Kind.TAG: "tag"}


@passing_page
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by ?q=, as JSON: kind, name, address, and language where it is not the page's own."""
    around = Surroundings()
    typed = one_line(request.GET.get("q", "")[:MOST_CHARACTERS])
    found = [_told(one, around) for one in meant(typed, around.language)] if typed else []
    return JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False})


def _told(one: Meant, around: Surroundings) -> dict[str, Any]:
    """These keys, and no others."""
    labels = {
        Kind.CHANNEL: _("Channel"),
        Kind.TOPIC: _("Special coverage"),
        Kind.PERSON: _("Person"),
        Kind.PLACE: _("Place"),
        Kind.TAG: _("Tag"),
        Kind.HEADLINE: _("Story"),
    }
    kind = Kind(one.kind)
    if kind == Kind.HEADLINE:
        card = card_here(one.thing, around.language)
        name, lang = marked(mark_label(card.get("mark", "")), card["headline"]), card["language"]
        url = addresses.story_path(one.thing.code, lang)
    elif kind == Kind.TAG:
        name = around.words(one.thing.name) or one.thing.name
        lang, url = around.lang_of(name) or around.language.value, reverse("site:tag", args=[one.thing.slug])
    else:
        name, lang = one.thing.named(around.language)
        url = reverse(f"site:{ADDRESS[kind]}", args=[_word(one.thing)])
    told = {"kind": labels[kind], "name": name, "url": url}
    return told if lang == around.language else told | {"lang": lang}


def _word(thing: Any) -> str:
    """The word of its address."""
    return thing.path if isinstance(thing, Channel) else thing.code if isinstance(thing, Place) else thing.slug


@public_page
def opensearch(request: HttpRequest) -> HttpResponse:
    """OpenSearch 1.1: a browser may offer this newspaper beside its own search engines."""
    around = Surroundings()
    name = NOT_XML.sub("", around.site.name_in(around.language))
    page = escape(addresses.absolute(reverse("site:search")))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(name[:16])}</ShortName>\n<Description>{escape(name)}</Description>\n"
        f"<Language>{around.language.value}</Language>\n<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template="{page}?q={{searchTerms}}"/>\n'
        "</OpenSearchDescription>\n"
    )
    return HttpResponse(text, content_type="application/opensearchdescription+xml; charset=utf-8")
