"""What else runs functions: function URLs, asynchronous events and event source mappings."""
