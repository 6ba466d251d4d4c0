"""Our requests before a mock server that others wrote, started on the contract that Xero wrote: `make contract`.

The connector is asked for everything it can do (`asking`), over its own transport and a real socket (`wire`). At the
other end is Prism (`mock`), which refuses what the contract does not allow. `patches` names each place where the
contract it is started on is not the official one. Prism is no Python, so these tests are not among those of `make
test`; `package.json` and its lock say which one it is.
"""
