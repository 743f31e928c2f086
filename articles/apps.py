from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save, pre_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from articles.models import triggers
        from articles.site import keys

        pre_migrate.connect(triggers.remove, sender=self, dispatch_uid="articles.triggers.away")
        # SQLite drops a table's triggers whenever a migration rebuilds the table, without a word: so they are put
        # back after every migrate, on both databases, from one place.
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="articles.triggers")
        for model in keys.FURNITURE:
            for signal in (post_save, post_delete):
                signal.connect(keys.furniture_moved, sender=model, dispatch_uid=f"articles.keys.{model.__name__}")
