-- what was asked of a platform is counted in a database of its own, call by call (schema/budgets)
DROP TABLE usage
