"""The small grammars inside a strategy's texts: days (`at`) and conditions, with the facts that conditions test."""
