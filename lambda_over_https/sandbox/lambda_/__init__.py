"""Lambda's data plane: functions, their worker processes, the Runtime API."""
