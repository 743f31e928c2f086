"""Rows 1 and 2: pages that are kept."""

from contextlib import ExitStack

from benchmarks.bench import Bench, fill
from benchmarks.references import nginx_as_shipped
from benchmarks.results import Figure, Row
from benchmarks.running import Broken, Rate, get

PAGES = {"front": "/", "channel": "/c1/", "feed": "/feed.rss"}
NGINX, CONSTANT = "nginx, plain file", "Django, constant view"
WAGTAIL, CACHED = "Wagtail, article", "Wagtail, article from its page cache"


def embedded(bench: Bench, row: Row) -> None:
    row.conditions["stories"] = f"{bench.options.large:,}"
    with ExitStack() as stack:
        cells, ours = {}, []
        page = b""
        for engine in bench.engines(row):
            seeded = bench.databases.seeded(engine, bench.options.large)
            room = stack.enter_context(bench.newsroom(seeded))
            stories = seeded.facts["rotated"]["stories"]
            fill(room.port, [*stories, *PAGES.values()])
            if not [*(seeded.folder / "pages").rglob(".page.gz")]:
                raise Broken("nothing was kept: is PAGE_STORE empty?")
            if not page:
                page = get(room.port, stories[0])[1]
                row.conditions["story page"] = f"{len(page):,} bytes"
                constant = stack.enter_context(bench.yardstick(seeded, page))
                cells[CONSTANT] = bench.rate(constant.port, "/")
            cells[f"story, {engine}"] = bench.rate(room.port, *stories)
            cells |= {f"{name}, {engine}": bench.rate(room.port, path) for name, path in PAGES.items()}
            ours += [name for name in cells if name.endswith(engine)]
        if not ours:
            return
        if bench.has(row, NGINX, "nginx"):
            files = {f"/story/{number}.html": page for number in range(len(stories))}
            cells[NGINX] = bench.rate(stack.enter_context(bench.plain_files(files)), *files)
        if peer := bench.wagtail(row):
            for cached, title in ((False, "Wagtail"), (True, "Wagtail from its page cache")):
                server = stack.enter_context(peer.serving(cached=cached))
                fill(server.port, [*peer.articles, peer.home, peer.channel, peer.feed])
                cells[WAGTAIL if not cached else CACHED] = bench.rate(server.port, *peer.articles)
                for name, path in (("home", peer.home), ("channel", peer.channel), ("RSS", peer.feed)):
                    cells[f"{title}, {name}"] = bench.rate(server.port, path)
            row.conditions["Wagtail"] = peer.version
        found = bench.rounds(cells, row)
        add(row, found, ours)
        slowest = min(ours, key=lambda name: found[name].rate)
        for reference, wanted in ((WAGTAIL, 100), (CACHED, 10), (CONSTANT, 5), (NGINX, 0.25)):
            row.compare(slowest, reference, wanted, what=f"the slowest ({slowest}) ÷ {reference}")


def behind_nginx(bench: Bench, row: Row) -> None:
    row.conditions["stories"] = f"{bench.options.large:,}"
    engines = bench.engines(row)
    if not engines or not bench.has(row, "all", "nginx"):
        return
    seeded = bench.databases.seeded(engines[0], bench.options.large)
    with ExitStack() as stack:
        room = stack.enter_context(bench.newsroom(seeded))
        stories = seeded.facts["rotated"]["stories"]
        try:
            port = stack.enter_context(nginx_as_shipped(seeded.folder / "pages", room.port, bench.folder))
        except Broken as error:
            row.left_out.append(f"all: {error}")
            return
        shown = {"story": stories, "front": ["/"], "channel": ["/c1/"]}
        cells = {}
        for name, paths in shown.items():
            fill(room.port, paths)
            files = {f"/{name}/{number}.html": get(room.port, path)[1] for number, path in enumerate(paths)}
            plain = stack.enter_context(bench.plain_files(files))
            cells[f"{name}, shipped nginx"] = bench.rate(port, *paths, host="127.0.0.1")
            cells[f"{name}, nginx, plain file"] = bench.rate(plain, *files)
        add(row, bench.rounds(cells, row), [name for name in cells if name.endswith("shipped nginx")])
        # A front tells the day, and ends with it: what has a time comes from the newsroom, through nginx.
        row.conditions["front"] = "ends at midnight, so the newsroom itself sends it"
        for name in ("story", "channel"):
            row.compare(f"{name}, shipped nginx", f"{name}, nginx, plain file", 0.9)


def add(row: Row, found: dict[str, Rate], ours: list[str]) -> None:
    for name, rate in found.items():
        row.figures.append(Figure(name, rate.rate, "requests/s", rate.p50, rate.p95, reference=name not in ours))
