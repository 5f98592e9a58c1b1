"""What the students of a class may do, and IAM users for them where there is no better way."""
