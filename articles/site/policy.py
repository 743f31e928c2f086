"""The corrections policy that holds until the desk writes its own (Page "policy"): a good default, per language."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.models import Page
from articles.site.frame import Surroundings, frame


def default_policy(request: HttpRequest, around: Surroundings) -> HttpResponse:
    site = around.site
    context = frame(request, around, everywhere=True)
    context["policy"] = {
        "title": str(Page.Slug.POLICY.label),
        "text": f"site/policy/{around.language.interface}.html",
        "acknowledge_hours": site.acknowledge_hours,
        "decide_hours": site.decide_hours,
        "reply_hours": site.reply_hours,
        "contact_days": site.contact_days,
        "contact_email": site.contact_email,
        "log_url": reverse("site:corrections"),
        "accuracy_url": reverse("site:accuracy"),
        "contact_url": reverse("site:page", args=[Page.Slug.CONTACT]),
    }
    return TemplateResponse(request, "site/policy.html", context)
