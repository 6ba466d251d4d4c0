"""Tests of the Xero dialect."""
