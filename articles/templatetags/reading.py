"""Dates in templates (articles/site/dates.py), what readers may do with a story (tools.py), what machines are told."""

from django import template

from articles.site import dates, machines, pieces, tools

register = template.Library()

for show in (dates.day, dates.month, dates.shortday, dates.longday, dates.clock, dates.minute, dates.iso):
    # Not converted to the current zone first: a moment is shown in the zone that it carries.
    register.filter(show.__name__, show, expects_localtime=False)

for tool in (tools.voices, tools.by_mail):
    register.filter(tool.__name__, tool)

for piece in (pieces.card, pieces.cards, pieces.lines, pieces.masthead, pieces.footer):
    register.simple_tag(piece, takes_context=True)

register.simple_tag(machines.head, takes_context=True)
register.simple_tag(pieces.file)
