"""The objects as Xero shows them. Keys as in the contract and in recorded answers, in their order."""
