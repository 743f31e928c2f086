"""Where letters are handed in: by TLS, but on this machine; a wrong address stops the start and repeats no password."""

import pytest

from newsroom.environ import MailServer, Misconfigured, mail_from, mail_server

USABLE = {
    "": MailServer(),
    "smtps://desk:geheim@mail.example": MailServer("mail.example", 465, "desk", "geheim", tls=True),
    "smtps://desk:a%40b%2Fc@mail.example:2465": MailServer("mail.example", 2465, "desk", "a@b/c", tls=True),
    "smtp://desk:geheim@mail.example": MailServer("mail.example", 587, "desk", "geheim", starttls=True),
    "smtp://mail.example:25/": MailServer("mail.example", 25, starttls=True),
    "smtp://localhost": MailServer("localhost", 25),
    "smtp://127.0.0.1:1025": MailServer("127.0.0.1", 1025),
}
UNUSABLE = ["mail.example", "http://mail.example", "smtp://", "smtp://desk:geheim@", "smtp://h:0", "smtp://h:99999",
            "smtp://desk@h", "smtp://h/inbox", "smtp://desk:geheim@h?tls=no", "smtps://[h"]  # fmt: skip


@pytest.mark.parametrize("value", USABLE)
def test_an_address_says_how_to_speak_to_the_server(value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SMTP_URL", value)
    assert mail_server("SMTP_URL") == USABLE[value]


@pytest.mark.parametrize("value", UNUSABLE)
def test_an_address_that_cannot_be_used_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SMTP_URL", value)
    with pytest.raises(Misconfigured, match="SMTP_URL cannot be used") as refused:
        mail_server("SMTP_URL")
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("value", ["desk@news.example", "朗措新聞 <desk@news.example>"])
def test_letters_come_from_an_address(value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAIL_FROM", value)
    assert mail_from("MAIL_FROM", server=MailServer("mail.example")) == value


@pytest.mark.parametrize("value", ["", "desk", "desk@", "a@b\r\nBcc: c@d", "a@b c@d"])
def test_a_server_without_an_address_to_write_from_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAIL_FROM", value)
    with pytest.raises(Misconfigured, match="MAIL_FROM"):
        mail_from("MAIL_FROM", server=MailServer("mail.example"))


def test_without_a_server_nothing_is_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MAIL_FROM", raising=False)
    assert mail_from("MAIL_FROM", server=MailServer()) == ""
