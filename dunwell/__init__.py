"""ENTER: argv, environment, clock and HTTP in.

`cli/` is the command line, `config` reads settings, `clock` tells the time, `wiring` is the one place that names a
platform, `web/` is what `dunwell serve` answers with, `demo` plays six weeks, `sandbox/` is both platforms on loopback
and imports nothing of ours.
"""
