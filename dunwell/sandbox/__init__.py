"""The sandbox: QuickBooks Online and Xero on loopback, for the demo, trainings, and every test of a connector.

It imports nothing of ours, so that it can disagree with us: what it knows of the platforms it has from their documents
and from recorded answers. It never reads the machine's clock; whoever starts it passes one (`clock.Clock`), and as that
clock moves, business goes on: invoices are issued, payments arrive.

    with Sandbox(clock, seed=1) as sandbox:          # a real socket; sandbox.url is "http://localhost:49152"
        tokens = sandbox.quickbooks.tokens()         # for `dunwell connect --token-file`
        sandbox.faults.add("minute_limit", platform="quickbooks", path="/query", times=2)
        sandbox.quickbooks.pay("1042")               # money arrives early
        sandbox.quickbooks.truth()                   # what is really owed

Where to start reading, from the inside out:

`story/`   what happens to an invented company, in words of neither platform, from seed and start day alone.
`books/`   the state: neutral records, how they change, what follows from them; `player` lets the story happen in them.
`quickbooks/`, `xero/` the dialects: how each shows and changes those records, what it refuses, its OAuth, its errors.
`oauth/`, `faults`, `limits`   what the dialects share, with the platforms' differences as data.
`web/`, `server`   HTTP: a request becomes a `Call`, meets the faults, and its dialect makes an `Answer`.
`control`, `control_desk`      what only the owner may do, from Python or under `/_sandbox/`.
`webhooks`, `announcing`       messages with their signatures, and sending them to whoever subscribed.
`traffic`  counts of calls and bytes. `dice`  numbers that repeat.

A dialect plugs in with one line in `server.PLATFORMS`: the `Plot` of its story (`story.company` has both) and a class
with the methods of `dialect.Dialect`. It gets a `Ledger` (books, clock, limiter, switches), makes an `oauth.desk.Desk`
from its `oauth.rules.Rules`, and answers `Call`s of its paths with `Answer`s. It keeps what only its platform knows in
a record's `fields`, turns the neutral ids into its own, and writes through `Books`, so that figures, control and story
stay true. What one platform has and the other has not is told apart by `Plot` and `Company`: drafts, currencies,
refunds, deposits, sub-customers, over- and prepayments (`Payment.surplus`, and `Allocation.later` for what was
allocated out of them). What QuickBooks keeps as a payment of 0 (a credit applied) is an allocation with a `credit_id`:
Xero shows it with the credit note alone. What QuickBooks keeps as one payment of several invoices is a batch in Xero.

Requests are answered one at a time under the ledger's lock. Nothing is kept when the process ends.
"""
