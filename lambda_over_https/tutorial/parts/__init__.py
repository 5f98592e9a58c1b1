"""What steps are made of: what a step, a part and a chapter is, and what several of them look at."""
