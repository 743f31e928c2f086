"""What a desk has in hand in the middle of a day: a story in review, one assigned and due, one that waits for its hour,
one under embargo, and what colleagues say of them."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from articles.models import Article, User
from articles.publishing.assign import assign
from articles.publishing.clock import database_now
from articles.publishing.comments import comment
from articles.publishing.embargo import set_embargo
from articles.publishing.review import approve, submit
from articles.publishing.schedules import schedule


def day_at_the_desk(drafts: Sequence[Article], *, chief: User, editor: User, reporter: User) -> None:
    """drafts: as newsroom.toml has them, in its order."""
    bridge, weather, market, museum = drafts
    zone = bridge.desk.zone
    now = database_now().astimezone(zone).replace(second=0, microsecond=0)
    assign(bridge, by=chief, to=reporter, due=now + timedelta(hours=2))
    comment(bridge, by=chief, text=f"@{reporter} 養護中心下午四點前回覆，請盯一下。")
    submit(weather, seen=weather.version, by=weather.created_by)
    assign(weather, by=editor, to=None, due=now - timedelta(minutes=20))

    submit(market, seen=market.version, by=market.created_by)
    market = approve(market, seen=market.version, by=editor)
    hour = (now + timedelta(hours=2)).replace(minute=0)
    schedule(market, seen=market.version, by=editor, due_at=hour, zone=str(zone))

    morning = datetime.combine(now.date() + timedelta(days=1), time(8), zone)
    set_embargo(museum, by=editor, until=morning, zone=str(zone))
    schedule(museum, seen=museum.version, by=chief, due_at=morning, zone=str(zone))
