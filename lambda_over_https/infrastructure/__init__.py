"""A deployment as infrastructure as code: described once, written as AWS SAM and as Terraform.

The story: ``symbols`` is a stack whose names, account and ids are symbols. ``describing`` rehearses the
steps on it, so that each call says by itself where a name or an ARN of another resource stands in it.
``reading`` makes resources of these calls, ``api`` an OpenAPI document of those that build the API. What
comes out is a ``description``. ``sam`` and ``terraform`` each write it in their own language; ``folder`` puts
it on disk with the handler and a README.
"""
