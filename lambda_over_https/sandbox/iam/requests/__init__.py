"""What a call asks for: its actions on resources, and the condition keys that it and they have."""
