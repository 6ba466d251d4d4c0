"""From the text of a strategy to the strategy, or to everything that is wrong with it.

Start with `parse.parse`: a text in, a `rules.Strategy` or all mistakes out, in one pass. On the way:

- any TOML text that a person writes, config.toml too: `lines` (where each setting stands), `nodes` (values with their
  places), `mistakes` (what is wrong, where, what would be right), `kinds` (what a value may be), `table` (a table of
  settings read by a list of keys)
- the grammars inside texts: `grammar.at` for days, `grammar.condition` for conditions, `grammar.facts` for what
  conditions may test, `grammar.implies` for what two conditions have to do with each other
- a strategy's own tables: `parts.keys` lists every setting there is, the others read them; `parts.inherit` merges
- what is not wrong and still not meant: `lints`, and `letters` for lints that read letters
- `reference` prints docs/strategy.md from the same lists; `version` is the strategy's hash
"""
