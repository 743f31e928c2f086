"""The demonstration newsroom: an invented prefecture, loaded from newsroom.toml, stories/ and pictures/ beside this."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from articles.language import words
from articles.management.demo.archive import HERE, ZONE, Event, Table, archive, read
from articles.management.demo.coverage import cover
from articles.management.demo.day import day_at_the_desk
from articles.management.demo.front import curate
from articles.management.demo.reports import Reports
from articles.management.progress import bar
from articles.models import (
    Article,
    Channel,
    Credit,
    Desk,
    Language,
    Membership,
    Page,
    Person,
    Picture,
    Place,
    Site,
    Source,
    Topic,
    User,
)
from articles.publishing import Draft, Note, add_picture, begin_draft, issue_as_of, save_draft, save_page
from articles.publishing.add_picture import enter
from articles.publishing.clock import database_now

ADMINISTRATOR = "admin"


@dataclass
class Demo:
    """Loads everything once, in the order of time, by the verbs that the desk uses."""

    logins: dict[str, str]  # user name -> password
    pictures: dict[tuple[str, str], Picture] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)

    def load(self) -> None:
        self.texts = read(HERE / "newsroom.toml")
        self.picture_texts = read(HERE / "pictures" / "pictures.toml")
        self._reference_data()
        for event in bar(list(self._events()), "demo newsroom"):
            self._edition(event)
        cover(self.topics, self.articles, picture=self._picture, today=database_now().astimezone(ZONE), by=self.second)
        for table in read(HERE / "reports.toml")["reports"]:
            slug = next(slug for slug in self.articles if slug.startswith(table["story"]))
            self.reports.waiting(self.articles[slug], table)
        self._work_in_progress()
        curate(self.articles, self.texts["front"], by=self.chief)

    # --- what stories refer to --------------------------------------------------------------------------------

    def _reference_data(self) -> None:
        texts = self.texts
        self.admin = User.objects.create_superuser(ADMINISTRATOR, password=self.logins[ADMINISTRATOR])
        Site.objects.create(
            pk=1, **_names(texts["site"]), tagline=_hant(texts["site"], "tagline"),
            contact_email=texts["site"]["contact_email"],
        )  # fmt: skip
        self.desk = Desk.objects.create(
            slug="langtso", time_zone=ZONE.key, name="朗措編輯部", name_zh_hans="朗措编辑部", name_en="Langtso desk"
        )
        self.channels: dict[str, Channel] = {}
        for table in texts["channels"]:
            path = table["slug"]
            above, _, slug = path.rpartition("/")
            self.channels[path] = Channel.objects.create(
                slug=slug, parent=self.channels.get(above), order=table["order"],
                description=_hant(table, "description"), **_names(table),
            )  # fmt: skip
        self.topics = {
            table["slug"]: Topic.objects.create(
                slug=table["slug"], order=place, banner=_hant(table, "banner"), **_texts(table, "standfirst"),
                **_names(table),
            )
            for place, table in enumerate(texts["topics"])
        }  # fmt: skip
        self.sources = {
            table["slug"]: Source.objects.create(
                slug=table["slug"], url=table["url"], **_names(table),
                kind=Source.Kind.OWN if table["slug"] == "langtso-news" else Source.Kind.PARTNER,
            )
            for table in texts["sources"]
        }  # fmt: skip
        self.people = {
            table["slug"]: Person.objects.create(
                slug=table["slug"], **_texts(table, "biography"), **_texts(table, "line"), **_names(table)
            )
            for table in texts["people"]
        }
        self.places = {
            table["code"]: Place.objects.create(code=table["code"], **_names(table)) for table in texts["places"]
        }
        for table in texts["users"]:
            user = User.objects.create_user(
                table["username"], password=self.logins[table["username"]], is_staff=True,
                language=table["language"], person=self.people[table["person"]],
            )  # fmt: skip
            Membership.objects.create(desk=self.desk, user=user, role=table["role"])
        self.chief, self.second = (User.objects.get(username=name) for name in ("dazhen", "yinxiaoyan"))
        self.reports = Reports(chief=self.chief, editor=self.second)
        for table in texts["pages"]:
            page = Page.objects.get(slug=table["slug"])
            save_page(page, seen=0, by=self.admin, language="zh-Hant", title=table["title"], body=table["html"])

    def _picture(self, slug: str, language: str) -> Picture:
        key = slug, language
        if key not in self.pictures:
            texts = self.picture_texts[slug]
            column = language.lower().replace("-", "_")
            written = language if column in texts["alt"] else Language.ZH_HANT.value
            column = written.lower().replace("-", "_")
            words_of_it = {part: texts[part][column] for part in ("alt", "caption", "credit")} | {"language": written}
            twin = next((picture for (name, _), picture in self.pictures.items() if name == slug), None)
            if twin:  # the same files, described in another language
                picture = Picture(digest=twin.digest, width=twin.width, height=twin.height, widths=twin.widths,
                                  **words_of_it)  # fmt: skip
                enter(picture, by=self.admin)
            else:
                upload = (HERE / "pictures" / f"{slug}.jpg").read_bytes()
                picture = add_picture(upload, by=self.admin, **words_of_it)
            self.pictures[key] = picture
        return self.pictures[key]

    # --- stories ----------------------------------------------------------------------------------------------

    def _events(self) -> Iterator[Event]:
        today = database_now().astimezone(ZONE)
        events = []
        for path in sorted((HERE / "stories").glob("*.toml")):
            story = read(path)
            hour, minute = map(int, story["time"].split(":"))
            day = today - timedelta(days=story["days_ago"])
            first = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
            events.append(Event(first, path.stem, story))
            for later in story.get("later", []):
                story = _replaced(story, later.get("replace", []))
                events.append(Event(first + timedelta(hours=later["hours_later"]), path.stem, story, later))
        events += archive(today)
        # Loaded early in the day, this morning's stories would lie ahead: then all move back by a whole day, so that
        # each keeps its time of day.
        ahead = max(max(event.at for event in events) - today + timedelta(minutes=2), timedelta())
        ahead = timedelta(days=-(-ahead // timedelta(days=1)))
        for event in sorted(events, key=lambda event: (event.at, event.later is not None)):
            yield Event(event.at - ahead, event.slug, event.story, event.later)

    def _edition(self, event: Event) -> None:
        draft, later = self._draft(event.story), event.later or {}
        if event.later:
            article = self.articles[event.slug]
            article = save_draft(article, seen=article.version, by=self._editor(event.story), draft=draft)
        else:
            article = begin_draft(by=self._writer(event.story), draft=draft)
        self.articles[event.slug] = article
        withdrawn = "act" in later
        issue_as_of(
            article,
            at=event.at,
            by=self.chief if withdrawn else self._editor(event.story),
            second=self.second if withdrawn else None,
            loaded_by=self.admin,
            kind=later.get("kind"),
            note=later.get("note", ""),
            noted=[self._note(article, later, notice, event.at) for notice in later.get("notices", [])],
            keep_headline=later.get("keep_headline", True),
        )
        for report in (later or event.story).get("others", []):
            self.reports.old(article, report, first=event.at - timedelta(hours=later.get("hours_later", 0)))

    def _note(self, article: Article, later: Table, notice: Table, at: datetime) -> Note:
        values = {name: value for name, value in notice.items() if name != "supersedes"}
        report = later.get("report")
        reports = [self.reports.behind(article, report, at)] if report else []
        reply = (report["name"], report["reply"]) if report and "reply" in report else None
        superseded = article.corrections.first() if notice.get("supersedes") else None
        return Note(**values, ground=later.get("ground", ""), supersedes=superseded, reports=reports, reply=reply)

    def _writer(self, story: Table) -> User:
        person = self.people[(story.get("authors") or story["editors"])[0]]
        return User.objects.filter(person=person).first() or self.admin

    def _editor(self, story: Table) -> User:
        return User.objects.filter(person=self.people[story["editors"][0]]).first() or self.admin

    def _draft(self, story: Table) -> Draft:
        language = story["language"]
        # The demo names pictures by slug; a working copy names them by their key in the library.
        body = re.sub(
            r'data-picture="([a-z-]+)"',
            lambda match: f'data-picture="{self._picture(match[1], language).pk}"',
            re.sub(r">\s+<", "><", story["body"]),
        )
        roles = {"authors": Credit.Role.AUTHOR, "photographers": Credit.Role.PHOTOGRAPHER,
                 "translators": Credit.Role.TRANSLATOR, "editors": Credit.Role.EDITOR}  # fmt: skip
        return Draft(
            desk=self.desk,
            language=language,
            headline=story["headline"],
            kicker=story.get("kicker", ""),
            standfirst=story.get("standfirst", ""),
            body=body,
            channel=self.channels[story["channel"]],
            source=self.sources[story["source"]],
            topic=self.topics[story["topic"]] if story.get("topic") else None,
            lead_picture=self._picture(story["lead"], language) if story.get("lead") else None,
            lead_caption=words.one_line(story.get("lead_caption", "")),
            tags=story["tags"],
            places=[self.places[code].pk for code in story.get("places", [])],
            credits=[
                (self.people[person].pk, role.value)
                for column, role in roles.items()
                for person in story.get(column, [])
            ],
        )

    def _work_in_progress(self) -> None:
        """What a desk looks like in the middle of a day: drafts on their way, a public story with changes to come."""
        drafts = [begin_draft(by=self._writer(story), draft=self._draft(story)) for story in self.texts["drafts"]]
        users = {user.username: user for user in User.objects.all()}
        day_at_the_desk(drafts, chief=users["dazhen"], editor=users["yinxiaoyan"], reporter=users["nyima"])
        slug, article = next((slug, article) for slug, article in reversed(self.articles.items())
                             if article.editions.count() == 1)  # fmt: skip
        story = read(HERE / "stories" / f"{slug}.toml")
        changed = self._draft(story | {"kicker": (story.get("kicker") or story["headline"][:2]) + "·"})
        save_draft(article, seen=article.version, by=self._editor(story), draft=changed)


def _replaced(story: Table, pairs: list[list[str]]) -> Table:
    story = dict(story)
    for old, new in pairs:
        columns = [column for column in ("headline", "standfirst", "body") if old in story.get(column, "")]
        if len(columns) != 1:
            raise ValueError(f"“{old}” stands in {columns} of the story")
        story[columns[0]] = story[columns[0]].replace(old, new)
    return story


def _hant(table: Table, column: str) -> str:
    value = table.get(column, "")
    return value if isinstance(value, str) else value.get("zh_hant", "")


def _texts(table: Table, column: str) -> dict[str, str]:
    """A text in the site's own language, and in each other one that it is written in."""
    texts = table.get(column, {})
    return {column: _hant(table, column)} | {f"{column}_{language}": text for language, text in texts.items()
                                             if language != "zh_hant"}  # fmt: skip


def _names(table: Table) -> dict[str, str]:
    names = table["name"]
    return {"name": names["zh_hant"]} | {f"name_{language}": name for language, name in names.items()}
