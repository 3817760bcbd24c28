"""Signing in: passwords, second factors, passkeys, sessions, links, tokens; and what an approval proves."""
