"""REMEMBER: the database, and moving things both ways between it, the books and people.

`store/` holds every line of SQL. `pull` brings the books into the mirror, `tie_out` compares them with the platform's
own balances, `accounts` loads what deciding needs (`any_day`: on any day), `outbox` keeps what waits to leave,
`dispatch` lets it leave once, `writeback/` tells the books, `letters/` turns decisions into words, `cycle` strings all
of it together: start there.

Sync knows connectors by their contracts (`connectors.base`, `errors`, `limits`), never a platform.
"""
