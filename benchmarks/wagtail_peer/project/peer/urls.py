from django.contrib.syndication.views import Feed
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from peer.models import LENGTH, Article


class Newest(Feed):
    title, link, description = "peer", "/", "peer"

    def items(self):
        return Article.objects.live().order_by("-first_published_at")[:LENGTH]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.intro

    def item_link(self, item):
        return item.url

    def item_pubdate(self, item):
        return item.first_published_at


urlpatterns = [path("feed/", Newest()), path("admin/", include(wagtailadmin_urls)), path("", include(wagtail_urls))]
