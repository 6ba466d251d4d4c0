"""The QuickBooks dialect of the sandbox."""
