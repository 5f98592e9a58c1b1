"""What a request passes before its integration: policy, keys and throttles, validation, the cache."""
