"""The words in which a story tells what happens: each a pattern, and what it does to the books of the story."""
