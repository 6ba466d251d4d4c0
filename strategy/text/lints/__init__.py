"""What is not wrong and still not meant. `draft` is what the lints look at; `measured` has those that need more."""
