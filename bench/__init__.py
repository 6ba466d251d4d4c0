"""Figures, each as a ratio to a floor that is measured in the same run: `make bench`.

`company` makes up the books, `quickbooks` and `xero` tell them as the platforms do, and `server` serves that from a
process of its own. `floor` and `pull` are what is compared: each fills an empty database, `once` runs one of them in a
fresh process and takes its `figures`. `measuring` runs them in turns and looks whether both ended with the same books.
Start reading at `floor`.
"""
