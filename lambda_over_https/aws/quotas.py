"""What AWS lets an account have, and how many requests a second it takes; an account can ask for more.

Sources: each service's page of quotas (API Gateway, DynamoDB, IAM). For the rates of calls see
``waiting.rates``; for the sizes of policies see ``policies.sizes``.
"""

REST_APIS = 600
"""Regional REST APIs in a Region."""

TABLES = 2500
"""DynamoDB tables in a Region."""

ROLES = 1000
"""IAM roles of the account."""

REQUESTS_A_SECOND = 10_000
"""Requests a second to all APIs of the account in a Region."""
