"""What was to be done by now, and is not: the worker tells it, once."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from articles.models import Alert, Article
from articles.publishing import alerts
from articles.publishing.clock import database_now
from articles.publishing.rights import Right, colleagues_with
from articles.publishing.stages import Stage

BATCH = 100  # stories that one call takes
UNDONE = [Stage.DRAFT, Stage.REVIEW, Stage.CHANGED]


def tell_overdue() -> int:
    """Tell whoever has a story in hand, and those who may publish at its desk, that it is overdue; how many stories.

    A story that is given another time may be overdue again.
    """
    told = Alert.objects.filter(article=OuterRef("pk"), kind=Alert.Kind.OVERDUE, at__gte=OuterRef("due_at"))
    late = Article.objects.filter(due_at__lte=database_now(), stage__in=UNDONE).filter(~Exists(told))
    keys = list(late.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
    for key in keys:
        _tell(key)
    return len(keys)


@transaction.atomic
def _tell(key: int) -> None:
    article = Article.objects.select_for_update(no_key=True).get(pk=key)
    due = article.due_at
    if article.stage not in UNDONE or not due or due > database_now():
        return
    if Alert.objects.filter(article=article, kind=Alert.Kind.OVERDUE, at__gte=due).exists():
        return  # another worker was quicker
    alerts.tell(Alert.Kind.OVERDUE, article, [article.assignee, *colleagues_with(Right.PUBLISH, article.desk)], by=None)
