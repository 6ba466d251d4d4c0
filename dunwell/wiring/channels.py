"""The channels that settings name."""

from connectors.base import Channel
from dunwell.config import secret
from dunwell.config.records import Mail


def mail(settings: Mail) -> Channel:
    """What carries e-mail: a folder, for looking at, or a relay. No secret is fetched before it is needed."""
    from connectors.channels.folder import Folder
    from connectors.channels.smtp import Relay, Security, SignIn, Smtp

    if settings.folder is not None:
        return Folder(settings.folder)
    password = settings.password
    sign_in = None
    if settings.user is not None and password is not None:
        sign_in = SignIn(
            user=settings.user, secret=lambda: secret.fetch(password, "mail password"), oauth=settings.oauth
        )
    return Smtp(Relay(host=settings.host, port=settings.port, security=Security(settings.security), sign_in=sign_in))
