"""Settings: the one place that reads `config.toml` and the environment.

`locating` finds the file, `keys` lists every setting with its default, `reading` makes records of it or tells all
mistakes at once, `secret` fetches what the file only names, `records` are what comes out. Strategies and letters are
files of their own, found by `library`.
"""
