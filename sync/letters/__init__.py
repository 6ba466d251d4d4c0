"""Letters: decisions turned into words, and balances into statements.

- what a letter may speak of, formatted in its language: `fields`, which rests on `figures` (Babel) and `words`
- a letter's own text: `check` says every mistake in it before anything runs, `render` makes the text and the HTML
- statements of `strategy.statement`: `sheet` puts them into words, `statement_pdf`, `statement_html` and
  `statement_json` are three forms of the same figures
- beside them, as package data: `layout.html` for mail and `statement.html`, read by `layouts`, and `statement.typ`

What customers, platforms and consultants wrote comes in as data and stays data: it is never HTML, Jinja or Typst.
Start with `fields`.
"""
