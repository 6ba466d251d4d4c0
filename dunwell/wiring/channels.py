"""The channels that settings name."""

from connectors.base import Channel
from connectors.errors import SetRight
from dunwell.config import secret
from dunwell.config.records import Mail, Secret
from dunwell.config.secret import NoSecret


def mail(settings: Mail) -> Channel:
    """What carries e-mail: a folder, for looking at, or a relay. No secret is fetched before it is needed."""
    from connectors.channels.folder import Folder
    from connectors.channels.smtp import Relay, Security, SignIn, Smtp

    if settings.folder is not None:
        return Folder(settings.folder)
    password = settings.password
    sign_in = None
    if settings.user is not None and password is not None:
        sign_in = SignIn(user=settings.user, secret=lambda: _password(password), oauth=settings.oauth)
    return Smtp(Relay(host=settings.host, port=settings.port, security=Security(settings.security), sign_in=sign_in))


def _password(kept: Secret) -> str:
    """In the channel's own words: one that is missing stops the sending, and says nothing of a message."""
    try:
        return secret.fetch(kept, "mail password")
    except NoSecret as error:
        raise SetRight(str(error)) from None
