"""Writing: what is checked of every request, and how customers, documents, payments and attachments are saved."""
