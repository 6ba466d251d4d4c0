"""Xero: its dialect, and nothing that another platform would share.

`connector` implements `connectors.base.Connector`; `sdk` holds every import of xero-python, which is used for what it
knows (paths, parameters, headers); `bodies` and `records` map what was read to `strategy.model`; `faults` says what
an answer means; `writing` posts to the books. Facts without another source are Xero's OpenAPI 16.1.0 and its pages as
of 2026-11-21.
"""
