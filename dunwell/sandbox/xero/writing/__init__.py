"""Writing: what comes in is read (`incoming`), checked, and saved in the books; what does not fit raises `wire.Unfit`.

Like the API, this ignores properties it does not know, and refuses values that are not of their property's type. The
sentences of refusals are Xero's where one was recorded or stands in an official example.
"""
