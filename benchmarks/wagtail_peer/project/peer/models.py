"""A home, channels below it, and articles below those."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

LENGTH = 30  # of lists


class Home(Page):
    def get_context(self, request, *args, **kwargs):
        newest = Article.objects.live().order_by("-first_published_at").specific()[:LENGTH]
        return super().get_context(request, *args, **kwargs) | {"articles": newest}


class Channel(Page):
    def get_context(self, request, *args, **kwargs):
        newest = Article.objects.child_of(self).live().order_by("-first_published_at")[:LENGTH]
        return super().get_context(request, *args, **kwargs) | {"articles": newest}


class Article(Page):
    intro = models.CharField(max_length=250)
    body = RichTextField()
    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
