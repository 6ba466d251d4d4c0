"""The commands, by subject. Each module has the click commands of its subject and little else: what they do is done by
`sync`, `strategy`, `dunwell.agreements` and `dunwell.checking`.
"""
