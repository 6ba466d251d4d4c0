"""Cassettes of both SDKs over our transport: what went over the wire, recorded from our own sandbox, without secrets.

`journey` is what is asked, `tape` how it is kept and cleaned, `looking` what must not be in it, `record` the command
that records all anew. They are replayed with no socket open in tests/connectors/test_cassettes.py.
"""
