"""What a person chooses for themselves: the language of the desk, and whether notices come by e-mail too."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as now

from articles.desk.base import desk_page
from articles.models import User


class SettingsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language", "mail_alerts"]


def page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=SettingsForm.Meta.fields)
        messages.success(request, now("Saved."))
        return HttpResponseRedirect(reverse("desk-settings"))
    return desk_page(
        request,
        "desk/settings.html",
        title=now("My settings"),
        form=form,
        email=user.email,
        sends_mail=bool(settings.EMAIL_HOST),
    )


settings_page = admin.site.admin_view(page)
