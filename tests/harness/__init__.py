"""What the tests stand on: two databases, a real web server, a browser. The fixtures are in tests/conftest.py."""
