"""QuickBooks Online: its dialect, and nothing that another platform would share.

`connector` implements `connectors.base.Connector`; `sdk` holds every import of python-quickbooks, which is used for
what it knows (paths, parameters, the upload's multipart form); `records` maps what was read to `strategy.model`;
`faults` says what an answer means. Facts without another source are Intuit's documentation as of 2026-11-21.
"""
