"""``python -m lambda_over_https``."""

from lambda_over_https.cli import main

if __name__ == "__main__":
    main()
