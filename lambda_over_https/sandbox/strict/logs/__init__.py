"""CloudWatch Logs: filter patterns and Insights queries."""
