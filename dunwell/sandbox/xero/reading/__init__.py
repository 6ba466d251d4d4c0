"""Reading: the shelf of all objects, filters and pages, history, the aged report."""
