"""What is not wrong and still not meant. `draft` is what the lints look at; `renamed` needs the strategy as it was."""
