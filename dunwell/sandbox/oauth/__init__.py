"""OAuth 2 as both platforms do it, with their differences as data.

`rules` says what differs, `grants` keeps consents, codes and tokens by the sandbox's clock, `desk` is the HTTP side:
a consent page, the token endpoint, revocation. A dialect makes one `Desk` and sends it the calls of its OAuth paths.
"""
