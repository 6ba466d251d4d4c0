"""Recorded and official bodies, read by our connectors and compared field by field with a reading of their own.

`quickbooks` and `xero` find them and have `playing` serve them over loopback to a connector. `plain_quickbooks` and
`plain_xero` say for each field of a record what it must be: tables that share no code with the connectors.
`comparing` holds one against the other, `faults` lists the refusals.

`python -m tests.connectors.recorded` prints how much was compared.
"""
