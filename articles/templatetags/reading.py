"""Dates in templates (articles/site/dates.py)."""

from django import template

from articles.site import dates

register = template.Library()

for show in (dates.day, dates.month, dates.shortday, dates.longday, dates.clock, dates.minute, dates.iso):
    # Not converted to the current zone first: a moment is shown in the zone that it carries.
    register.filter(show.__name__, show, expects_localtime=False)
