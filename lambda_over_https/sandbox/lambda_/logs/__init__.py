"""What is logged of a function: what its worker writes, and what Lambda itself adds."""
