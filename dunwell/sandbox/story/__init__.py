"""The story: what would have happened to an invented company, day by day, before and after the day the sandbox starts.

`events` are what happens, in words of neither platform. `company` says whose story it is and what can happen there
(several currencies, sub-customers, drafts). `names` invents firms, `habits` says when each pays, `cast` puts the
customers together, `script` writes their events; `incidents` are the ones that every training needs to meet.

A story follows from seed, company and start day alone, and more weeks never change the earlier ones. It is a plan: the
player in `books` skips what can no longer happen because somebody changed the books by hand.
"""
