"""How colleagues come in: second factors, and the tries that limits are counted by."""

from django.conf import settings
from django.db import models


class AuthenticatorApp(models.Model):
    """A colleague's authenticator app (TOTP): the secret that it shares with us, and the last of its codes taken."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticator_app")
    secret = models.CharField(max_length=300)  # sealed with the SECRET_KEY: useless to who has the database alone
    last_step = models.BigIntegerField(default=0)  # half minutes since 1970; no code of it or before counts again
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user}"


class Passkey(models.Model):
    """A device or security key (WebAuthn) by which a colleague proves who they are."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)  # as its owner calls it
    credential = models.CharField(max_length=1400, unique=True)  # its key with us, base64url
    public_key = models.TextField()  # attested credential data, base64url
    uses = models.BigIntegerField(default=0)  # as the device counts them, if it does
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """Stands once for a second factor that was lost. Only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="one_recovery_code_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.user}"


class Try(models.Model):
    """A try to come in that has not succeeded; kept for an hour, with keyed digests of account and place."""

    class Kind(models.TextChoices):
        PASSWORD = "password"  # noqa: S105
        CODE = "code"
        PASSKEY = "passkey"
        RESET = "reset"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)  # or, where the account has come in by it before, of the browser
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "account", "at"], name="try_by_account"),
            models.Index(fields=["kind", "address", "at"], name="try_by_address"),
        ]

    def __str__(self) -> str:
        return self.kind


class PasswordRequest(models.Model):
    """Somebody has asked for a new password by e-mail; the worker answers, if anybody has the address."""

    email = models.CharField(max_length=254)
    language = models.CharField(max_length=10)  # of the page it was asked on
    at = models.DateTimeField(db_index=True)
    claimed_at = models.DateTimeField(null=True)  # by a worker that is sending

    def __str__(self) -> str:
        return f"{self.at}"
