"""The web process, `dunwell serve`: HTTP in, behind a proxy that speaks TLS.

`routes` is the one list of what answers. `app` makes an application of it, with `manners` around every answer;
`serving` listens and stops. Whoever reaches this process can reach what it holds, so it holds little: it reads and
writes the database, and opens neither the tokens' file nor a platform. Heavy work is left to the commands that a
schedule runs.
"""
