"""Reading: the shelf of all objects, the query language, change data capture, reports."""
