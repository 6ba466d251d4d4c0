"""Everything that is wrong, missing or odd, found at once and told as values; `dunwell check` shows them.

`findings` says what a finding is, `settings` looks at config.toml and the key, `texts` at strategies and letters,
`ledgers` at what each ledger needs before anybody is written to, `customers` at what letters to them lack. Start with
`everything`.
"""
