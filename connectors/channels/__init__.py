"""Ways to reach people: each module is a `connectors.base.Channel`.

`mail` makes the exact bytes of an email and reads its envelope back from them; `smtp` hands them to a mail server,
`folder` to a folder, for dry runs. Start with `mail`.
"""
