"""Putting it together: the one place that names a platform, a channel and the tokens' file.

`house` opens everything of one config.toml, `platforms` and `channels` know what a platform and a channel are made of.
What opens sockets is imported only when one is opened: an SDK when a ledger of its platform is worked on, HTTP when a
platform is asked.
"""
