"""HTTP on loopback: `host` serves an app in a thread, `gate` takes requests to their dialects, by way of the faults."""
