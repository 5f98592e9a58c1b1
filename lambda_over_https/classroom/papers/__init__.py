"""What is handed out and handed in: pages for the students, and their reports."""
