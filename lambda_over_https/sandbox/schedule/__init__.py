"""What fires by the clock: EventBridge rules with a schedule, and EventBridge Scheduler."""
