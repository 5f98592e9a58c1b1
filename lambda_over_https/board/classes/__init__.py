"""The board of a class: a tile for each student, from looks at the account."""
